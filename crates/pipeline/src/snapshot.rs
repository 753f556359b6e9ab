//! Everything that a school's files say, compiled once and never changed: what `screen` decides by.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use schoolgate_model::{Audience, Consents, PictureSettings, PupilId, SchoolId, StaffId, Versions};
use schoolgate_policy::{Calendar, Settings, WindowSettings};
use schoolgate_scan::{LinkSettings, OwnDetails, lexicon::Lexicon, names::Roster};

/// A list that a check needs, or why it is not there. A missing list makes the check fail, never pass.
#[derive(Debug)]
pub enum Listed<T> {
    /// The list, ready to use.
    Loaded(Arc<T>),
    /// What is missing, in words that fit "it has no ...".
    Missing(String),
}

impl<T> Clone for Listed<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Loaded(list) => Self::Loaded(Arc::clone(list)),
            Self::Missing(what) => Self::Missing(what.clone()),
        }
    }
}

impl<T> Listed<T> {
    /// Wraps a list.
    pub fn loaded(list: T) -> Self {
        Self::Loaded(Arc::new(list))
    }
}

/// One official account of the school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The platform, lower case.
    pub platform: String,
    /// The platform's own id.
    pub id: String,
    /// The handle, where there is one.
    pub handle: Option<String>,
}

/// What the policy must know about one pupil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PupilRecord {
    /// Whether nothing of the pupil may be published; `None` where the register has no such column.
    pub do_not_publish: Option<bool>,
    /// What the family agreed to.
    pub consents: Consents,
}

/// What the picture checks must know about the staff.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StaffRecords {
    /// Everybody on the list.
    pub known: BTreeSet<StaffId>,
    /// Those who asked not to be in pictures.
    pub no_photos: BTreeSet<StaffId>,
}

/// Audience to mail addresses, in ladder order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contacts(pub BTreeMap<Audience, Vec<String>>);

impl Contacts {
    /// Who is told: the audience's own people, else `slt`, else `head` (contract, section 3).
    /// An empty answer is a fault that `doctor` shows.
    pub fn resolve(&self, audience: Audience) -> &[String] {
        [audience, Audience::Slt, Audience::Head]
            .iter()
            .find_map(|audience| self.0.get(audience).filter(|people| !people.is_empty()))
            .map_or(&[], Vec::as_slice)
    }
}

/// One school as it stands, stamped with the versions of everything in it.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The school's slug.
    pub school: SchoolId,
    /// The school's name.
    pub name: String,
    /// The official accounts.
    pub accounts: Vec<Account>,
    /// Pupil and staff names.
    pub roster: Listed<Roster>,
    /// Consent and do-not-publish by pupil.
    pub pupils: Arc<BTreeMap<PupilId, PupilRecord>>,
    /// The staff.
    pub staff: Arc<StaffRecords>,
    /// What the school asks of the look at its pictures.
    pub pictures: PictureSettings,
    /// Whether the register says who may not be published at all.
    pub has_do_not_publish_list: bool,
    /// Words and patterns.
    pub lexicon: Listed<Lexicon>,
    /// The school's own details.
    pub own: OwnDetails,
    /// Where links may lead.
    pub links: LinkSettings,
    /// The policy in force.
    pub settings: Settings,
    /// Bank holidays.
    pub calendar: Arc<Calendar>,
    /// The response window's rules.
    pub window: WindowSettings,
    /// Who is told.
    pub contacts: Contacts,
    /// What decided.
    pub versions: Arc<Versions>,
}

impl Snapshot {
    /// Whether the author of a comment is one of the school's own accounts.
    pub fn is_own_account(&self, platform: Option<&str>, author_id: Option<&str>) -> bool {
        author_id.is_some_and(|id| {
            self.accounts.iter().any(|account| {
                account.id == id && platform.is_none_or(|platform| platform == account.platform)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_audience_falls_to_slt_and_then_to_the_head() {
        let mut contacts = Contacts::default();
        assert!(contacts.resolve(Audience::Dsl).is_empty());
        contacts
            .0
            .insert(Audience::Head, vec!["head@s.example".into()]);
        assert_eq!(contacts.resolve(Audience::Dsl), ["head@s.example"]);
        contacts
            .0
            .insert(Audience::Slt, vec!["slt@s.example".into()]);
        assert_eq!(contacts.resolve(Audience::Dsl), ["slt@s.example"]);
        contacts
            .0
            .insert(Audience::Dsl, vec!["dsl@s.example".into()]);
        assert_eq!(contacts.resolve(Audience::Dsl), ["dsl@s.example"]);
    }
}
