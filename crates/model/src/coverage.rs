//! What was checked and what was not. A check that failed is evidence, never an exception.

use std::cell::Cell;

use serde::{Deserialize, Serialize};

/// The checks of the contract. A check that is not built or not configured does not appear in a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckName {
    /// Pupil and staff names from the register.
    Names,
    /// Phone numbers, postcodes, e-mail addresses, identity numbers.
    PersonalData,
    /// Profanity, insults and safeguarding language.
    Language,
    /// Confidential, commercial and controversial matters in drafts.
    Topics,
    /// Where a link really leads.
    Links,
    /// What a picture's file says about people and places.
    PhotoMetadata,
    /// A copy without metadata, proven clean.
    PhotoClean,
    /// Declared pupils against consent and the do-not-publish list.
    Subjects,
    /// Copies of pictures that may not be published.
    KnownPictures,
    /// Text inside a picture.
    PictureText,
    /// More faces than declared people.
    HeadCount,
}

impl CheckName {
    /// The stable name used in verdicts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::PersonalData => "personal_data",
            Self::Language => "language",
            Self::Topics => "topics",
            Self::Links => "links",
            Self::PhotoMetadata => "photo_metadata",
            Self::PhotoClean => "photo_clean",
            Self::Subjects => "subjects",
            Self::KnownPictures => "known_pictures",
            Self::PictureText => "picture_text",
            Self::HeadCount => "head_count",
        }
    }

    /// The name a teacher would understand, for messages.
    pub const fn plain(self) -> &'static str {
        match self {
            Self::Names => "the check for pupils' names",
            Self::PersonalData => "the check for personal details",
            Self::Language => "the language check",
            Self::Topics => "the topic check",
            Self::Links => "the link check",
            Self::PhotoMetadata => "the check for hidden details in the photo",
            Self::PhotoClean => "the removal of hidden details from the photo",
            Self::Subjects => "the check of who is in the photo",
            Self::KnownPictures => "the check against pictures that may not be published",
            Self::PictureText => "the check of words inside the photo",
            Self::HeadCount => "the head count",
        }
    }
}

/// Why a check did not do its whole work. `detail` carries no name, text or file name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "failure", content = "detail")]
pub enum CheckFailure {
    /// The check reported an error.
    Error(String),
    /// The check's code panicked.
    Panicked,
    /// The check used up its steps.
    OverBudget,
    /// A list that the check needs is missing, empty or unreadable.
    MissingList(String),
    /// A list that the check needs is too old to rely on, in a sentence.
    Stale(String),
    /// A picture could not be read.
    UnreadableMedium(String),
    /// The process that decodes pictures was killed or ran out of time.
    ChildKilled(String),
    /// Part of the item is beyond what is screened.
    Oversize(String),
    /// The item could not be screened in two attempts.
    Abandoned,
}

impl CheckFailure {
    /// A plain sentence for the verdict's `checks` and the moderator's card.
    pub fn describe(&self) -> String {
        match self {
            Self::Error(what) => format!("it reported a fault: {what}"),
            Self::Panicked => "it stopped unexpectedly".to_owned(),
            Self::OverBudget => "it took too much work on this item".to_owned(),
            Self::MissingList(what) => format!("it has no {what}"),
            Self::Stale(why) => why.clone(),
            Self::UnreadableMedium(what) => format!("a picture could not be read: {what}"),
            Self::ChildKilled(what) => format!("the picture reader was stopped: {what}"),
            Self::Oversize(what) => what.clone(),
            Self::Abandoned => "the item could not be screened in two attempts".to_owned(),
        }
    }
}

/// How one check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckStatus {
    /// The check read everything it was given.
    Ok,
    /// The check did not do its whole work; the verdict is at least a hold.
    Failed(CheckFailure),
    /// The check had nothing to read (no picture, say); the reason is shown.
    Skipped(&'static str),
}

/// One check and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckResult {
    /// Which check.
    pub name: CheckName,
    /// How it ended.
    pub status: CheckStatus,
    /// What it never looks at, in a sentence for people; told beside a check that did its work.
    pub limit: Option<String>,
}

/// All checks of one screening.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// One entry a check, in the order of `CheckName`.
    pub checks: Vec<CheckResult>,
}

impl Coverage {
    /// The checks that did not do their whole work.
    pub fn failures(&self) -> impl Iterator<Item = (CheckName, &CheckFailure)> {
        self.checks.iter().filter_map(|check| match &check.status {
            CheckStatus::Failed(failure) => Some((check.name, failure)),
            CheckStatus::Ok | CheckStatus::Skipped(_) => None,
        })
    }

    /// Whether every check that applies did its whole work.
    pub fn is_complete(&self) -> bool {
        self.failures().next().is_none()
    }
}

/// How much work each check may do on one item, in steps (about one character or one candidate looked at).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Steps for each check.
    pub steps_per_check: u64,
}

impl Default for Budget {
    /// Forty million steps: a full 20,000-character item uses less than a tenth of it in every check.
    fn default() -> Self {
        Self {
            steps_per_check: 40_000_000,
        }
    }
}

impl Budget {
    /// A fresh meter for one check.
    pub fn meter(&self) -> Meter {
        Meter::of(self.steps_per_check)
    }
}

/// Counts one check's steps. Counting instead of timing keeps a replay exact.
#[derive(Debug)]
pub struct Meter {
    whole: u64,
    left: Cell<u64>,
}

impl Meter {
    fn of(steps: u64) -> Self {
        Self {
            whole: steps,
            left: Cell::new(steps),
        }
    }

    /// A meter as full as this one was at the start, for work that must not suffer from what was spent here.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self::of(self.whole)
    }

    /// What is left, in steps.
    pub fn left(&self) -> u64 {
        self.left.get()
    }

    /// A meter of its own for one part of the work, so that this part cannot use up what the others need. Its `steps`
    /// are taken from here at once; it gets less where less is left.
    #[must_use]
    pub fn share(&self, steps: u64) -> Self {
        let steps = steps.min(self.left.get());
        self.left.set(self.left.get() - steps);
        Self::of(steps)
    }

    /// Takes `steps` from what is left.
    ///
    /// # Errors
    /// `CheckFailure::OverBudget` once the budget is used up.
    pub fn spend(&self, steps: u64) -> Result<(), CheckFailure> {
        match self.left.get().checked_sub(steps) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => {
                self.left.set(0);
                Err(CheckFailure::OverBudget)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_stops_at_its_budget() {
        let meter = Budget {
            steps_per_check: 10,
        }
        .meter();
        assert_eq!(meter.spend(10), Ok(()));
        assert_eq!(meter.spend(1), Err(CheckFailure::OverBudget));
    }

    #[test]
    fn a_share_is_taken_at_once_and_is_never_more_than_what_is_left() {
        let meter = Budget {
            steps_per_check: 10,
        }
        .meter();
        let share = meter.share(6);
        assert_eq!((share.left(), meter.left()), (6, 4));
        assert_eq!(share.spend(7), Err(CheckFailure::OverBudget));
        assert_eq!(meter.left(), 4, "what a part overspends costs nobody else");
        assert_eq!((meter.share(5).left(), meter.left()), (4, 0));
        assert_eq!(meter.fresh().left(), 10);
    }
}
