//! The pupils as numbers: who bears which name, in which class, with which initials. Pupils are numbered by strictness,
//! so that every list of them begins with those who may not be published.
//! How a name is written is the roster's business.

use std::collections::HashMap;

use schoolgate_model::{Pupil, Redacted};

use super::{
    classes::{ClassBook, Group, year_key},
    forms::{self, Form, Quality},
    roster::{Meaning, Role, Row, exposed},
    tables::{Table, hash, mix},
};

/// Lists of numbers in one piece.
#[derive(Default)]
struct Lists<T> {
    all: Vec<T>,
    ends: Vec<u32>,
}

impl<T> Lists<T> {
    fn push(&mut self, items: impl IntoIterator<Item = T>) {
        self.all.extend(items);
        self.ends.push(end(self.all.len()));
    }

    fn get(&self, at: u32) -> &[T] {
        let at = at as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = start.copied().unwrap_or(0) as usize;
        self.ends
            .get(at)
            .and_then(|end| self.all.get(start..*end as usize))
            .unwrap_or_default()
    }

    fn shrink(&mut self) {
        self.all.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

fn end(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The pupils of a register and the tables that lead to them.
#[derive(Default)]
pub(super) struct Register {
    /// The ids, one after the other, and where each ends.
    ids: String,
    id_ends: Vec<u32>,
    /// Pupils below this number may not be published.
    hidden: u32,
    roles: Vec<Role>,
    /// For each name, its own spelling and its other spellings.
    spelt: Lists<String>,
    /// For each pupil, the names.
    names: Lists<u32>,
    /// Given name and family name to pupils.
    pub(super) pairs: Table,
    /// Name to pupils.
    pub(super) bearers: Table,
    /// Name, or initials, and class or year to pupils.
    groups: Table,
    /// Name and initial of the other name to pupils.
    pub(super) letters: Table,
    /// Name to pupils who have no other.
    pub(super) singles: Table,
    /// Given name and another word that one of its bearers has: a middle name, a second given name.
    pub(super) beside: Table,
}

/// What a group key is about.
#[derive(Clone, Copy)]
enum Place {
    Year,
    NoYear,
    Class,
    /// Without a class, in a year.
    Classless,
    /// Without class and year.
    Nowhere,
    /// Without a class, whatever the year.
    AnyClassless,
}

fn place(subject: u64, place: Place, of: u64) -> u64 {
    mix(subject, mix(place as u64, of))
}

/// The key of a name and the initial of the pupil's other name.
pub(super) fn letter_key(name: u32, letter: char) -> u64 {
    mix(name.into(), u64::from(u32::from(letter)))
}

/// Initials as the subject of a group.
pub(super) fn initials_subject(initials: &str) -> u64 {
    hash(initials) | 1 << 63
}

/// 0 = do not publish, 1 = no consent for the name, 2 = the rest.
fn strictness(pupil: &Pupil) -> u8 {
    match pupil.do_not_publish {
        Some(true) => 0,
        _ if !pupil.consents.for_name().is_granted() => 1,
        _ => 2,
    }
}

impl Register {
    /// Numbers the pupils and files them; the rows are the written forms of their names.
    pub(super) fn build(pupils: &[Pupil], classes: &ClassBook) -> (Self, Vec<Row>) {
        let mut order: Vec<(u8, u32)> = pupils.iter().map(strictness).zip(0..).collect();
        order.sort_unstable();
        let mut register = Self {
            hidden: end(order.partition_point(|(strictness, _)| *strictness == 0)),
            ..Self::default()
        };
        let mut book = NameBook::default();
        let mut drafts = Drafts::default();
        for (number, (_, at)) in (0..).zip(&order) {
            let pupil = &pupils[*at as usize];
            register.ids.push_str(pupil.id.as_str());
            register.id_ends.push(end(register.ids.len()));
            let names = book.names_of(pupil);
            drafts.file(number, pupil, &names, &book, classes);
            let whole = names.given.iter().chain(&names.family).copied();
            register.names.push(whole);
        }
        register.take(drafts);
        register.roles = book.roles;
        for spelt in book.spelt {
            register.spelt.push(spelt);
        }
        register.spelt.shrink();
        register.names.shrink();
        register.ids.shrink_to_fit();
        register.id_ends.shrink_to_fit();
        (register, book.rows)
    }

    fn take(&mut self, drafts: Drafts) {
        self.pairs = Table::build(drafts.pairs);
        self.bearers = Table::build(drafts.bearers);
        self.letters = Table::build(drafts.letters);
        self.singles = Table::build(drafts.singles);
        self.beside = Table::build(drafts.beside);
        self.groups = Table::build(drafts.groups);
    }

    pub(super) fn len(&self) -> usize {
        self.id_ends.len()
    }

    pub(super) fn id(&self, pupil: u32) -> &str {
        let at = pupil as usize;
        let start = at
            .checked_sub(1)
            .and_then(|before| self.id_ends.get(before));
        let start = start.copied().unwrap_or(0) as usize;
        self.id_ends
            .get(at)
            .and_then(|end| self.ids.get(start..*end as usize))
            .unwrap_or_default()
    }

    pub(super) fn is_hidden(&self, pupil: u32) -> bool {
        pupil < self.hidden
    }

    /// Whether any pupil may not be published.
    pub(super) fn has_hidden(&self) -> bool {
        self.hidden > 0
    }

    pub(super) fn names_of(&self, pupil: u32) -> impl Iterator<Item = u32> + '_ {
        self.names.get(pupil).iter().copied()
    }

    pub(super) fn role(&self, name: u32) -> Role {
        self.roles
            .get(name as usize)
            .copied()
            .unwrap_or(Role::Given)
    }

    pub(super) fn spelt(&self, name: u32) -> &[String] {
        self.spelt.get(name)
    }

    /// The pupils of a subject that belong to the group, or could: a pupil without class and year could be in any.
    pub(super) fn in_group<'r>(
        &'r self,
        subject: u64,
        group: &Group,
        classes: &ClassBook,
    ) -> impl Iterator<Item = &'r [u32]> + use<'r> {
        let keys = match group {
            Group::Year(year) => [
                place(subject, Place::Year, hash(year)),
                place(subject, Place::NoYear, 0),
                0,
            ],
            Group::Class(class) => {
                let own = place(subject, Place::Class, (*class).into());
                match classes.year_of(*class) {
                    Some(year) => [
                        own,
                        place(subject, Place::Classless, hash(year)),
                        place(subject, Place::Nowhere, 0),
                    ],
                    None => [own, place(subject, Place::AnyClassless, 0), 0],
                }
            }
        };
        keys.into_iter()
            .filter(|key| *key != 0)
            .map(|key| self.groups.get(key))
    }
}

/// The tables under construction.
#[derive(Default)]
struct Drafts {
    pairs: Vec<(u64, u32)>,
    bearers: Vec<(u64, u32)>,
    groups: Vec<(u64, u32)>,
    letters: Vec<(u64, u32)>,
    singles: Vec<(u64, u32)>,
    beside: Vec<(u64, u32)>,
}

impl Drafts {
    fn file(
        &mut self,
        number: u32,
        pupil: &Pupil,
        names: &Names,
        book: &NameBook,
        classes: &ClassBook,
    ) {
        let givens = || names.given.iter().chain(&names.given_parts).copied();
        let families = || names.family.iter().chain(&names.family_parts).copied();
        for given in givens() {
            for family in families() {
                self.pairs.push((mix(given.into(), family.into()), number));
            }
        }
        let whole = || names.given.iter().chain(&names.family).copied();
        self.bearers
            .extend(whole().map(|name| (name.into(), number)));
        if names.given.is_empty() != names.family.is_empty() {
            self.singles
                .extend(whole().map(|name| (name.into(), number)));
        }
        let given_letters = book.letters(&names.given, Quality::Own);
        let all_families: Vec<u32> = families().collect();
        let family_letters = book.letters(&all_families, Quality::Piece);
        for letter in &family_letters {
            self.letters
                .extend(givens().map(|name| (letter_key(name, *letter), number)));
        }
        for letter in &given_letters {
            self.letters
                .extend(families().map(|name| (letter_key(name, *letter), number)));
        }
        self.place(number, pupil, whole().map(u64::from), classes);
        let middles = exposed(pupil.legal_middle.as_ref()).map(forms::parts);
        let middles = middles.unwrap_or_default();
        let middle = middles.first().and_then(|middle| middle.chars().next());
        let mut initials = initials(&given_letters, &family_letters, middle);
        initials.extend(double_initials(pupil));
        self.place(
            number,
            pupil,
            initials.iter().map(|i| initials_subject(i)),
            classes,
        );
        for name in &names.given {
            let own = |word: &str| (mix(u64::from(*name), hash(word)), 0);
            self.beside.extend(middles.iter().map(|word| own(word)));
            let others = names.given.iter().filter(|other| *other != name);
            let spelt = others.filter_map(|other| book.spelt.get(*other as usize));
            self.beside.extend(spelt.flatten().map(|word| own(word)));
        }
    }

    fn place(
        &mut self,
        number: u32,
        pupil: &Pupil,
        subjects: impl Iterator<Item = u64>,
        classes: &ClassBook,
    ) {
        let class = pupil.class.as_deref().and_then(|class| classes.find(class));
        let own = pupil.year.as_deref().and_then(year_key);
        let of_class = class.and_then(|class| classes.year_of(class)).cloned();
        let year = own.clone().or(of_class);
        for subject in subjects {
            let mut file = |at: Place, of: u64| self.groups.push((place(subject, at, of), number));
            match &year {
                Some(year) => file(Place::Year, hash(year)),
                None => file(Place::NoYear, 0),
            }
            match (class, &own) {
                (Some(class), _) => file(Place::Class, class.into()),
                (None, Some(own)) => {
                    file(Place::Classless, hash(own));
                    file(Place::AnyClassless, 0);
                }
                (None, None) => {
                    file(Place::Nowhere, 0);
                    file(Place::AnyClassless, 0);
                }
            }
        }
    }
}

/// Pairs of initials, and triples with the middle name.
fn initials(given: &[char], family: &[char], middle: Option<char>) -> Vec<String> {
    let mut all = Vec::new();
    for given in given {
        for family in family {
            all.push(format!("{given}{family}"));
            all.extend(middle.map(|middle| format!("{given}{middle}{family}")));
        }
    }
    all
}

/// `SAK` of Sara Al-Khatib, `LMC` of Lily-Mae Cartwright: where a name has two parts, both letters.
fn double_initials(pupil: &Pupil) -> Vec<String> {
    let letters = |cell: &Option<Redacted<String>>| {
        let parts = exposed(cell.as_ref()).map(forms::parts).unwrap_or_default();
        parts
            .iter()
            .filter_map(|part| part.chars().next())
            .collect::<String>()
    };
    let first = |letters: &String| letters.chars().take(1).collect::<String>();
    let mut all = Vec::new();
    for given in [&pupil.legal_given, &pupil.preferred_given].map(letters) {
        let families = [
            &pupil.legal_family,
            &pupil.preferred_family,
            &pupil.former_family,
        ];
        for family in families.map(letters) {
            if given.is_empty() || family.is_empty() {
                continue;
            }
            all.push(format!("{}{family}", first(&given)));
            all.push(format!("{given}{}", first(&family)));
            all.push(format!("{given}{family}"));
        }
    }
    all.retain(|letters| (3..=LONGEST_INITIALS).contains(&letters.chars().count()));
    all.sort_unstable();
    all.dedup();
    all
}

/// The most letters that stand for one pupil.
pub(super) const LONGEST_INITIALS: usize = 4;

/// The names of one pupil, by number. The parts of a double name are names of their own.
#[derive(Default, Clone)]
struct Names {
    given: Vec<u32>,
    given_parts: Vec<u32>,
    family: Vec<u32>,
    family_parts: Vec<u32>,
}

/// Every name of the register once.
#[derive(Default)]
struct NameBook {
    /// What stands in a cell to the whole name and its parts.
    cells: HashMap<(Role, String), (Option<u32>, Vec<u32>)>,
    /// Second names in use and parts of double names.
    others: HashMap<(Role, bool, String), u32>,
    roles: Vec<Role>,
    spelt: Vec<Vec<String>>,
    first_letters: Vec<Vec<(char, Quality)>>,
    rows: Vec<Row>,
}

impl NameBook {
    fn names_of(&mut self, pupil: &Pupil) -> Names {
        let mut names = Names::default();
        for cell in [&pupil.legal_given, &pupil.preferred_given] {
            let cell = exposed(cell.as_ref()).unwrap_or_default();
            self.add(Role::Given, cell, &mut names.given, &mut names.given_parts);
        }
        let families = [
            &pupil.legal_family,
            &pupil.preferred_family,
            &pupil.former_family,
        ];
        for cell in families {
            let cell = exposed(cell.as_ref()).unwrap_or_default();
            self.add(
                Role::Family,
                cell,
                &mut names.family,
                &mut names.family_parts,
            );
        }
        if names.given.is_empty() {
            // The only name of a child is called out like any other.
            let cell = exposed(pupil.legal_family.as_ref()).unwrap_or_default();
            self.add(Role::Given, cell, &mut names.given, &mut names.given_parts);
            if !names.given.is_empty() {
                names.family.clear();
                names.family_parts.clear();
            }
        }
        self.used_second_name(pupil, &mut names.given);
        names
    }

    fn add(&mut self, role: Role, cell: &str, whole: &mut Vec<u32>, parts: &mut Vec<u32>) {
        if cell.trim().is_empty() {
            return;
        }
        let key = (role, cell.to_owned());
        if !self.cells.contains_key(&key) {
            let known = self.read(role, cell);
            self.cells.insert(key.clone(), known);
        }
        let Some((name, own_parts)) = self.cells.get(&key) else {
            return;
        };
        whole.extend(name.filter(|name| !whole.contains(name)));
        let fresh: Vec<u32> = own_parts
            .iter()
            .filter(|part| !parts.contains(part))
            .copied()
            .collect();
        parts.extend(fresh);
    }

    /// Takes a cell apart: the whole name, and the parts of a double one.
    fn read(&mut self, role: Role, cell: &str) -> (Option<u32>, Vec<u32>) {
        let own = forms::parts(cell);
        let all = match role {
            Role::Given => forms::given_forms(cell),
            Role::Family => forms::family_forms(cell),
        };
        let turned: String = own.iter().rev().map(String::as_str).collect();
        let (parts, whole): (Vec<Form>, Vec<Form>) = all.into_iter().partition(|form| {
            own.len() > 1 && form.quality == Quality::Piece && form.key != turned
        });
        if whole.is_empty() {
            return (None, Vec::new());
        }
        let name = self.intern(role, false, &cell.trim().to_lowercase(), &whole);
        let first = parts.iter().map(|form| self.part(role, form)).collect();
        (Some(name), first)
    }

    fn part(&mut self, role: Role, form: &Form) -> u32 {
        self.intern(role, true, &form.key, std::slice::from_ref(form))
    }

    fn intern(&mut self, role: Role, part: bool, text: &str, forms: &[Form]) -> u32 {
        let key = (role, part, text.to_owned());
        if let Some(name) = self.others.get(&key) {
            return *name;
        }
        let name = end(self.roles.len());
        self.others.insert(key, name);
        self.roles.push(role);
        let near = |form: &&Form| form.quality <= Quality::Spelling;
        self.spelt
            .push(forms.iter().filter(near).map(|f| f.key.clone()).collect());
        let letter = |form: &Form| form.key.chars().next().map(|c| (c, form.quality));
        let mut letters: Vec<_> = forms.iter().filter_map(letter).collect();
        letters.sort_unstable();
        letters.dedup_by_key(|(c, _)| *c);
        self.first_letters.push(letters);
        self.rows.extend(forms.iter().map(|form| Row {
            key: form.key.clone(),
            meaning: Meaning {
                breaks: form.breaks,
                name,
                role,
                quality: form.quality,
            },
        }));
        name
    }

    /// Where the first of two given names is a form of Muhammad (or Abdul), the second is the one in use.
    fn used_second_name(&mut self, pupil: &Pupil, given: &mut Vec<u32>) {
        let muhammad = |word: &String| word == "mohammed" || word.starts_with("abd");
        let spelt = |name: &u32| self.spelt.get(*name as usize);
        if !given.iter().filter_map(spelt).flatten().any(muhammad) {
            return;
        }
        let Some(cell) = exposed(pupil.legal_middle.as_ref()) else {
            return;
        };
        for middle in forms::parts(cell) {
            let forms: Vec<Form> = forms::given_forms(&middle)
                .into_iter()
                .map(|form| Form {
                    quality: form.quality.max(Quality::Spelling),
                    ..form
                })
                .collect();
            let text = format!("+{middle}");
            if !forms.is_empty() {
                given.push(self.intern(Role::Given, false, &text, &forms));
            }
        }
    }

    fn letters(&self, names: &[u32], worst: Quality) -> Vec<char> {
        let mut letters: Vec<char> = names
            .iter()
            .filter_map(|name| self.first_letters.get(*name as usize))
            .flatten()
            .filter(|(_, quality)| *quality <= worst)
            .map(|(c, _)| *c)
            .collect();
        letters.sort_unstable();
        letters.dedup();
        letters
    }
}
