//! What kind of comment it is: praise, query, complaint, journalist, data rights, spam. The classes that follow from
//! findings (abuse, safeguarding, allegation) are the policy's business.

use schoolgate_model::{CheckFailure, CommentClass, Meter, Span};

use super::reading::{HINTED, LIKELY_OF_A_PART, is_concern, is_prose};
use crate::{
    lexicon::{Direction, Lexicon, Prepared, Rule, Subject},
    surface::SurfaceText,
    tongue,
    wording::{Reading, SIDE_ASKS, SIDE_PRESS, SIDES},
};

/// Where praise, a query and a complaint stand among the model's sides.
const PRAISE: usize = 0;
const QUERY: usize = 1;
const COMPLAINT: usize = 2;

/// How likely the wording model must hold each of them where no rule speaks for it, and how likely where one does. The
/// model has learnt from few of them and is never sure.
const SURE: [f32; 3] = [0.15, 0.6, 0.15];
const POSSIBLE: [f32; 3] = [0.05, 0.08, 0.01];

/// The same of a complaint in the words of thanks, which the model has mostly learnt as thanks.
const POSSIBLE_SARCASM: f32 = 0.001;

/// How likely the model must hold it that somebody from the press writes, where no rule says so.
const PRESS: f32 = 0.6;

/// Fewer words are left to the rules.
const FEWEST: usize = 3;

/// How likely or unlikely it must be that who writes asks for help, for the model to have a say: most do.
const ASKS: f32 = 0.9;
const DOES: f32 = 0.6;

/// What the wording says of a comment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommentCues {
    /// The classes that its words speak for, in the contract's order; several may hold, none is possible.
    pub classes: Vec<CommentClass>,
    /// Whether who writes of harm tells of it and waits for help (`true`) or does it (`false`); `None` = it does not say.
    pub asks: Option<bool>,
}

/// The kind of a complaint that borrows the words of praise.
const SARCASM: &str = "sarcasm";

/// The kind of thanks: a courtesy where something else is asked, wanted or criticised.
const THANKS: &str = "thanks";

/// The kind of warm words that are praise only where nothing is asked or criticised.
const WARM: &str = "warm";

/// The kind of a question written with its mark.
const MARKED: &str = "marked";

/// What the words of a comment speak for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Evidence {
    compliment: bool,
    thanks: bool,
    warm: bool,
    marked: bool,
    query: bool,
    complaint: bool,
    sarcasm: bool,
    journalist: bool,
    data_rights: bool,
    spam: bool,
    /// How likely the wording model holds praise, a query and a complaint, where it can read the text.
    likely: Option<[f32; 3]>,
}

impl Evidence {
    fn add(&mut self, rule: &Rule) {
        let Subject::Class(class) = rule.subject else {
            return;
        };
        match (class, rule.kind.as_deref()) {
            (CommentClass::Praise, Some(THANKS)) => self.thanks = true,
            (CommentClass::Praise, Some(WARM)) => self.warm = true,
            (CommentClass::Praise, _) => self.compliment = true,
            (CommentClass::Query, Some(MARKED)) => (self.marked, self.query) = (true, true),
            (CommentClass::Query, _) => self.query = true,
            (CommentClass::Complaint, Some(SARCASM)) => self.sarcasm = true,
            (CommentClass::Complaint, _) => self.complaint = true,
            (CommentClass::Journalist, _) => self.journalist = true,
            (CommentClass::DataRights, _) => self.data_rights = true,
            (CommentClass::Spam, _) => self.spam = true,
            _ => {}
        }
    }

    /// Whether the rules and the model together bear a class out.
    fn bears(&self, ruled: bool, side: usize) -> bool {
        match self.likely {
            Some(likely) if ruled => likely[side] >= POSSIBLE[side],
            Some(likely) => likely[side] >= SURE[side],
            None => ruled,
        }
    }

    /// Whether the class holds, given everything else that the words speak for. A request under data-protection law or
    /// from the press takes the form of a question and ends with thanks; that makes it neither.
    fn holds(&self, class: CommentClass) -> bool {
        let sarcastic = |likely: [f32; 3]| likely[COMPLAINT] >= POSSIBLE_SARCASM;
        let complains = self.bears(self.complaint, COMPLAINT)
            || self.sarcasm && self.likely.is_none_or(sarcastic);
        let business = self.journalist || self.data_rights || self.spam;
        match class {
            CommentClass::Spam => self.spam,
            CommentClass::Journalist => self.journalist,
            CommentClass::DataRights => self.data_rights,
            CommentClass::Complaint => complains && !business,
            CommentClass::Query => {
                let query = self.query && !self.sarcasm && (self.marked || !complains);
                self.bears(query, QUERY) && !business
            }
            CommentClass::Praise => {
                let meant = self.compliment || ((self.thanks || self.warm) && !self.query);
                self.bears(meant, PRAISE) && !complains && !business
            }
            _ => false,
        }
    }
}

/// What the words of a comment speak for, as the rules and the wording model read them. Praise that a sarcastic complaint
/// is made of does not count.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_classes(
    text: &SurfaceText,
    lexicon: &Lexicon,
    meter: &Meter,
) -> Result<CommentCues, CheckFailure> {
    let prepared = lexicon.prepare(text, meter)?;
    let rules = lexicon.rules_that_hold(
        &prepared,
        |rule| matches!(rule.subject, Subject::Class(_)) && rule.direction != Direction::Draft,
        meter,
    )?;
    let readings = if is_prose(text.surface()) {
        lexicon.readings(&prepared, meter)?
    } else {
        &[]
    };
    let long = readings
        .iter()
        .filter(|(_, reading)| reading.words >= FEWEST);
    let sides = likeliest(long.map(|(_, reading)| reading));
    let mut evidence = Evidence {
        likely: sides.map(|[praise, query, complaint, ..]| [praise, query, complaint]),
        ..Evidence::default()
    };
    rules.iter().for_each(|rule| evidence.add(rule));
    // who asks for what is held about them is no press
    let press = sides.is_some_and(|sides| sides[SIDE_PRESS] >= PRESS);
    evidence.journalist |= press && !evidence.data_rights;
    let spoken = match prepared.spoken.get() {
        Some(known) => known.clone(),
        None => tongue::Reading::of(text, lexicon.tongues(), meter)?.classes(),
    };
    let concerned = readings
        .iter()
        .any(|(_, reading)| is_concern(reading, evidence.data_rights));
    let concern = concerned && is_hinted_at(readings, lexicon, &prepared, meter)?;
    let holds = |class: CommentClass| {
        evidence.holds(class)
            || spoken.contains(&class)
            || (class == CommentClass::Safeguarding && concern)
    };
    Ok(CommentCues {
        classes: CommentClass::ALL
            .iter()
            .copied()
            .filter(|class| holds(*class))
            .collect(),
        asks: sides.and_then(|sides| match sides[SIDE_ASKS] {
            asks if asks >= ASKS => Some(true),
            asks if asks <= DOES => Some(false),
            _ => None,
        }),
    })
}

/// Whether some part of a comment reads like something urgent, or the comment as a whole a little. A long tale has
/// some sentence that reads like harm by itself.
fn is_hinted_at(
    readings: &[(Span, Reading)],
    lexicon: &Lexicon,
    prepared: &Prepared,
    meter: &Meter,
) -> Result<bool, CheckFailure> {
    let likely = |(_, reading): &(Span, Reading)| reading.urgent >= LIKELY_OF_A_PART;
    if readings.len() < 2 || readings.iter().any(likely) {
        return Ok(true);
    }
    let whole = lexicon.urgent_as_a_whole(prepared, meter)?;
    Ok(whole.is_none_or(|urgent| urgent >= HINTED))
}

/// The likeliest of each side in any window.
fn likeliest<'r>(readings: impl Iterator<Item = &'r Reading>) -> Option<[f32; SIDES.len()]> {
    let larger = |one: [f32; SIDES.len()], other: [f32; SIDES.len()]| {
        std::array::from_fn(|at| one[at].max(other[at]))
    };
    readings.map(|reading| reading.sides).reduce(larger)
}
