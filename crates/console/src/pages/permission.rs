//! Photo permission at a glance: what the register lets a screen say about a pupil. Pure. That a pupil may not be
//! published at all reads like a refusal, so that no list of names tells who is on that list, and nowhere why.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use schoolgate_model::{Consent, ConsentQuestion, PupilId, SchoolId};
use schoolgate_school::{ClassList, ListedPupil};

use super::words;
use crate::Console;

/// Whether something is permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// The family has agreed.
    Yes,
    /// It may not be.
    No,
    /// Nobody has answered, which counts as no.
    NotRecorded,
}

impl Mark {
    const fn of(consent: Consent) -> Self {
        match consent {
            Consent::Granted => Self::Yes,
            Consent::Unknown => Self::NotRecorded,
            Consent::Refused | Consent::Withdrawn | Consent::Expired => Self::No,
        }
    }

    /// The word on the screen.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotRecorded => "not recorded",
        }
    }

    /// The name in the style sheet and of the icon.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotRecorded => "unknown",
        }
    }
}

/// What is permitted of one pupil on one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Permission {
    pub(crate) photo: Mark,
    pub(crate) video: Mark,
    pub(crate) named: Mark,
}

/// A pupil with the class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) id: PupilId,
    pub(crate) name: String,
    pub(crate) class: String,
    pub(crate) photo: Mark,
}

/// The pupils of one school, as they may be shown on one channel.
pub(crate) struct Pupils<'a> {
    pub(crate) classes: &'a [ClassList],
    snapshot: Option<&'a Arc<schoolgate_pipeline::Snapshot>>,
    channel: Option<&'a str>,
    today: Date,
    twins: BTreeMap<(&'a str, &'a str), usize>,
}

impl<'a> Pupils<'a> {
    pub(crate) fn of(console: &'a Console, school: &SchoolId, channel: Option<&'a str>) -> Self {
        let classes = console.schools.classes(school);
        let mut twins = BTreeMap::new();
        for class in classes {
            for pupil in &class.pupils {
                let name = (class.name.as_str(), pupil.name.expose().as_str());
                *twins.entry(name).or_insert(0) += 1;
            }
        }
        Self {
            classes,
            snapshot: console.schools.get(school),
            channel,
            today: words::local(console.clock.now()).date(),
            twins,
        }
    }

    /// Whether the list of those who may not be published is missing, so that every picture is held.
    pub(crate) fn lacks_list(&self) -> bool {
        self.snapshot
            .is_none_or(|snapshot| !snapshot.has_do_not_publish_list)
    }

    /// What is permitted of a pupil. Of one who is not in the register nothing is.
    pub(crate) fn permission(&self, id: &PupilId) -> Permission {
        let record = self.snapshot.and_then(|school| school.pupils.get(id));
        let Some(record) = record else {
            return Permission {
                photo: Mark::NotRecorded,
                video: Mark::NotRecorded,
                named: Mark::NotRecorded,
            };
        };
        if record.do_not_publish == Some(true) {
            return Permission {
                photo: Mark::No,
                video: Mark::No,
                named: Mark::No,
            };
        }
        let consents = &record.consents;
        let asked = |moving| ConsentQuestion {
            platform: self.channel,
            moving,
            given_by: self.today,
            valid_on: self.today,
        };
        Permission {
            photo: Mark::of(consents.to_picture(&asked(false))),
            video: Mark::of(consents.to_picture(&asked(true))),
            named: Mark::of(consents.to_name_with_picture(&asked(false))),
        }
    }

    /// A pupil of the lists. Two of one name in one class are told apart by the register's id.
    pub(crate) fn shown(&self, class: &str, pupil: &ListedPupil) -> Shown {
        let name = pupil.name.expose();
        let is_twin = self.twins.get(&(class, name.as_str())) > Some(&1);
        let name = match (name.is_empty(), is_twin) {
            (true, _) => pupil.id.to_string(),
            (false, true) => format!("{name} ({})", pupil.id),
            (false, false) => name.clone(),
        };
        Shown {
            name,
            class: class.to_owned(),
            photo: self.permission(&pupil.id).photo,
            id: pupil.id.clone(),
        }
    }

    /// The pupils with these ids, in the order of the lists, each once.
    pub(crate) fn with_ids(&self, ids: &[PupilId]) -> Vec<Shown> {
        let all = self
            .classes
            .iter()
            .flat_map(|class| class.pupils.iter().map(move |pupil| (class, pupil)));
        all.filter(|(_, pupil)| ids.contains(&pupil.id))
            .map(|(class, pupil)| self.shown(&class.name, pupil))
            .collect()
    }

    /// Whether the register has this pupil.
    pub(crate) fn knows(&self, id: &PupilId) -> bool {
        self.snapshot
            .is_some_and(|school| school.pupils.contains_key(id))
    }
}

/// Where a picture is published, in words after "for".
pub(crate) fn channel_words(channel: Option<&str>) -> String {
    match channel {
        None => "social media".to_owned(),
        Some("website") => "the website".to_owned(),
        Some("press") => "the press".to_owned(),
        Some(platform) => super::words::platform(platform),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_reads_the_same_and_unknown_is_not_a_yes() {
        let cases = [
            (Consent::Granted, "yes"),
            (Consent::Refused, "no"),
            (Consent::Withdrawn, "no"),
            (Consent::Expired, "no"),
            (Consent::Unknown, "not recorded"),
        ];
        for (consent, word) in cases {
            assert_eq!(Mark::of(consent).word(), word);
        }
    }
}
