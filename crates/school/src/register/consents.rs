//! `consents.csv`, the long form: one row for each thing that a family was asked. What schools write into it is free
//! text, so the usual words are understood and every other one narrows: a yes that is not clear grants nothing.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use schoolgate_model::{
    ConfigFault, Consent, ConsentMedium, ConsentRecord, NameForm, Pupil, PupilId, Purpose,
};

use super::{Reader, missing_column, pupils::consent, staff::parse_date};
use crate::table::{Reading, Row, cap, read_table};

const COLUMNS: &[&str] = &[
    "pupil_id",
    "purpose",
    "channel",
    "state",
    "name_form",
    "media",
    "given_by",
    "method",
    "date",
    "expires",
];

const STATES: &str = "use granted, refused, withdrawn, expired or unknown";
const NAME_FORMS: &str = "use none, first_name or full, or leave the cell empty";
const MEDIA: &str = "use still, video, audio, work or all, or leave the cell empty for stills";
const DATES: &str = "write 2026-07-21 or 21/07/2026, or leave the cell empty";

/// The long form, by pupil.
pub type ConsentRecords = BTreeMap<PupilId, Vec<ConsentRecord>>;

/// The long form with what looked odd.
#[derive(Debug, Default)]
pub struct ConsentFile {
    /// The records of each pupil.
    pub records: ConsentRecords,
    /// Rows that grant nothing although they say yes.
    pub warnings: Vec<ConfigFault>,
}

/// Reads the long form. The error lists every fault of the file, at most fifty one by one.
pub fn read_consents(file: &str, bytes: &[u8]) -> Result<ConsentFile, Vec<ConfigFault>> {
    let (table, faults) = match read_table(file, bytes, COLUMNS).map_err(|all| cap(file, all))? {
        // A header without rows grants and takes back nothing.
        Reading::NoRows => return Ok(ConsentFile::default()),
        Reading::Missing(reason) => return Err(vec![ConfigFault::whole(file, reason)]),
        Reading::Table(table, faults) => (table, faults),
    };
    for (column, why) in [
        ("pupil_id", "every row is one pupil's"),
        ("state", "without it nobody knows what was answered"),
    ] {
        if table.column(column).is_none() {
            let message = format!("the header has no column `{column}`");
            return Err(vec![missing_column(file, &message, why)]);
        }
    }
    let mut reader = Reader {
        file,
        table: &table,
        faults,
    };
    let mut read = ConsentFile {
        warnings: table.warnings.clone(),
        ..ConsentFile::default()
    };
    let mut unclear = Unclear::default();
    for row in &table.rows {
        let Some((pupil, records)) = records(&mut reader, row, &mut unclear) else {
            continue;
        };
        read.records.entry(pupil).or_default().extend(records);
    }
    read.warnings.extend(unclear.warning(file));
    let mut faults = reader.faults;
    if faults.is_empty() {
        return Ok(read);
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
    Err(cap(file, faults))
}

/// Rows that say yes and grant nothing.
#[derive(Default)]
struct Unclear {
    first: Option<usize>,
    rows: usize,
}

impl Unclear {
    fn add(&mut self, line: usize) {
        self.first.get_or_insert(line);
        self.rows += 1;
    }

    fn warning(&self, file: &str) -> Option<ConfigFault> {
        let message = format!(
            "{} rows say yes and grant nothing: the yes was verbal or the child's own, or it names neither purpose nor channel",
            self.rows
        );
        let hint = "a written yes of somebody with parental responsibility, for a purpose or a channel, is a consent";
        Some(ConfigFault::at(file, self.first?, 0, message).hint(hint))
    }
}

/// The records of one row: one for each channel and medium that it lists.
fn records(
    reader: &mut Reader<'_>,
    row: &Row,
    unclear: &mut Unclear,
) -> Option<(PupilId, Vec<ConsentRecord>)> {
    let pupil = reader.text(row, "pupil_id").map(PupilId::new);
    if pupil.is_none() {
        reader.fault(row, "pupil_id", "the row has no `pupil_id`", "");
    }
    let state = reader.word(row, "state", Consent::Unknown, state, STATES)?;
    let names = reader.word(row, "name_form", None, name_form, NAME_FORMS);
    let media = media(reader, row)?;
    let date = day(reader, row, "date")?;
    let expires = day(reader, row, "expires")?;
    let scope = Scope::of(
        reader.text(row, "purpose"),
        reader.text(row, "channel"),
        state,
    );
    let spoken = reader.text(row, "method").is_some_and(is_spoken);
    let child = reader.text(row, "given_by").is_some_and(is_child);
    let mut state = state;
    if state.is_granted() && (spoken || child || !scope.clear) {
        state = Consent::Unknown;
        unclear.add(row.line);
    }
    let media = scope.medium.map_or(media, |medium| vec![Some(medium)]);
    let mut records = Vec::new();
    for channel in &scope.channels {
        for medium in &media {
            records.push(ConsentRecord {
                purpose: scope.purpose.clone(),
                channel: channel.clone(),
                state,
                names: names.flatten(),
                medium: *medium,
                date,
                expires,
            });
        }
    }
    Some((pupil?, records))
}

/// A date, or none; `None` where the cell holds something else.
#[expect(
    clippy::option_option,
    reason = "an empty cell and a bad one are not the same"
)]
fn day(reader: &mut Reader<'_>, row: &Row, column: &str) -> Option<Option<jiff::civil::Date>> {
    let Some(written) = reader.text(row, column) else {
        return Some(None);
    };
    let date = parse_date(written);
    if date.is_none() {
        reader.fault(row, column, format!("`{column}` is not a date"), DATES);
    }
    date.map(Some)
}

fn state(word: &str) -> Option<Consent> {
    match word {
        "given" => Some(Consent::Granted),
        "unknown" | "not asked" | "not_asked" | "pending" => Some(Consent::Unknown),
        word => consent(word),
    }
}

#[expect(
    clippy::option_option,
    reason = "an empty cell says nothing, a bad word is a fault"
)]
fn name_form(word: &str) -> Option<Option<NameForm>> {
    let form = match plain(word).as_str() {
        "none" | "no" | "no name" | "nothing" => NameForm::Nothing,
        "first" | "first name" | "given" | "given name" => NameForm::Given,
        "full" | "full name" => NameForm::Full,
        _ => return None,
    };
    Some(Some(form))
}

/// The media that a cell lists; an empty cell lists none in particular.
fn media(reader: &mut Reader<'_>, row: &Row) -> Option<Vec<Option<ConsentMedium>>> {
    let Some(written) = reader.text(row, "media").map(str::to_owned) else {
        return Some(vec![None]);
    };
    let mut media = Vec::new();
    for word in parts(&written) {
        let these: &[ConsentMedium] = match word.as_str() {
            "still" | "stills" | "photo" | "photos" | "photograph" | "photographs" | "image"
            | "images" | "picture" | "pictures" => &[ConsentMedium::Still],
            "video" | "videos" | "film" | "films" | "moving" | "live stream" | "livestream" => {
                &[ConsentMedium::Moving]
            }
            "audio" | "sound" | "work" => &[ConsentMedium::Neither],
            "all" | "any" | "both" => &[ConsentMedium::Still, ConsentMedium::Moving],
            _ => {
                let message = "`media` holds a word that is not allowed";
                reader.fault(row, "media", message, MEDIA);
                return None;
            }
        };
        for medium in these.iter().copied().map(Some) {
            if !media.contains(&medium) {
                media.push(medium);
            }
        }
    }
    if media.is_empty() {
        media.push(None);
    }
    Some(media)
}

fn is_spoken(method: &str) -> bool {
    const SPOKEN: [&str; 7] = [
        "verbal",
        "oral",
        "phone",
        "telephone",
        "spoken",
        "in person",
        "conversation",
    ];
    let method = plain(method);
    SPOKEN.iter().any(|word| method.contains(word))
}

/// A child's no counts like any other; a child's yes does not stand for the family's (rule I1).
fn is_child(giver: &str) -> bool {
    let giver = plain(giver);
    ["child", "pupil", "student", "self"].contains(&giver.as_str())
}

/// Small letters, with single blanks for every mark between words.
fn plain(written: &str) -> String {
    let spaced: String = written
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// The entries of a cell that lists several.
fn parts(cell: &str) -> Vec<String> {
    cell.split([',', ';', '/', '+', '&', '|'])
        .map(plain)
        .filter(|part| !part.is_empty())
        .collect()
}

/// What a row is for, and where.
struct Scope {
    purpose: Purpose,
    /// Each channel that it names, or `None` alone for wherever the purpose reaches.
    channels: Vec<Option<String>>,
    /// The medium that the purpose itself names.
    medium: Option<ConsentMedium>,
    /// Whether a yes is clear about what it is for.
    clear: bool,
}

/// Purposes that only say something together with a channel.
const VAGUE: [&str; 5] = ["", "publicity", "marketing", "promotion", "promotional use"];

impl Scope {
    fn of(purpose: Option<&str>, channel: Option<&str>, state: Consent) -> Self {
        let written = purpose.map(plain).unwrap_or_default();
        let mut scope = Self {
            purpose: purpose_of(&written),
            channels: channel.map(channels).unwrap_or_default(),
            medium: medium_of(&written),
            clear: true,
        };
        // `social media` is a purpose, wherever it is written
        if scope.channels == [Some("social media".to_owned())] {
            scope.channels.clear();
            if matches!(scope.purpose, Purpose::Anything | Purpose::Other(_)) {
                scope.purpose = Purpose::Social;
            }
        }
        if let Purpose::Other(place) = &scope.purpose
            && scope.channels == [Some(place.clone())]
        {
            scope.channels.clear();
        }
        let vague = scope.medium == Some(ConsentMedium::Still) || VAGUE.contains(&&*written);
        scope.clear = !(vague && scope.channels.is_empty() && scope.purpose == Purpose::Anything);
        // a purpose that nobody here knows says less than the channel beside it
        if matches!(scope.purpose, Purpose::Other(_)) && !scope.channels.is_empty() {
            scope.clear = !state.is_granted();
            scope.purpose = Purpose::Anything;
        }
        if scope.channels.is_empty() {
            scope.channels.push(None);
        }
        scope
    }
}

fn purpose_of(written: &str) -> Purpose {
    match written {
        "social" | "social media" | "social photo" | "social picture" => Purpose::Social,
        "website" | "web" | "school website" | "website photo" => Purpose::Website,
        "press" | "media" | "press media" | "local press" | "newspaper" | "press photo" => {
            Purpose::Press
        }
        "name" | "named" | "name in text" | "name only" | "naming" => Purpose::Name,
        "name with photo" | "name with image" | "name with picture" | "named with image"
        | "named with photo" | "named with picture" => Purpose::NameWithPicture,
        "all" | "any" | "anything" | "everything" | "all purposes" | "publication" => {
            Purpose::Anything
        }
        written if medium_of(written).is_some() || VAGUE.contains(&written) => Purpose::Anything,
        written => Purpose::Other(written.to_owned()),
    }
}

fn medium_of(purpose: &str) -> Option<ConsentMedium> {
    match purpose {
        "video" | "film" | "filming" | "live stream" | "livestream" | "video live stream" => {
            Some(ConsentMedium::Moving)
        }
        "photo" | "photos" | "photograph" | "photographs" | "photography" | "image" | "images"
        | "picture" | "pictures" => Some(ConsentMedium::Still),
        _ => None,
    }
}

fn channels(cell: &str) -> Vec<Option<String>> {
    let named = parts(cell);
    if named.iter().any(|name| {
        matches!(
            name.as_str(),
            "all" | "any" | "all channels" | "any channel"
        )
    }) {
        return Vec::new();
    }
    named
        .into_iter()
        .map(|name| match name.as_str() {
            "social" => Some("social media".to_owned()),
            _ => Some(name),
        })
        .collect()
}

/// Hands each pupil their records.
pub(crate) fn add_records(pupils: &mut [Pupil], mut records: ConsentRecords) {
    for pupil in pupils {
        if let Some(records) = records.remove(&pupil.id) {
            pupil.consents.records = records.into();
        }
    }
}
