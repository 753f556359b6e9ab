//! Policies as data: files put on top of each other, the most specific winning, locked lines never loosened
//! (contract, section 2). What the cells mean for one item is `decide`'s work; reading files is the school crate's.

mod cell;
mod known;
mod parse;
mod presets;
#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use schoolgate_model::{CommentClass, ConfigFault};
use sha2::{Digest, Sha256};

pub use cell::{Cell, NameWithImage, Need, Route, Strength, Word};
pub(crate) use known::rules;
pub use known::{FixedRule, KnownRules};
pub use parse::{PolicyFile, Table};
pub use presets::{PRESETS, preset};

use parse::{Line, NAME_WITH_IMAGE_KEY, Place};

/// The policy compiled into the program: the tables of the contract as data.
pub const BUILT_IN: &str = include_str!("../../../../config/policy.toml");

/// The policy in force for one school.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Least specific first.
    layers: Vec<PolicyFile>,
    /// Layer and number of every line, by name; those of one name in their order.
    by_name: HashMap<String, Vec<(usize, usize)>>,
    version: String,
}

/// One line of the effective policy, for `policy explain`.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectiveLine {
    /// Drafts or comments.
    pub table: Table,
    /// The platform that the line is for, where not for all.
    pub channel: Option<String>,
    /// Rule, sub-kind, category or class.
    pub name: String,
    /// What is in force.
    pub cell: Cell,
    /// File and line of the last layer that speaks about it.
    pub set_by: String,
    /// File and line of the lock on it.
    pub locked_by: Option<String>,
}

impl Settings {
    /// Puts the files on top of each other: built-in, preset, trust, school.
    ///
    /// # Errors
    /// A fault at every line that loosens a locked one, naming the lock.
    pub fn layer(
        built_in: PolicyFile,
        preset: Option<PolicyFile>,
        trust: Option<PolicyFile>,
        school: Option<PolicyFile>,
    ) -> Result<Self, Vec<ConfigFault>> {
        let mut settings = Self {
            layers: vec![built_in],
            by_name: HashMap::new(),
            version: String::new(),
        };
        settings
            .layers
            .extend([preset, trust, school].into_iter().flatten());
        for (layer, file) in settings.layers.iter().enumerate() {
            for (number, line) in file.lines.iter().enumerate() {
                let named = settings.by_name.entry(line.name.clone());
                named.or_default().push((layer, number));
            }
        }
        let faults = settings.loosened();
        if !faults.is_empty() {
            return Err(faults);
        }
        settings.version = settings.hash();
        Ok(settings)
    }

    /// The built-in policy alone.
    ///
    /// # Errors
    /// The faults of the compiled-in file; a test keeps it free of them.
    pub fn built_in(known: &KnownRules) -> Result<Self, Vec<ConfigFault>> {
        Self::layer(
            PolicyFile::parse("policy.toml (built in)", BUILT_IN, known)?,
            None,
            None,
            None,
        )
    }

    /// A short hash of what the policy says, whatever its comments and order: the verdict's `versions.policy`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The rule for names next to a picture.
    pub fn name_with_image(&self) -> NameWithImage {
        let mut set = self.layers.iter().filter_map(|layer| layer.name_with_image);
        let last = set.next_back().map(|(rule, _)| rule).unwrap_or_default();
        self.locks_on(Table::Draft, NAME_WITH_IMAGE_KEY)
            .map(|(layer, _)| self.name_with_image_up_to(layer))
            .fold(last, NameWithImage::max)
    }

    /// The cell for `names` (most specific first), or `None` where no line covers any of them.
    /// A locked line of a less specific layer is a floor.
    pub fn cell(
        &self,
        table: Table,
        channel: Option<&str>,
        names: &[impl AsRef<str>],
    ) -> Option<Cow<'_, Cell>> {
        let mut cell = self.resolve(table, channel, names, self.layers.len())?;
        if self.layers.iter().all(|layer| layer.locks.is_empty()) {
            return Some(cell);
        }
        for name in names {
            for (layer, _) in self.locks_on(table, name.as_ref()) {
                if let Some(floor) = self.resolve(table, channel, names, layer + 1) {
                    cell.to_mut().keep_above(&floor);
                }
            }
        }
        Some(cell)
    }

    /// How alerts of a class climb.
    pub fn route(&self, class: CommentClass) -> Route {
        let mut route = Route::default();
        for layer in &self.layers {
            let Some(line) = layer.routes.get(class.code()) else {
                continue;
            };
            let line = line.clone();
            route = Route {
                to: line.to.or(route.to),
                ladder: line.ladder.or(route.ladder),
                step: line.step.or(route.step),
                override_quiet_hours: line.override_quiet_hours.or(route.override_quiet_hours),
            };
        }
        route
    }

    /// Every line in force, drafts first, by name, for `policy explain`.
    pub fn effective(&self) -> Vec<EffectiveLine> {
        let mut last: BTreeMap<(Table, Option<&str>, &str), (&Line, &str)> = BTreeMap::new();
        for layer in &self.layers {
            for line in &layer.lines {
                let key = (line.table, line.channel.as_deref(), line.name.as_str());
                last.insert(key, (line, &layer.file));
            }
        }
        last.into_values()
            .filter_map(|(line, file)| {
                let names: Vec<&str> = line.covers.iter().map(String::as_str).collect();
                let lock = names
                    .iter()
                    .find_map(|name| self.locks_on(line.table, name).next());
                Some(EffectiveLine {
                    table: line.table,
                    channel: line.channel.clone(),
                    name: line.name.clone(),
                    cell: self
                        .cell(line.table, line.channel.as_deref(), &names)?
                        .into_owned(),
                    set_by: format!("{file}:{}", line.place.0),
                    locked_by: lock
                        .map(|(layer, place)| format!("{}:{}", self.layers[layer].file, place.0)),
                })
            })
            .collect()
    }

    /// The cell from the first `layers` layers. A line that is as specific as what came before replaces what it
    /// speaks about; a more general one of a later layer can only tighten.
    fn resolve(
        &self,
        table: Table,
        channel: Option<&str>,
        names: &[impl AsRef<str>],
        layers: usize,
    ) -> Option<Cow<'_, Cell>> {
        let again = |at: usize, name: &str| names[..at].iter().any(|other| other.as_ref() == name);
        let asked = names.iter().map(AsRef::as_ref).enumerate();
        let mut lines = asked
            .filter(|(at, name)| !again(*at, name))
            .filter_map(|(at, name)| Some((at, self.by_name.get(name)?)))
            .flat_map(|(at, named)| named.iter().map(move |place| (at, place)))
            .map(|(at, (layer, number))| (*layer, Reverse(at), &self.layers[*layer].lines[*number]))
            .filter(|(layer, _, line)| *layer < layers && line.table == table)
            .filter(|(_, _, line)| line.channel.is_none() || line.channel.as_deref() == channel);
        let first = lines.next()?;
        let Some(second) = lines.next() else {
            return Some(Cow::Borrowed(&first.2.cell));
        };
        let mut lines: Vec<(usize, Reverse<usize>, &Line)> =
            [first, second].into_iter().chain(lines).collect();
        // Of two names equally specific the first asked for has the last word.
        lines.sort_by_key(|(layer, order, line)| (*layer, line.rank, *order));
        let (_, _, first) = lines.first()?;
        let (mut rank, mut cell) = (first.rank, first.cell.clone());
        for (_, _, line) in &lines[1..] {
            if line.rank >= rank {
                cell.overlay(&line.cell);
                rank = line.rank;
            } else {
                cell.tighten(&line.cell);
            }
        }
        Some(Cow::Owned(cell))
    }

    fn locks_on<'a>(
        &'a self,
        table: Table,
        name: &'a str,
    ) -> impl Iterator<Item = (usize, Place)> + 'a {
        self.layers
            .iter()
            .enumerate()
            .flat_map(move |(index, layer)| {
                layer
                    .locks
                    .iter()
                    .filter(move |lock| lock.table == table && lock.name == name)
                    .map(move |lock| (index, lock.place))
            })
    }

    fn name_with_image_up_to(&self, layer: usize) -> NameWithImage {
        let layers = self.layers.iter().take(layer + 1);
        layers
            .filter_map(|layer| layer.name_with_image)
            .next_back()
            .map_or_else(NameWithImage::default, |(rule, _)| rule)
    }

    fn loosened(&self) -> Vec<ConfigFault> {
        let mut faults = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            if let Some((rule, place)) = layer.name_with_image {
                let lock = self
                    .locks_on(Table::Draft, NAME_WITH_IMAGE_KEY)
                    .find(|(lock, _)| *lock < index && rule < self.name_with_image_up_to(*lock));
                if let Some((lock, at)) = lock {
                    let floor = self.name_with_image_up_to(lock).code();
                    faults.push(self.loosens(
                        &layer.file,
                        place,
                        NAME_WITH_IMAGE_KEY,
                        floor,
                        (lock, at),
                    ));
                }
            }
            for line in &layer.lines {
                faults.extend(self.loosened_line(index, layer, line));
            }
        }
        faults
    }

    fn loosened_line(&self, index: usize, layer: &PolicyFile, line: &Line) -> Option<ConfigFault> {
        let names: Vec<&str> = line.covers.iter().map(String::as_str).collect();
        names
            .iter()
            .flat_map(|name| self.locks_on(line.table, name))
            .filter(|(lock, _)| *lock < index)
            .find_map(|(lock, at)| {
                let floor = self.resolve(line.table, line.channel.as_deref(), &names, lock + 1)?;
                line.cell.loosens(&floor).then(|| {
                    self.loosens(
                        &layer.file,
                        line.place,
                        &line.name,
                        &floor.plain(),
                        (lock, at),
                    )
                })
            })
    }

    fn loosens(
        &self,
        file: &str,
        at: Place,
        name: &str,
        floor: &str,
        lock: (usize, Place),
    ) -> ConfigFault {
        let (layer, place) = lock;
        let by = &self.layers[layer].file;
        ConfigFault::at(
            file,
            at.0,
            at.1,
            format!(
                "`{name}` is locked as {floor} by {by}:{} and may not be loosened here",
                place.0
            ),
        )
        .hint("make the line at least as strict, or take it out")
    }

    /// Hashes every layer apart: two policies that could ever decide differently never share a version.
    fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for layer in &self.layers {
            let name_rule = layer.name_with_image.map(|(rule, _)| rule.code());
            hash.update(format!("layer {name_rule:?}\n"));
            let mut lines: Vec<String> = layer.lines.iter().map(canonical_line).collect();
            let locks = layer.locks.iter();
            lines.extend(locks.map(|lock| format!("lock {}|{}\n", lock.table.code(), lock.name)));
            lines.sort();
            lines.iter().for_each(|line| hash.update(line));
            hash.update(format!("{:?}\n", layer.routes));
        }
        hash.finalize()
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

fn canonical_line(line: &Line) -> String {
    let table = line.table.code();
    format!("{table}|{:?}|{}|{:?}\n", line.channel, line.name, line.cell)
}
