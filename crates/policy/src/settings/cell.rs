//! One cell of the policy tables: what it says and how a more specific line changes it.
//! Where lines come from and which of them win is told in `settings`.

use std::time::Duration;

use schoolgate_model::{Audience, Outcome, Severity};

/// What a line asks for. Ordered: the strictest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    /// Nothing to say.
    Approve,
    /// May go out; the verdict mentions it.
    Hint,
    /// A person must decide.
    Hold,
    /// A person must decide now.
    Escalate,
}

impl Word {
    /// Every word, mildest first.
    pub const ALL: &'static [Self] = &[Self::Approve, Self::Hint, Self::Hold, Self::Escalate];

    /// The word as policies write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Hint => "hint",
            Self::Hold => "hold",
            Self::Escalate => "escalate",
        }
    }

    /// The word written so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.code() == code)
    }

    /// What the word means for the verdict.
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Approve | Self::Hint => Outcome::Approve,
            Self::Hold => Outcome::Hold,
            Self::Escalate => Outcome::Escalate,
        }
    }
}

/// What may be said about pupils next to a picture (rule O1, DOMAIN 1.9). Ordered: the strictest is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum NameWithImage {
    /// Names as the consents allow.
    ByConsent,
    /// Given names as the consents allow; nothing that identifies.
    FirstName,
    /// No name next to a picture without a person's look.
    #[default]
    Never,
}

impl NameWithImage {
    /// Every value, mildest first.
    pub const ALL: &'static [Self] = &[Self::ByConsent, Self::FirstName, Self::Never];

    /// The value as policies write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ByConsent => "by_consent",
            Self::FirstName => "first_name",
            Self::Never => "never",
        }
    }
}

/// How strong a wording is, for cells with `mild`, `medium` and `strong`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Severity info or low.
    Mild,
    /// Severity medium.
    Medium,
    /// Severity high or critical.
    Strong,
}

impl Strength {
    /// Every strength, mildest first.
    pub const ALL: [Self; 3] = [Self::Mild, Self::Medium, Self::Strong];

    /// The strength of a finding's severity.
    pub const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Info | Severity::Low => Self::Mild,
            Severity::Medium => Self::Medium,
            Severity::High | Severity::Critical => Self::Strong,
        }
    }

    const fn index(self) -> usize {
        match self {
            Self::Mild => 0,
            Self::Medium => 1,
            Self::Strong => 2,
        }
    }
}

/// Whether the writer waits for words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Need {
    /// Never.
    No,
    /// Always.
    Yes,
    /// Where the writer reports or asks for help; not where the writer makes, shares or seeks the material.
    Reports,
}

impl Need {
    /// Every value.
    pub const ALL: &'static [Self] = &[Self::No, Self::Yes, Self::Reports];

    /// The value as policies write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Yes => "yes",
            Self::Reports => "reports",
        }
    }
}

/// What one line of a policy says; what it leaves out it takes from the line it refines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// The word for each strength, mild first.
    pub words: [Option<Word>; 3],
    /// Findings less sure than this are a hint; 0 to 1.
    pub min_confidence: Option<f32>,
    /// The clause of the school's policy.
    pub clause: Option<String>,
    /// Who must approve; told of every hold.
    pub approvers: Option<Vec<Audience>>,
    /// Who is told.
    pub alert: Option<Vec<Audience>>,
    /// Whether the writer waits for words; comments only.
    pub needs: Option<Need>,
    /// Actions proposed to the moderator; comments only.
    pub actions: Option<Vec<String>>,
    /// The action that the school wants taken without asking, where the platform can; comments only.
    pub auto: Option<String>,
}

impl Cell {
    /// A cell that is only a word.
    pub fn word(word: Word) -> Self {
        Self {
            words: [Some(word); 3],
            ..Self::default()
        }
    }

    /// The word for a strength. No word at all is a hold: the table has no answer.
    pub fn at(&self, strength: Strength) -> Word {
        self.words[strength.index()].unwrap_or(Word::Hold)
    }

    /// The audiences of the line, approvers included.
    pub fn audiences(&self) -> impl Iterator<Item = Audience> + '_ {
        self.alert.iter().chain(&self.approvers).flatten().copied()
    }

    /// Takes over everything that `line` says.
    pub(super) fn overlay(&mut self, line: &Self) {
        for (mine, theirs) in self.words.iter_mut().zip(line.words) {
            *mine = theirs.or(*mine);
        }
        take(&mut self.min_confidence, &line.min_confidence);
        take(&mut self.clause, &line.clause);
        take(&mut self.approvers, &line.approvers);
        take(&mut self.alert, &line.alert);
        take(&mut self.needs, &line.needs);
        take(&mut self.actions, &line.actions);
        take(&mut self.auto, &line.auto);
    }

    /// Takes over what makes it stricter: greater words, a smaller `min_confidence`, further audiences.
    pub(super) fn tighten(&mut self, floor: &Self) {
        for (mine, theirs) in self.words.iter_mut().zip(floor.words) {
            *mine = (*mine).max(theirs);
        }
        if let (Some(mine), Some(theirs)) = (self.min_confidence, floor.min_confidence) {
            self.min_confidence = Some(mine.min(theirs));
        }
        unite(&mut self.approvers, &floor.approvers);
        unite(&mut self.alert, &floor.alert);
    }

    /// Keeps to what a locked line asks for. A floor without `min_confidence` counts every finding.
    pub(super) fn keep_above(&mut self, floor: &Self) {
        self.tighten(floor);
        if floor.min_confidence.is_none() {
            self.min_confidence = None;
        }
    }

    /// Whether this line, put on top of `floor`, would let something through that `floor` stops.
    pub(super) fn loosens(&self, floor: &Self) -> bool {
        let milder = self
            .words
            .iter()
            .zip(floor.words)
            .any(|(mine, floor)| mine.is_some_and(|mine| Some(mine) < floor));
        let doubtful = self
            .min_confidence
            .is_some_and(|mine| mine > floor.min_confidence.unwrap_or(0.0));
        milder || doubtful
    }

    /// The words as a policy would write them.
    pub fn plain(&self) -> String {
        let words = Strength::ALL.map(|strength| self.at(strength).code());
        if words.iter().all(|word| word == &words[0]) {
            words[0].to_owned()
        } else {
            format!(
                "mild {}, medium {}, strong {}",
                words[0], words[1], words[2]
            )
        }
    }
}

fn take<T: Clone>(mine: &mut Option<T>, theirs: &Option<T>) {
    if theirs.is_some() {
        mine.clone_from(theirs);
    }
}

fn unite(mine: &mut Option<Vec<Audience>>, theirs: &Option<Vec<Audience>>) {
    for audience in theirs.iter().flatten() {
        let list = mine.get_or_insert_default();
        if !list.contains(audience) {
            list.push(*audience);
        }
    }
}

/// How an alert climbs when nobody answers (rules E2, E9). Fields left out come from the less specific layer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// Audiences told in addition to the table's.
    pub to: Option<Vec<Audience>>,
    /// The rungs, first to last: audience names or `deputy_dsl`.
    pub ladder: Option<Vec<String>>,
    /// How long a rung has.
    pub step: Option<Duration>,
    /// Whether the night does not matter.
    pub override_quiet_hours: Option<bool>,
}
