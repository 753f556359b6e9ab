//! One policy file: text to lines, with every fault at its place. Putting files on top of each other is `layer`'s.

use std::{borrow::Cow, collections::BTreeMap, ops::Range, time::Duration};

use schoolgate_model::{Audience, CommentClass, ConfigFault};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    cell::{Cell, NameWithImage, Need, Route, Word},
    known::{KnownRules, specificity},
};

/// Which of the two tables a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// What official accounts are about to say.
    Draft,
    /// What the public says.
    Comment,
}

impl Table {
    /// The table's name in a policy file.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Comment => "comment",
        }
    }
}

/// A place in a file: line and column from 1.
pub(super) type Place = (usize, usize);

/// One line of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) table: Table,
    pub(super) channel: Option<String>,
    pub(super) name: String,
    /// The line's name and the names above it.
    pub(super) covers: Vec<String>,
    /// How specific the line is: the name first, then whether it is for one channel.
    pub(super) rank: u8,
    pub(super) cell: Cell,
    pub(super) place: Place,
}

/// One entry of `[locked]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lock {
    pub(super) table: Table,
    pub(super) name: String,
    pub(super) place: Place,
}

/// A policy file that was read without a fault.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyFile {
    pub(super) file: String,
    pub(super) name_with_image: Option<(NameWithImage, Place)>,
    pub(super) lines: Vec<Line>,
    pub(super) locks: Vec<Lock>,
    pub(super) routes: BTreeMap<String, Route>,
}

/// The name under which the image rule is locked.
pub(super) const NAME_WITH_IMAGE_KEY: &str = "name_with_image";
const UNDECLARED_KEY: &str = "undeclared_subjects";
const TOP_KEYS: &[&str] = &[
    "version",
    NAME_WITH_IMAGE_KEY,
    UNDECLARED_KEY,
    "draft",
    "comment",
    "route",
    "locked",
];
const CELL_KEYS: &[&str] = &["outcome", "min_confidence", "clause", "approvers", "alert"];
const COMMENT_CELL_KEYS: &[&str] = &[
    "mild",
    "medium",
    "strong",
    "auto",
    "needs_response",
    "actions",
];
const ROUTE_KEYS: &[&str] = &["to", "ladder", "step", "quiet_hours"];
const ACTIONS: &[&str] = &["hide", "delete", "block"];

impl PolicyFile {
    /// Reads one policy file. `file` is the name that faults show.
    ///
    /// # Errors
    /// Every fault of the file, in the file's order.
    pub fn parse(file: &str, text: &str, known: &KnownRules) -> Result<Self, Vec<ConfigFault>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut reader = Reader {
            file,
            text,
            known,
            faults: Vec::new(),
        };
        for error in &errors {
            let at = error.span().unwrap_or(0..0);
            reader.fault(&at, error.message().to_owned(), None);
        }
        let policy = reader.root(root.get_ref());
        if reader.faults.is_empty() {
            return Ok(policy);
        }
        reader
            .faults
            .sort_by_key(|fault| (fault.line, fault.column));
        Err(reader.faults)
    }

    /// The file's name, as given to `parse`.
    pub fn file(&self) -> &str {
        &self.file
    }
}

type Key<'i> = Spanned<Cow<'i, str>>;
type Value<'i> = Spanned<DeValue<'i>>;

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    known: &'a KnownRules,
    faults: Vec<ConfigFault>,
}

impl Reader<'_> {
    fn place(&self, at: &Range<usize>) -> Place {
        ConfigFault::place(self.text, at.start)
    }

    fn fault(&mut self, at: &Range<usize>, message: String, hint: Option<String>) {
        let (line, column) = self.place(at);
        let mut fault = ConfigFault::at(self.file, line, column, message);
        fault.hint = hint;
        self.faults.push(fault);
    }

    fn unknown<'n>(
        &mut self,
        at: &Range<usize>,
        what: &str,
        name: &str,
        names: impl Iterator<Item = &'n str>,
    ) {
        let hint = nearest(name, names).map(|near| format!("did you mean `{near}`?"));
        self.fault(at, format!("unknown {what} `{name}`"), hint);
    }

    fn root(&mut self, root: &DeTable<'_>) -> PolicyFile {
        let mut policy = PolicyFile {
            file: self.file.to_owned(),
            name_with_image: None,
            lines: Vec::new(),
            locks: Vec::new(),
            routes: BTreeMap::new(),
        };
        for (key, value) in in_file_order(root) {
            let name: &str = key.get_ref();
            match name {
                "version" => self.version(value),
                NAME_WITH_IMAGE_KEY => {
                    policy.name_with_image = self
                        .one_of(value, NameWithImage::ALL, NameWithImage::code)
                        .map(|rule| (rule, self.place(&key.span())));
                }
                UNDECLARED_KEY => self.line(&mut policy, Table::Draft, None, key, value),
                "draft" => self.draft(&mut policy, value),
                "comment" => {
                    for (key, value) in self.entries(value) {
                        self.line(&mut policy, Table::Comment, None, key, value);
                    }
                }
                "route" => self.routes(&mut policy, value),
                "locked" => self.locked(&mut policy, value),
                _ => self.unknown(&key.span(), "key", name, TOP_KEYS.iter().copied()),
            }
        }
        policy
    }

    fn version(&mut self, value: &Value<'_>) {
        let is_one = matches!(value.get_ref(), DeValue::Integer(number) if number.as_str() == "1");
        if !is_one {
            let hint = Some("write `version = 1`".to_owned());
            self.fault(
                &value.span(),
                "this program reads version 1 of the policy format".to_owned(),
                hint,
            );
        }
    }

    /// The entries of a table; anything else is a fault.
    fn entries<'v, 'i>(&mut self, value: &'v Value<'i>) -> Vec<(&'v Key<'i>, &'v Value<'i>)> {
        match value.get_ref() {
            DeValue::Table(table) => in_file_order(table),
            other => {
                let message = format!("expected a table, found {}", other.type_str());
                self.fault(&value.span(), message, None);
                Vec::new()
            }
        }
    }

    fn draft(&mut self, policy: &mut PolicyFile, value: &Value<'_>) {
        for (key, value) in self.entries(value) {
            if key.get_ref() != "channel" {
                self.line(policy, Table::Draft, None, key, value);
                continue;
            }
            for (platform, lines) in self.entries(value) {
                let channel = platform.get_ref().to_lowercase();
                for (key, value) in self.entries(lines) {
                    self.line(policy, Table::Draft, Some(&channel), key, value);
                }
            }
        }
    }

    fn line(
        &mut self,
        policy: &mut PolicyFile,
        table: Table,
        channel: Option<&str>,
        key: &Key<'_>,
        value: &Value<'_>,
    ) {
        let written: &str = key.get_ref();
        let Some(name) = self.line_name(table, written) else {
            let known = self.known;
            let classes = CommentClass::ALL.iter().map(|class| class.code());
            let classes = classes.filter(|_| table == Table::Comment);
            self.unknown(
                &key.span(),
                "rule or category",
                written,
                known.names().chain(classes),
            );
            return;
        };
        let twice = policy.lines.iter().any(|line| {
            line.table == table && line.channel.as_deref() == channel && line.name == name
        });
        if twice {
            self.fault(&key.span(), format!("`{name}` is given twice"), None);
            return;
        }
        let cell = self.cell(table, &name, value);
        policy.lines.push(Line {
            table,
            channel: channel.map(str::to_owned),
            covers: self.known.with_parents(&name),
            rank: specificity(&name) * 2 + u8::from(channel.is_some()),
            name,
            cell,
            place: self.place(&key.span()),
        });
    }

    fn line_name(&self, table: Table, written: &str) -> Option<String> {
        self.known.resolve(written).or_else(|| {
            (table == Table::Comment && CommentClass::from_code(written).is_some())
                .then(|| written.to_owned())
        })
    }

    fn cell(&mut self, table: Table, name: &str, value: &Value<'_>) -> Cell {
        if !matches!(value.get_ref(), DeValue::Table(_)) {
            let words = [self.one_of(value, Word::ALL, Word::code); 3];
            return Cell {
                words,
                ..Cell::default()
            };
        }
        let entries = self.entries(value);
        let mut cell = Cell::default();
        // `outcome` first, whatever the order: `mild`, `medium` and `strong` refine it.
        for (_, value) in entries.iter().filter(|(key, _)| key.get_ref() == "outcome") {
            cell.words = [self.one_of(value, Word::ALL, Word::code); 3];
        }
        for (key, value) in entries {
            let field: &str = key.get_ref();
            if CELL_KEYS.contains(&field) {
                self.cell_field(&mut cell, field, value);
            } else if COMMENT_CELL_KEYS.contains(&field) && table == Table::Comment {
                self.comment_field(&mut cell, field, value);
            } else {
                self.unknown_field(table, name, &key.span(), field);
            }
        }
        cell
    }

    fn unknown_field(&mut self, table: Table, name: &str, at: &Range<usize>, field: &str) {
        let dotted = format!("{name}.{field}");
        if self.known.resolve(&dotted).is_some() {
            let hint = Some(format!("put the name in quotes: \"{dotted}\" = ..."));
            self.fault(at, format!("unknown key `{field}`"), hint);
        } else if COMMENT_CELL_KEYS.contains(&field) {
            let hint = Some("move the line to [comment]".to_owned());
            self.fault(at, format!("`{field}` is for comments only"), hint);
        } else {
            let more = COMMENT_CELL_KEYS.iter().filter(|_| table == Table::Comment);
            self.unknown(at, "key", field, CELL_KEYS.iter().chain(more).copied());
        }
    }

    fn cell_field(&mut self, cell: &mut Cell, field: &str, value: &Value<'_>) {
        match field {
            "min_confidence" => cell.min_confidence = self.share(value),
            "clause" => cell.clause = self.string(value).map(str::to_owned),
            "approvers" => cell.approvers = self.audiences(value),
            "alert" => cell.alert = self.audiences(value),
            _ => {}
        }
    }

    fn comment_field(&mut self, cell: &mut Cell, field: &str, value: &Value<'_>) {
        match field {
            "mild" => cell.words[0] = self.one_of(value, Word::ALL, Word::code),
            "medium" => cell.words[1] = self.one_of(value, Word::ALL, Word::code),
            "strong" => cell.words[2] = self.one_of(value, Word::ALL, Word::code),
            "auto" => {
                cell.auto = self
                    .one_of(value, ACTIONS, |action| action)
                    .map(str::to_owned);
            }
            "needs_response" => cell.needs = self.one_of(value, Need::ALL, Need::code),
            "actions" => {
                cell.actions = self.list(value, |reader, value| {
                    reader
                        .one_of(value, ACTIONS, |action| action)
                        .map(str::to_owned)
                });
            }
            _ => {}
        }
    }

    fn string<'v>(&mut self, value: &'v Value<'_>) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            let found = value.get_ref().type_str();
            self.fault(
                &value.span(),
                format!("expected words in quotes, found {found}"),
                None,
            );
        }
        text
    }

    fn one_of<T: Copy>(
        &mut self,
        value: &Value<'_>,
        all: &[T],
        code: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let written = self.string(value)?;
        let found = all.iter().copied().find(|one| code(*one) == written);
        if found.is_none() {
            let codes: Vec<_> = all.iter().map(|one| code(*one)).collect();
            let near = nearest(written, codes.iter().copied());
            let hint = near.map(|near| format!("did you mean `{near}`?"));
            let message = format!("`{written}` is not one of {}", codes.join(", "));
            self.fault(&value.span(), message, hint);
        }
        found
    }

    fn share(&mut self, value: &Value<'_>) -> Option<f32> {
        let number = match value.get_ref() {
            DeValue::Float(number) => number.as_str().parse::<f32>().ok(),
            DeValue::Integer(number) => number.as_str().parse::<f32>().ok(),
            _ => None,
        };
        let share = number.filter(|number| (0.0..=1.0).contains(number));
        if share.is_none() {
            self.fault(
                &value.span(),
                "expected a number from 0 to 1".to_owned(),
                None,
            );
        }
        share
    }

    fn list<T>(
        &mut self,
        value: &Value<'_>,
        mut each: impl FnMut(&mut Self, &Value<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let DeValue::Array(array) = value.get_ref() else {
            let found = value.get_ref().type_str();
            self.fault(
                &value.span(),
                format!("expected a list, found {found}"),
                None,
            );
            return None;
        };
        array.iter().map(|value| each(self, value)).collect()
    }

    fn audiences(&mut self, value: &Value<'_>) -> Option<Vec<Audience>> {
        self.list(value, |reader, value| {
            reader.one_of(value, Audience::ALL, Audience::code)
        })
    }

    fn routes(&mut self, policy: &mut PolicyFile, value: &Value<'_>) {
        for (key, value) in self.entries(value) {
            let name: &str = key.get_ref();
            if CommentClass::from_code(name).is_none() {
                let classes = CommentClass::ALL.iter().map(|class| class.code());
                self.unknown(&key.span(), "class", name, classes);
                continue;
            }
            let mut route = Route::default();
            for (key, value) in self.entries(value) {
                match key.get_ref().as_ref() {
                    "to" => route.to = self.audiences(value),
                    "ladder" => route.ladder = self.list(value, Self::rung),
                    "step" => route.step = self.duration(value),
                    "quiet_hours" => {
                        route.override_quiet_hours = self
                            .one_of(value, &["override", "respect"], |word| word)
                            .map(|word| word == "override");
                    }
                    field => self.unknown(&key.span(), "key", field, ROUTE_KEYS.iter().copied()),
                }
            }
            policy.routes.insert(name.to_owned(), route);
        }
    }

    fn rung(&mut self, value: &Value<'_>) -> Option<String> {
        let mut rungs: Vec<&'static str> = Audience::ALL.iter().map(|one| one.code()).collect();
        rungs.push("deputy_dsl");
        self.one_of(value, &rungs, |rung| rung).map(str::to_owned)
    }

    fn duration(&mut self, value: &Value<'_>) -> Option<Duration> {
        let written = self.string(value)?;
        let seconds = [("s", 1), ("m", 60), ("h", 3600)]
            .iter()
            .find_map(|(unit, size)| {
                let number: u64 = written.strip_suffix(unit)?.parse().ok()?;
                number.checked_mul(*size).filter(|seconds| *seconds > 0)
            });
        if seconds.is_none() {
            let hint = Some("such as \"10m\"".to_owned());
            self.fault(
                &value.span(),
                format!("`{written}` is not a time in s, m or h"),
                hint,
            );
        }
        seconds.map(Duration::from_secs)
    }

    fn locked(&mut self, policy: &mut PolicyFile, value: &Value<'_>) {
        for (key, value) in self.entries(value) {
            let table = match key.get_ref().as_ref() {
                "draft" => Table::Draft,
                "comment" => Table::Comment,
                other => {
                    self.unknown(
                        &key.span(),
                        "key",
                        other,
                        ["draft", "comment"].iter().copied(),
                    );
                    continue;
                }
            };
            let locks = self.list(value, |reader, value| reader.lock(table, value));
            policy.locks.extend(locks.into_iter().flatten());
        }
    }

    fn lock(&mut self, table: Table, value: &Value<'_>) -> Option<Lock> {
        let written = self.string(value)?;
        let image_rule = (written == NAME_WITH_IMAGE_KEY && table == Table::Draft)
            .then(|| NAME_WITH_IMAGE_KEY.to_owned());
        let Some(name) = image_rule.or_else(|| self.line_name(table, written)) else {
            let known = self.known;
            self.unknown(&value.span(), "rule or category", written, known.names());
            return None;
        };
        let place = self.place(&value.span());
        Some(Lock { table, name, place })
    }
}

/// A table's entries as they were written, so that of two names the later one is at fault.
fn in_file_order<'v, 'i>(table: &'v DeTable<'i>) -> Vec<(&'v Key<'i>, &'v Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// The name closest in spelling, where one is close enough to be meant.
fn nearest<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let written = written.to_lowercase();
    names
        .map(|name| (strsim::damerau_levenshtein(&written, name), name))
        .filter(|(distance, name)| *distance <= name.chars().count().max(6) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
