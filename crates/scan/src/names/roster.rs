//! The register compiled for matching: an index from written form to the pupils it could mean.
//! Reading text against it happens elsewhere.

use std::collections::{HashMap, HashSet};

use aho_corasick::AhoCorasick;
use schoolgate_model::{Pupil, PupilId, PupilRefs, Redacted, Staff};
use thiserror::Error;

use super::{
    alike::wide_skeleton,
    classes::ClassBook,
    forms::{self, Form, Quality},
};

/// Why a register cannot be used. Everything is held until it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RosterFault {
    /// There is no pupil in it.
    #[error("the pupil register is empty")]
    Empty,
    /// No pupil in it has a name.
    #[error("the pupil register has no names")]
    Nameless,
    /// The search structure for joined names could not be built.
    #[error("the pupil register could not be prepared for searching")]
    Unusable,
}

/// Which part of a name a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Given,
    Family,
}

/// One meaning of a written form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) pupil: u32,
    pub(super) role: Role,
    pub(super) quality: Quality,
    pub(super) breaks: u64,
}

/// What the rules need to know of one pupil.
pub(super) struct Entry {
    id: PupilId,
    /// 0 = do not publish, 1 = no consent for the name, 2 = the rest.
    strictness: u8,
    pub(super) year: Option<String>,
    pub(super) class: Option<u32>,
    pub(super) middles: Vec<String>,
    pub(super) givens: Vec<Form>,
    pub(super) families: Vec<Form>,
    /// Letters that may stand for the given name and for the family name.
    pub(super) given_initials: Vec<char>,
    pub(super) family_initials: Vec<char>,
    /// The pupil has one name only.
    pub(super) single: bool,
}

/// A pupil's whole name written without a space.
pub(super) struct Joined {
    pub(super) key: String,
    pub(super) pupils: Vec<u32>,
    /// Written from names that the register has or spells, not from short forms.
    own: bool,
}

/// The compiled register of one school. Immutable; built once and shared.
pub struct Roster {
    pub(super) pupils: Vec<Entry>,
    index: HashMap<String, Vec<Meaning>>,
    /// Wide skeletons of the written forms, to the forms.
    alike: HashMap<String, Vec<String>>,
    /// One-letter-deleted forms of joined names, to their numbers.
    joined_worn: HashMap<String, Vec<usize>>,
    /// One-letter-deleted forms of given names of four letters or more.
    worn: HashMap<String, Vec<u32>>,
    /// Pairs of capitals (and triples with the middle name) to pupils.
    pub(super) initials: HashMap<String, Vec<u32>>,
    pub(super) joined: Vec<Joined>,
    pub(super) joined_exact: HashMap<String, usize>,
    pub(super) joined_finder: AhoCorasick,
    /// Given name and family initial, or initial and family name, as one word: handles.
    pub(super) handles: HashMap<String, Vec<u32>>,
    pub(super) classes: ClassBook,
    pub(super) staff: StaffBook,
}

/// Staff names by folded family name.
#[derive(Default)]
pub(super) struct StaffBook {
    /// Family key to the given names that go with it.
    pub(super) families: HashMap<String, Vec<String>>,
    /// Given names of staff.
    pub(super) givens: HashSet<String>,
}

impl std::fmt::Debug for Roster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Roster")
            .field("pupils", &self.pupils.len())
            .finish_non_exhaustive()
    }
}

/// The strictest pupils come first in a finding.
const DO_NOT_PUBLISH: u8 = 0;

impl Entry {
    /// Whether nothing of the pupil may be published.
    pub(super) fn is_do_not_publish(&self) -> bool {
        self.strictness == DO_NOT_PUBLISH
    }
}

impl Roster {
    /// Compiles a register. `extra_classes` are class names beyond those of the register.
    ///
    /// # Errors
    /// A register without pupils or without names is a fault: nothing could be recognised (contract, section 1).
    pub fn build(
        pupils: &[Pupil],
        staff: &[Staff],
        extra_classes: &[String],
    ) -> Result<Self, RosterFault> {
        if pupils.is_empty() {
            return Err(RosterFault::Empty);
        }
        let classes = ClassBook::build(pupils, extra_classes);
        let entries: Vec<Entry> = pupils.iter().map(|p| entry(p, &classes)).collect();
        if entries
            .iter()
            .all(|e| e.givens.is_empty() && e.families.is_empty())
        {
            return Err(RosterFault::Nameless);
        }
        let (joined, handles) = join(&entries);
        let joined_finder = AhoCorasick::new(joined.iter().map(|j| j.key.as_str()))
            .map_err(|_| RosterFault::Unusable)?;
        Ok(Self {
            alike: alike(&entries),
            joined_worn: joined_worn(&joined),
            index: index(&entries),
            worn: worn(&entries),
            initials: initials(&entries),
            joined_exact: joined
                .iter()
                .enumerate()
                .map(|(n, j)| (j.key.clone(), n))
                .collect(),
            joined,
            joined_finder,
            handles,
            classes,
            staff: staff_book(staff),
            pupils: entries,
        })
    }

    /// How many pupils the register has.
    pub fn pupil_count(&self) -> usize {
        self.pupils.len()
    }

    /// What a written form could mean.
    pub(super) fn meanings(&self, key: &str) -> &[Meaning] {
        self.index.get(key).map_or(&[], Vec::as_slice)
    }

    /// The written forms that look like `word`; longer than two letters.
    pub(super) fn alike(&self, word: &str) -> &[String] {
        self.alike
            .get(&wide_skeleton(word))
            .map_or(&[], Vec::as_slice)
    }

    /// The joined names that are one letter away from `word`.
    pub(super) fn nearly_joined(&self, word: &str) -> Vec<&Joined> {
        let mut numbers: Vec<usize> = deletions(word)
            .chain(std::iter::once(word.to_owned()))
            .filter_map(|worn| self.joined_worn.get(&worn))
            .flatten()
            .copied()
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
            .into_iter()
            .filter_map(|n| self.joined.get(n))
            .filter(|joined| strsim::osa_distance(&joined.key, word) == 1)
            .collect()
    }

    /// Pupils whose given name is at most one letter away from `word`.
    pub(super) fn nearly_given(&self, word: &str) -> Vec<u32> {
        let mut pupils: Vec<u32> = deletions(word)
            .chain(std::iter::once(word.to_owned()))
            .filter_map(|worn| self.worn.get(&worn))
            .flatten()
            .copied()
            .collect();
        pupils.sort_unstable();
        pupils.dedup();
        pupils
    }

    pub(super) fn pupil(&self, pupil: u32) -> Option<&Entry> {
        self.pupils.get(pupil as usize)
    }

    /// The pupils as a finding carries them: strictest first, then in the order of the register.
    pub(super) fn refs(&self, pupils: &[u32]) -> PupilRefs {
        let mut order: Vec<(u8, u32)> = pupils
            .iter()
            .filter_map(|p| Some((self.pupil(*p)?.strictness, *p)))
            .collect();
        order.sort_unstable();
        order.dedup();
        PupilRefs {
            count: u32::try_from(order.len()).unwrap_or(u32::MAX),
            ids: order
                .iter()
                .take(PupilRefs::MAX)
                .filter_map(|(_, p)| Some(self.pupil(*p)?.id.clone()))
                .collect(),
        }
    }
}

fn exposed(name: Option<&Redacted<String>>) -> Option<&str> {
    name.map(|name| name.expose().as_str())
}

fn merged<'a>(
    names: impl Iterator<Item = Option<&'a str>>,
    forms: impl Fn(&str) -> Vec<Form>,
) -> Vec<Form> {
    let mut all: Vec<Form> = Vec::new();
    for form in names.flatten().flat_map(forms) {
        match all.iter_mut().find(|known| known.key == form.key) {
            Some(known) => {
                known.quality = known.quality.min(form.quality);
                known.breaks |= form.breaks;
            }
            None => all.push(form),
        }
    }
    all
}

fn entry(pupil: &Pupil, classes: &ClassBook) -> Entry {
    let given = [&pupil.legal_given, &pupil.preferred_given];
    let family = [
        &pupil.legal_family,
        &pupil.preferred_family,
        &pupil.former_family,
    ];
    let mut givens = merged(
        given.iter().map(|n| exposed(n.as_ref())),
        forms::given_forms,
    );
    let families = merged(
        family.iter().map(|n| exposed(n.as_ref())),
        forms::family_forms,
    );
    let middles = exposed(pupil.legal_middle.as_ref())
        .map(forms::parts)
        .unwrap_or_default();
    used_second_name(&mut givens, &middles);
    let no_consent = !pupil.consents.for_name().is_granted();
    Entry {
        id: pupil.id.clone(),
        strictness: match pupil.do_not_publish {
            Some(true) => DO_NOT_PUBLISH,
            _ if no_consent => 1,
            _ => 2,
        },
        year: pupil.year.as_deref().and_then(super::classes::year_key),
        class: pupil.class.as_deref().and_then(|c| classes.find(c)),
        given_initials: first_letters(&givens, Quality::Own),
        family_initials: family_letters(&families),
        single: givens.is_empty() != families.is_empty(),
        middles,
        givens,
        families,
    }
}

/// Where the first of two given names is a form of Muhammad (or Abdul), the second is the one in use.
fn used_second_name(givens: &mut Vec<Form>, middles: &[String]) {
    let muhammad = givens
        .iter()
        .any(|form| form.key == "mohammed" || form.key.starts_with("abd"));
    if !muhammad {
        return;
    }
    for form in middles.iter().flat_map(|m| forms::given_forms(m)) {
        if !givens.iter().any(|known| known.key == form.key) {
            givens.push(Form {
                quality: form.quality.max(Quality::Spelling),
                ..form
            });
        }
    }
}

fn first_letters(forms: &[Form], worst: Quality) -> Vec<char> {
    let mut letters: Vec<char> = forms
        .iter()
        .filter(|form| form.quality <= worst)
        .filter_map(|form| form.key.chars().next())
        .collect();
    letters.sort_unstable();
    letters.dedup();
    letters
}

/// `Al-Masri` answers to A and M, `Smith-Jones` to S and J.
fn family_letters(forms: &[Form]) -> Vec<char> {
    first_letters(forms, Quality::Piece)
}

fn index(entries: &[Entry]) -> HashMap<String, Vec<Meaning>> {
    let mut index: HashMap<String, Vec<Meaning>> = HashMap::new();
    for (pupil, entry) in (0_u32..).zip(entries) {
        let roles = [
            (Role::Given, &entry.givens),
            (Role::Family, &entry.families),
        ];
        for (role, forms) in roles {
            for form in forms {
                index.entry(form.key.clone()).or_default().push(Meaning {
                    pupil,
                    role,
                    quality: form.quality,
                    breaks: form.breaks,
                });
            }
        }
    }
    index
}

/// Every word that is `word` with one letter taken away.
fn deletions(word: &str) -> impl Iterator<Item = String> + '_ {
    word.char_indices().map(|(at, c)| {
        let mut shorter = String::with_capacity(word.len());
        shorter.push_str(&word[..at]);
        shorter.push_str(&word[at + c.len_utf8()..]);
        shorter
    })
}

fn worn(entries: &[Entry]) -> HashMap<String, Vec<u32>> {
    let mut worn: HashMap<String, Vec<u32>> = HashMap::new();
    for (pupil, entry) in (0_u32..).zip(entries) {
        for form in entry
            .givens
            .iter()
            .filter(|f| f.quality <= Quality::Spelling && f.key.len() >= 4)
        {
            worn.entry(form.key.clone()).or_default().push(pupil);
            for shorter in deletions(&form.key) {
                worn.entry(shorter).or_default().push(pupil);
            }
        }
    }
    worn
}

fn alike(entries: &[Entry]) -> HashMap<String, Vec<String>> {
    let mut alike: HashMap<String, Vec<String>> = HashMap::new();
    let forms = entries
        .iter()
        .flat_map(|e| e.givens.iter().chain(&e.families));
    for form in forms.filter(|f| f.key.len() >= 3) {
        let keys = alike.entry(wide_skeleton(&form.key)).or_default();
        if !keys.contains(&form.key) {
            keys.push(form.key.clone());
        }
    }
    alike
}

/// Joined names shorter than this are not compared letter by letter.
const SHORTEST_NEARLY_JOINED: usize = 9;

fn joined_worn(joined: &[Joined]) -> HashMap<String, Vec<usize>> {
    let mut worn: HashMap<String, Vec<usize>> = HashMap::new();
    for (n, joined) in joined.iter().enumerate() {
        if !joined.own || joined.key.chars().count() < SHORTEST_NEARLY_JOINED {
            continue;
        }
        worn.entry(joined.key.clone()).or_default().push(n);
        for shorter in deletions(&joined.key) {
            worn.entry(shorter).or_default().push(n);
        }
    }
    worn
}

fn initials(entries: &[Entry]) -> HashMap<String, Vec<u32>> {
    let mut initials: HashMap<String, Vec<u32>> = HashMap::new();
    for (pupil, entry) in (0_u32..).zip(entries) {
        let middle: Option<char> = entry.middles.first().and_then(|m| m.chars().next());
        for given in &entry.given_initials {
            for family in &entry.family_initials {
                let mut keys = vec![format!("{given}{family}")];
                keys.extend(middle.map(|m| format!("{given}{m}{family}")));
                for key in keys {
                    let pupils = initials.entry(key).or_default();
                    if !pupils.contains(&pupil) {
                        pupils.push(pupil);
                    }
                }
            }
        }
    }
    initials
}

/// The names as one word, both orders; and the usual handles with one initial.
fn join(entries: &[Entry]) -> (Vec<Joined>, HashMap<String, Vec<u32>>) {
    let mut joined: HashMap<String, (Vec<u32>, bool)> = HashMap::new();
    let mut handles: HashMap<String, Vec<u32>> = HashMap::new();
    for (pupil, entry) in (0_u32..).zip(entries) {
        for given in entry.givens.iter().filter(|f| f.quality < Quality::Piece) {
            for family in entry.families.iter().filter(|f| f.quality < Quality::Short) {
                for key in [
                    format!("{}{}", given.key, family.key),
                    format!("{}{}", family.key, given.key),
                ] {
                    if key.chars().count() >= 7 {
                        let (pupils, own) = joined.entry(key).or_default();
                        pupils.push(pupil);
                        *own |= given.quality <= Quality::Spelling;
                    }
                }
                let initial = |form: &Form| form.key.chars().next().map(String::from);
                let short = [
                    initial(family).map(|f| format!("{}{f}", given.key)),
                    initial(given).map(|g| format!("{g}{}", family.key)),
                ];
                for key in short.into_iter().flatten().filter(|k| k.len() >= 5) {
                    handles.entry(key).or_default().push(pupil);
                }
            }
        }
    }
    let mut joined: Vec<Joined> = joined
        .into_iter()
        .map(|(key, (pupils, own))| Joined { key, pupils, own })
        .collect();
    joined.sort_by(|a, b| a.key.cmp(&b.key));
    (joined, handles)
}

fn staff_book(staff: &[Staff]) -> StaffBook {
    let mut book = StaffBook::default();
    for person in staff {
        let given = exposed(person.given.as_ref()).map(forms::parts);
        let given = given.unwrap_or_default().concat();
        let family = exposed(person.family.as_ref()).unwrap_or_default();
        for form in forms::family_forms(family) {
            let givens = book.families.entry(form.key).or_default();
            if !given.is_empty() {
                givens.push(given.clone());
                givens.extend(super::lists::shorts(&given).iter().cloned());
            }
        }
        if !given.is_empty() {
            book.givens.insert(given);
        }
    }
    book
}
