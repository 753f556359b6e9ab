//! What kind of comment it is: praise, query, complaint, journalist, data rights, spam. The classes that follow from
//! findings (abuse, safeguarding, allegation) are the policy's business.

use schoolgate_model::{CheckFailure, CommentClass, Meter};

use super::reading::{is_concern, is_prose};
use crate::{
    lexicon::{Direction, Lexicon, Rule, Subject},
    surface::SurfaceText,
    tongue,
};

/// The kind of a complaint that borrows the words of praise.
const SARCASM: &str = "sarcasm";

/// The kind of thanks: a courtesy where something else is asked, wanted or criticised.
const THANKS: &str = "thanks";

/// The kind of warm words that are praise only where nothing is asked or criticised.
const WARM: &str = "warm";

/// The kind of a question written with its mark.
const MARKED: &str = "marked";

/// What the words of a comment speak for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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

    /// Whether the class holds, given everything else that the words speak for. A request under data-protection law or
    /// from the press takes the form of a question and ends with thanks; that makes it neither.
    fn holds(&self, class: CommentClass) -> bool {
        let complains = self.complaint || self.sarcasm;
        let business = self.journalist || self.data_rights || self.spam;
        match class {
            CommentClass::Spam => self.spam,
            CommentClass::Journalist => self.journalist,
            CommentClass::DataRights => self.data_rights,
            CommentClass::Complaint => complains && !business,
            CommentClass::Query => {
                self.query && !business && !self.sarcasm && (self.marked || !self.complaint)
            }
            CommentClass::Praise => {
                let meant = self.compliment || ((self.thanks || self.warm) && !self.query);
                meant && !complains && !business
            }
            _ => false,
        }
    }
}

/// The classes that the words of a comment speak for, in the contract's order; several may hold, none is possible.
/// Praise that a sarcastic complaint is made of does not count.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_classes(
    text: &SurfaceText,
    lexicon: &Lexicon,
    meter: &Meter,
) -> Result<Vec<CommentClass>, CheckFailure> {
    let prepared = lexicon.prepare(text, meter)?;
    let rules = lexicon.rules_that_hold(
        &prepared,
        |rule| matches!(rule.subject, Subject::Class(_)) && rule.direction != Direction::Draft,
        meter,
    )?;
    let mut evidence = Evidence::default();
    rules.iter().for_each(|rule| evidence.add(rule));
    let claim = evidence.data_rights;
    let concern = is_prose(text.surface())
        && lexicon
            .readings(&prepared, meter)?
            .iter()
            .any(|(_, reading)| is_concern(reading, claim));
    let spoken = match prepared.spoken.get() {
        Some(known) => known.clone(),
        None => tongue::Reading::of(text, lexicon.tongues(), meter)?.classes(),
    };
    let holds = |class: CommentClass| {
        evidence.holds(class)
            || spoken.contains(&class)
            || (class == CommentClass::Safeguarding && concern)
    };
    Ok(CommentClass::ALL
        .iter()
        .copied()
        .filter(|class| holds(*class))
        .collect())
}
