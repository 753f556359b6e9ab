//! Bank holidays in the shape that GOV.UK publishes them. Data, not code: one-off days are entries like any other.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schoolgate_model::ConfigFault;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The calendar compiled into the program.
pub const BANK_HOLIDAYS: &str = include_str!("../../../config/bank-holidays.json");

#[derive(Deserialize)]
struct DivisionWire {
    division: String,
    events: Vec<EventWire>,
}

#[derive(Deserialize)]
struct EventWire {
    title: String,
    date: String,
}

/// The bank holidays of every division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    divisions: BTreeMap<String, BTreeMap<Date, String>>,
    version: String,
}

impl Calendar {
    /// Reads the JSON that GOV.UK publishes. `file` is the name that the fault shows.
    ///
    /// # Errors
    /// One fault for bad JSON, a bad or doubled date, a division under the wrong key or without a day.
    pub fn parse(file: &str, text: &str) -> Result<Self, ConfigFault> {
        let wire: BTreeMap<String, DivisionWire> = serde_json::from_str(text).map_err(|error| {
            let message = "not a bank-holiday calendar in the shape of GOV.UK";
            ConfigFault::at(file, error.line(), error.column(), message)
                .hint("fetch it from www.gov.uk/bank-holidays.json")
        })?;
        if wire.is_empty() {
            return Err(ConfigFault::whole(file, "the calendar has no division"));
        }
        let mut divisions = BTreeMap::new();
        for (key, division) in wire {
            let days = days(file, &key, division)?;
            divisions.insert(key, days);
        }
        let version = version(&divisions);
        Ok(Self { divisions, version })
    }

    /// The calendar compiled into the program.
    ///
    /// # Errors
    /// The fault of the compiled-in file; a test keeps it free of them.
    pub fn built_in() -> Result<Self, ConfigFault> {
        Self::parse("bank-holidays.json (built in)", BANK_HOLIDAYS)
    }

    /// A short hash of divisions, days and titles.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The divisions, such as `england-and-wales`.
    pub fn divisions(&self) -> impl Iterator<Item = &str> {
        self.divisions.keys().map(String::as_str)
    }

    /// The last day that the division's data reach: the end of its last year. `None` for an unknown division.
    pub fn runs_out_on(&self, division: &str) -> Option<Date> {
        let (last, _) = self.divisions.get(division)?.last_key_value()?;
        Some(last.last_of_year())
    }

    /// The name of the bank holiday on `day`.
    pub fn holiday(&self, division: &str, day: Date) -> Option<&str> {
        let title = self.divisions.get(division)?.get(&day)?;
        Some(title.as_str())
    }

    /// Whether the division's data speak about `day`'s year.
    pub fn covers(&self, division: &str, day: Date) -> bool {
        self.divisions.get(division).is_some_and(|days| {
            let first = days.first_key_value().map(|(first, _)| first.year());
            let last = days.last_key_value().map(|(last, _)| last.year());
            first.is_some_and(|first| first <= day.year())
                && last.is_some_and(|last| day.year() <= last)
        })
    }
}

fn days(
    file: &str,
    key: &str,
    division: DivisionWire,
) -> Result<BTreeMap<Date, String>, ConfigFault> {
    if division.division != key {
        let message = format!("the entry `{key}` calls itself by another name");
        return Err(ConfigFault::whole(file, message));
    }
    let mut days = BTreeMap::new();
    for event in division.events {
        let date: Date = event.date.parse().map_err(|_| {
            let message = format!("`{}` in `{key}` is not a date", event.date);
            ConfigFault::whole(file, message).hint("write it like 2026-12-25")
        })?;
        if days.insert(date, event.title).is_some() {
            return Err(ConfigFault::whole(
                file,
                format!("{date} is in `{key}` twice"),
            ));
        }
    }
    if days.is_empty() {
        return Err(ConfigFault::whole(
            file,
            format!("`{key}` has no bank holiday"),
        ));
    }
    Ok(days)
}

fn version(divisions: &BTreeMap<String, BTreeMap<Date, String>>) -> String {
    let mut hash = Sha256::new();
    for (division, days) in divisions {
        hash.update(format!("{division}\n"));
        for (date, title) in days {
            hash.update(format!("{date} {title}\n"));
        }
    }
    let hash = hash.finalize();
    hash.iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
