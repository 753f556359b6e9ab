//! Classes and years: how the register writes them and where an item mentions them.
//! Whether a mention makes a pupil identifiable is the rules' business.

use std::collections::{HashMap, HashSet};

use schoolgate_model::Pupil;

use super::{
    lists::{self, Topic},
    stream::{Case, Gap, Stream},
    tables::{QuickBuild, hash},
};
use crate::{fold::fold, hashing::Sieve};

/// A group of pupils that an item mentions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Group {
    /// A year, as [`year_key`] writes it.
    Year(String),
    /// A class, by its number in the book.
    Class(u32),
}

/// A mention and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) group: Group,
}

struct Class {
    year: Option<String>,
}

/// The classes of a school.
#[derive(Default)]
pub(super) struct ClassBook {
    classes: Vec<Class>,
    /// All letters and digits in a row: `4heron`, `6b`.
    by_key: HashMap<String, u32, QuickBuild>,
    /// The year and the first letter: `4h`.
    by_short: HashMap<String, u32, QuickBuild>,
    /// The name without the year: `heron`.
    by_word: HashMap<String, Vec<u32>, QuickBuild>,
    years: HashSet<String>,
    /// What the names of classes begin with: `4`, `r`, `kestrel`.
    firsts: HashSet<String, QuickBuild>,
    /// Every word that a mention may begin with.
    begins: Sieve,
}

/// What the mention of a year begins with, whatever the classes are.
const YEARS: &[&str] = &[
    "year",
    "years",
    "yrs",
    "blwyddyn",
    "yr",
    "y",
    "class",
    "eyfs",
    "reception",
    "nursery",
    "p",
    "s",
    "primary",
    "secondary",
];

/// What a class has of its own: its place, its things, its people.
const PLACES: &[&str] = &[
    "bench",
    "cloakroom",
    "coach",
    "coats",
    "corner",
    "crew",
    "dads",
    "display",
    "door",
    "football",
    "gang",
    "garden",
    "lot",
    "mob",
    "mud",
    "mums",
    "netball",
    "pegs",
    "reading",
    "room",
    "shelf",
    "table",
    "tables",
    "trays",
    "wall",
    "window",
    "windows",
];

/// What stands behind a class that opens a sentence, and not behind one bird or tree without an article: what many have
/// or do together.
const TOGETHER: &[&str] = &[
    "are",
    "have",
    "were",
    "quiz",
    "assembly",
    "trip",
    "cast",
    "team",
    "relay",
    "parents",
    "families",
    "star",
    "stars",
    "news",
    "news:",
    "show",
    "mums",
    "had",
    "did",
    "made",
    "won",
    "went",
    "enjoyed",
    "visited",
    "built",
    "baked",
    "wrote",
    "learned",
    "learnt",
    "performed",
    "planted",
    "finished",
    "beat",
    "loved",
    "spent",
    "started",
    "explored",
    "hosted",
    "led",
    "painted",
    "presented",
    "raised",
    "wins",
    "win",
    "celebrated",
    "cooked",
    "designed",
];

/// So many classes that open lines make a table of classes.
const LEAST_LABELS: usize = 3;

/// The parts of a class name: runs of letters and runs of digits.
fn class_parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut last = None;
    for c in fold(name).text().chars() {
        let kind = c.is_alphanumeric().then(|| c.is_numeric());
        match (kind, parts.last_mut()) {
            (Some(_), Some(part)) if kind == last => part.push(c),
            (Some(_), _) => parts.push(c.to_string()),
            (None, _) if c == '\'' => continue,
            (None, _) => {}
        }
        last = kind;
    }
    parts
}

/// A year in one spelling: `4`, `r`, `n`; Scottish `p4` and `s1` stay as they are.
pub(super) fn year_key(year: &str) -> Option<String> {
    let parts = class_parts(year);
    let words: Vec<&str> = parts.iter().map(String::as_str).collect();
    let number = |digits: &str| {
        let plain = digits.trim_start_matches('0');
        if plain.is_empty() { "r" } else { plain }.to_owned()
    };
    Some(match words.as_slice() {
        [] => return None,
        [
            "year" | "yr" | "y" | "yrs" | "nc" | "grade" | "blwyddyn",
            rest @ ..,
        ] if !rest.is_empty() => {
            return year_key(&rest.concat());
        }
        ["r" | "rec" | "reception" | "yr" | "fs", ..] if words.last() != Some(&"1") => {
            "r".to_owned()
        }
        ["n" | "nursery" | "fs" | "preschool" | "nur", ..] => "n".to_owned(),
        ["primary", digits] => format!("p{digits}"),
        ["secondary", digits] => format!("s{digits}"),
        [digits] if digits.chars().all(char::is_numeric) => number(digits),
        _ => words.concat(),
    })
}

/// The year that a class name begins with.
fn class_year(parts: &[String]) -> Option<String> {
    let first = parts.first()?;
    let year = match first.as_str() {
        "r" | "n" | "reception" | "nursery" => true,
        "year" | "yr" | "y" => {
            return parts
                .get(1)
                .filter(|second| second.chars().all(char::is_numeric))
                .and_then(|second| year_key(second));
        }
        "p" | "s" => {
            return parts
                .get(1)
                .filter(|second| second.chars().all(char::is_numeric))
                .map(|second| format!("{first}{second}"));
        }
        digits => digits.chars().all(char::is_numeric) && digits.len() <= 2,
    };
    (year && parts.len() > 1).then(|| year_key(first)).flatten()
}

impl ClassBook {
    pub(super) fn build(pupils: &[Pupil], extra: &[String]) -> Self {
        let mut book = Self::default();
        let own = pupils.iter().filter_map(|p| p.class.as_deref());
        for name in own.chain(extra.iter().map(String::as_str)) {
            book.add(name);
        }
        book.shorten();
        book.years = pupils
            .iter()
            .filter_map(|p| year_key(p.year.as_deref()?))
            .collect();
        book.begins = book.beginnings();
        book
    }

    fn beginnings(&self) -> Sieve {
        let words = self.by_word.len() * 2 + self.firsts.len() + YEARS.len();
        let mut begins = Sieve::with_room_for(words);
        let years = YEARS.iter().copied();
        let firsts = self.firsts.iter().map(String::as_str);
        for word in years.chain(firsts) {
            begins.add(hash(word));
        }
        for word in self.by_word.keys() {
            begins.add(hash(word));
            begins.add(hash(&format!("{word}s")));
        }
        begins
    }

    fn add(&mut self, name: &str) {
        let parts = class_parts(name);
        let key = parts.concat();
        if key.is_empty() || self.by_key.contains_key(&key) {
            return;
        }
        let id = u32::try_from(self.classes.len()).unwrap_or(u32::MAX);
        let year = class_year(&parts);
        let skipped = match parts.first().map(String::as_str) {
            Some("year" | "yr" | "y") => 2,
            _ => usize::from(year.is_some()),
        };
        let word: String = parts
            .iter()
            .skip(skipped)
            .filter(|part| *part != "class" && *part != "form")
            .map(String::as_str)
            .collect();
        if word.chars().count() >= 3 && word.chars().all(char::is_alphabetic) {
            self.by_word.entry(word).or_default().push(id);
        }
        self.firsts.extend(parts.first().cloned());
        self.by_key.insert(key, id);
        self.classes.push(Class { year });
    }

    /// `4H` for 4 Heron, where no other class is called so.
    fn shorten(&mut self) {
        let mut short: HashMap<String, Option<u32>, QuickBuild> = HashMap::default();
        for (word, classes) in &self.by_word {
            for class in classes {
                let year = self
                    .classes
                    .get(*class as usize)
                    .and_then(|c| c.year.clone());
                let (Some(year), Some(first)) = (year, word.chars().next()) else {
                    continue;
                };
                short
                    .entry(format!("{year}{first}"))
                    .and_modify(|class| *class = None)
                    .or_insert(Some(*class));
            }
        }
        for (key, class) in short {
            if let Some(class) = class.filter(|_| !self.by_key.contains_key(&key)) {
                self.by_short.insert(key, class);
            }
        }
    }

    /// The number of a class as the register writes it.
    pub(super) fn find(&self, name: &str) -> Option<u32> {
        self.by_key.get(&class_parts(name).concat()).copied()
    }

    /// The year that a class belongs to.
    pub(super) fn year_of(&self, class: u32) -> Option<&String> {
        self.classes.get(class as usize)?.year.as_ref()
    }

    /// Every class and year that a text mentions.
    pub(super) fn mentions(&self, stream: &Stream<'_>) -> Vec<Mention> {
        let mut mentions = Vec::new();
        let tabled = stream.has.marks & (Gap::COLON | Gap::DASH) != 0 && {
            let labels = (0..stream.len()).filter(|at| self.is_label(stream, *at));
            labels.take(LEAST_LABELS).count() == LEAST_LABELS
        };
        let mut at = 0;
        while let Some(atom) = stream.get(at) {
            if !self.begins.may_have(atom.hash) {
                at += 1;
                continue;
            }
            let before = mentions.len();
            self.class_at(stream, at, &mut mentions);
            if mentions.len() == before {
                let label = tabled && self.is_label(stream, at);
                self.word_at(stream, at, label, &mut mentions);
            }
            if mentions.len() == before {
                self.year_at(stream, at, &mut mentions);
            }
            at = mentions[before..]
                .iter()
                .map(|m| m.end)
                .max()
                .unwrap_or(at + 1);
        }
        mentions
    }

    /// A whole class name: `4 Heron`, `4Heron`, `6B`, `R-Acorn`.
    fn class_at(&self, stream: &Stream<'_>, at: usize, mentions: &mut Vec<Mention>) {
        if !self.firsts.contains(stream.text(at)) {
            return;
        }
        let mut key = String::new();
        let mut found = None;
        for end in at..stream.len().min(at + 4) {
            let gap = stream.gap(end);
            if end > at && !(gap.only(Gap::SPACE | Gap::DASH | Gap::UNDERLINE) && gap.length() <= 2)
            {
                break;
            }
            key.push_str(stream.text(end));
            let whole = end > at || stream.get(at).is_some_and(|a| a.digits);
            if let Some(class) = self.by_key.get(&key).filter(|_| whole) {
                found = Some((end + 1, *class));
            }
            // `6Bs` and `4 Herons`
            if let Some(class) = key
                .strip_suffix('s')
                .filter(|_| end > at)
                .and_then(|key| self.by_key.get(key))
            {
                found = found.or(Some((end + 1, *class)));
            }
        }
        let found = found.or_else(|| self.short_at(stream, at));
        if let Some((end, class)) = found {
            mentions.push(Mention {
                start: at,
                end,
                group: Group::Class(class),
            });
        }
    }

    /// `4H`, and not the distance of a race or the sharpness of a screen.
    fn short_at(&self, stream: &Stream<'_>, at: usize) -> Option<(usize, u32)> {
        let (number, letter) = (stream.get(at)?, stream.get(at + 1)?);
        let glued = stream.gap(at + 1).is_empty()
            && (at + 2 >= stream.len() || !stream.gap(at + 2).is_empty());
        let alone = at == 0 || !stream.gap(at).is_empty() && !stream.gap(at).has(Gap::SYMBOL);
        if !number.digits || letter.case != Case::Title || !letter.is_single() || !glued || !alone {
            return None;
        }
        let measure = matches!(
            stream.text(at + 2),
            "run"
                | "race"
                | "walk"
                | "time"
                | "steps"
                | "challenge"
                | "screen"
                | "video"
                | "tv"
                | "printer"
                | "printing"
                | "shape"
                | "shapes"
                | "model"
                | "models"
                | "views"
        ) || matches!(
            stream.text_before(at, 1),
            "run" | "ran" | "a" | "over" | "under"
        );
        let key = format!("{}{}", number.text, letter.text);
        let class = self.by_short.get(&key).filter(|_| !measure)?;
        Some((at + 2, *class))
    }

    /// `Robin: Kwame` at the opening of a line: the name of a class before those who are in it.
    fn is_label(&self, stream: &Stream<'_>, at: usize) -> bool {
        let opens = at == 0 || stream.gap(at).has(Gap::LINE);
        if !opens {
            return false;
        }
        let gap = stream.gap(at + 1);
        let closes = gap.has(Gap::COLON) || gap.has(Gap::DASH) && gap.length() >= 3;
        let title = |at: usize| stream.get(at).is_some_and(|a| a.case == Case::Title);
        closes
            && !gap.has(Gap::LINE)
            && title(at)
            && title(at + 1)
            && self.by_word.contains_key(stream.text(at))
    }

    /// The name of a class without its year: `Herons`, `Heron class`, `class Heron`.
    fn word_at(&self, stream: &Stream<'_>, at: usize, label: bool, mentions: &mut Vec<Mention>) {
        let Some(atom) = stream.get(at) else { return };
        let plain = self.by_word.get(&*atom.text);
        let plural = atom
            .text
            .strip_suffix('s')
            .and_then(|w| self.by_word.get(w));
        let Some(classes) = plain.or(plural) else {
            return;
        };
        let labelled = matches!(
            stream.text(at + 1),
            "class" | "form" | "classroom" | "pupils" | "children"
        ) && stream.follows(at + 1)
            || matches!(stream.text_before(at, 1), "class" | "form");
        let determiner = matches!(
            stream.text_before(at, 1),
            "a" | "an" | "the" | "this" | "that"
        );
        // `Arthur Wren, caretaker`
        let named = stream.follows(at)
            && stream
                .get(at.saturating_sub(1))
                .is_some_and(|a| a.capital() && a.word.given && a.word.topic.is_none());
        // `a Merlin called Swift`, `one Osprey boy`
        let member = matches!(
            stream.text(at + 1),
            "called"
                | "named"
                | "boy"
                | "girl"
                | "lad"
                | "pupil"
                | "child"
                | "kid"
                | "mum"
                | "dad"
                | "parent"
                | "family"
        ) && stream.follows(at + 1);
        // `the Finch mud kitchen`
        let place = stream.follows(at + 1) && PLACES.contains(&stream.text(at + 1));
        // Birds and trees are what classes are called after; a name or another word needs the word "class" beside it.
        let living = matches!(lists::topic(&atom.text), Some(Topic::Nature | Topic::Plant));
        let word = lists::is_given(&atom.text) || lists::is_word(&atom.text) && !living;
        let bare = atom.capital()
            && !atom.heading
            && if plain.is_some() {
                !atom.opens && (!determiner || member || place) && !word && !named
            } else {
                !word
            };
        // `the girl in wren`: a bird would need an article.
        let said = matches!(stream.text_before(at, 1), "in" | "from" | "hes" | "shes")
            && stream.follows(at)
            || at > 0
                && matches!(stream.text_before(at, 1), "he" | "she")
                && stream.get(at - 1).is_some_and(|a| a.possessive);
        // `bella in robin`, but not `in Robin Hood`
        let person = lists::is_given(&atom.text)
            && (atom.capital()
                || atom.possessive
                || stream.text_before(at, 1) != "in"
                || matches!(stream.text(at + 1), "hood" | "redbreast"));
        // `max in oak`: a tree of which nothing is made
        let child = stream.text_before(at, 1) == "in"
            && at >= 2
            && stream.get(at - 2).is_some_and(|a| {
                a.word.given
                    && !matches!(
                        a.word.topic,
                        Some(Topic::Plant | Topic::Nature | Topic::Gem)
                    )
            });
        let placed = plain.is_some()
            && said
            && (!word || child || lists::topic(&atom.text) == Some(Topic::Nature))
            && !person;
        // `Curlew quiz`, `Kestrel have been`: many together
        let together = plain.is_some()
            && atom.case == Case::Title
            && living
            && !lists::is_given(&atom.text)
            && !determiner
            && stream.follows(at + 1)
            && TOGETHER.contains(&stream.text(at + 1));
        // `Heron, we salute you`
        let called = plain.is_some()
            && atom.case == Case::Title
            && living
            && stream.gap(at + 1).has(Gap::COMMA)
            && matches!(
                stream.text(at + 1),
                "you" | "we" | "your" | "well" | "thank" | "what"
            );
        if !(labelled || label || bare || placed || together || called || stream.loose && !word) {
            return;
        }
        for class in classes {
            mentions.push(Mention {
                start: at,
                end: at + 1,
                group: Group::Class(*class),
            });
        }
    }

    /// `Year 4`, `Yr 4`, `Y4`, `Years 3 and 4`, `Reception`, `Nursery`, `P4` where the school counts so.
    fn year_at(&self, stream: &Stream<'_>, at: usize, mentions: &mut Vec<Mention>) {
        let Some(atom) = stream.get(at) else { return };
        let glued = stream.gap(at + 1).is_empty() && stream.get(at + 1).is_some();
        match &*atom.text {
            "year" | "years" | "yrs" | "blwyddyn" => years_after(stream, at, mentions),
            "yr" if number_at(stream, at + 1).is_some() => years_after(stream, at, mentions),
            "y" if glued || atom.capital() => years_after(stream, at, mentions),
            "class" if number_at(stream, at + 1).is_some() => years_after(stream, at, mentions),
            "yr" if atom.case == Case::Upper => push_year(mentions, at, at + 1, "r"),
            "eyfs" => {
                push_year(mentions, at, at + 1, "r");
                push_year(mentions, at, at + 1, "n");
            }
            "reception" if is_reception(stream, at) => push_year(mentions, at, at + 1, "r"),
            "nursery" if !matches!(stream.text(at + 1), "rhyme" | "rhymes") => {
                push_year(mentions, at, at + 1, "n");
            }
            "p" | "s" if glued => {
                let key = format!("{}{}", atom.text, stream.text(at + 1));
                if self.years.contains(&key) {
                    push_year(mentions, at, at + 2, &key);
                }
            }
            "primary" | "secondary" if stream.follows(at + 1) => {
                let key = format!("{}{}", &atom.text[..1], stream.text(at + 1));
                if self.years.contains(&key) {
                    push_year(mentions, at, at + 2, &key);
                }
            }
            _ => {}
        }
    }
}

fn push_year(mentions: &mut Vec<Mention>, start: usize, end: usize, year: &str) {
    mentions.push(Mention {
        start,
        end,
        group: Group::Year(year.to_owned()),
    });
}

const NUMBERS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen",
];

/// The year of school that an atom names.
fn number_at(stream: &Stream<'_>, at: usize) -> Option<String> {
    let atom = stream.get(at)?;
    if atom.digits {
        let number: u32 = atom.text.parse().ok()?;
        return (1..=13).contains(&number).then(|| number.to_string());
    }
    if let Some(n) = NUMBERS.iter().position(|word| *word == atom.text) {
        return Some((n + 1).to_string());
    }
    match &*atom.text {
        "r" if atom.capital() => Some("r".to_owned()),
        "reception" => Some("r".to_owned()),
        "n" if atom.capital() => Some("n".to_owned()),
        "nursery" => Some("n".to_owned()),
        _ => None,
    }
}

/// The numbers that follow `Year`, and those joined to them: `3 and 4`, `3/4`, `3-6`.
fn years_after(stream: &Stream<'_>, at: usize, mentions: &mut Vec<Mention>) {
    let mut next = at + 1;
    let first_gap = stream.gap(next);
    if !first_gap.only(Gap::SPACE | Gap::DASH | Gap::UNDERLINE | Gap::STOP)
        || first_gap.length() > 2
    {
        return;
    }
    while let Some(year) = number_at(stream, next) {
        push_year(mentions, at, next + 1, &year);
        // `Years 1 to 3` are three of them
        let range = matches!(stream.text(next + 1), "to")
            || stream.gap(next + 1).only(Gap::DASH) && stream.gap(next + 1).length() == 1;
        if let (true, Some(last)) = (
            range,
            number_at(
                stream,
                next + 1 + usize::from(stream.text(next + 1) == "to"),
            ),
        ) {
            let (from, to) = (
                year.parse::<u32>().unwrap_or(0),
                last.parse::<u32>().unwrap_or(0),
            );
            for between in from + 1..to.min(13) {
                push_year(mentions, at, next + 1, &between.to_string());
            }
        }
        let joined = stream.gap(next + 1).has(Gap::AND | Gap::COMMA | Gap::DASH);
        if joined && number_at(stream, next + 1).is_some() {
            next += 1;
        } else if matches!(stream.text(next + 1), "and" | "to" | "or")
            && number_at(stream, next + 2).is_some()
        {
            next += 2;
        } else {
            break;
        }
    }
}

/// The year, and not the desk by the door.
fn is_reception(stream: &Stream<'_>, at: usize) -> bool {
    let desk = matches!(
        stream.text(at + 1),
        "desk" | "area" | "office" | "staff" | "team" | "entrance" | "window" | "hatch" | "door"
    ) && stream.follows(at + 1);
    let place = matches!(
        stream.text_before(at, 1),
        "at" | "main" | "school" | "front" | "the" | "via" | "wedding"
    );
    let class = matches!(
        stream.text(at + 1),
        "class"
            | "children"
            | "child"
            | "pupils"
            | "pupil"
            | "year"
            | "teacher"
            | "classes"
            | "parents"
    );
    let capital = stream.get(at).is_some_and(|a| a.capital());
    let into = matches!(stream.text_before(at, 1), "in" | "from" | "our" | "into");
    !desk && (class || !place && (capital || into || stream.loose))
}

#[cfg(test)]
mod tests {
    use schoolgate_model::Surface;

    use super::*;
    use crate::SurfaceText;

    fn groups(text: &str) -> Vec<String> {
        let mut book = ClassBook::default();
        for class in ["4 Heron", "R Acorn", "6B", "Kestrel", "1 Robin"] {
            book.add(class);
        }
        book.begins = book.beginnings();
        let surface = SurfaceText::new(Surface::Text, None, text);
        book.mentions(&Stream::read(&surface))
            .into_iter()
            .map(|m| match m.group {
                Group::Year(year) => year,
                Group::Class(class) => format!("#{class}"),
            })
            .collect()
    }

    #[test]
    fn years_are_read_in_every_usual_form() {
        for text in [
            "Year 4",
            "Yr 4",
            "yr4",
            "Y4",
            "y4",
            "Year Four",
            "YEAR 4",
            "#Year4",
            "Class 4",
            "a Year 4s trip",
        ] {
            assert_eq!(groups(text), ["4"], "{text}");
        }
        assert_eq!(groups("Years 3 and 4"), ["3", "4"]);
        assert_eq!(groups("Year 3/4"), ["3", "4"]);
        assert_eq!(groups("our Reception children"), ["r"]);
        assert_eq!(groups("in reception"), ["r"]);
    }

    #[test]
    fn classes_are_read_with_and_without_their_year() {
        for text in [
            "4 Heron",
            "4Heron",
            "4-heron",
            "Heron class",
            "the Herons",
            "all of Heron won",
        ] {
            assert_eq!(groups(text), ["#0"], "{text}");
        }
        assert_eq!(groups("6B and 6 B"), ["#2", "#2"]);
        assert_eq!(groups("R Acorn"), ["#1"]);
    }

    #[test]
    fn other_uses_of_the_words_are_no_class() {
        for text in [
            "the year 2026",
            "a heron by the lake",
            "a Robin sang",
            "at reception",
            "the Reception desk",
            "nursery rhymes",
            "five years",
            "this year",
        ] {
            assert_eq!(groups(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn years_have_one_spelling() {
        for (year, key) in [
            ("Reception", "r"),
            ("R", "r"),
            ("0", "r"),
            ("Year R", "r"),
            ("Nursery", "n"),
            ("N2", "n"),
            ("Year 4", "4"),
            ("Y04", "4"),
            ("P4", "p4"),
            ("12", "12"),
        ] {
            assert_eq!(year_key(year).as_deref(), Some(key), "{year}");
        }
    }
}
