//! A CSV export as a table whose every cell knows its place: decoding, quotation marks, header, ragged rows.
//! What the columns mean lives in `pupils` and `staff`; unquoting is the csv crate's work.

mod marks;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use schoolgate_model::ConfigFault;

use self::marks::{Cursor, Mark, QuoteFault};
use crate::nearest::nearest;

/// How many faults of one file are listed one by one.
pub(crate) const MAX_FAULTS: usize = 50;

/// One row under the header. `cells` are trimmed.
#[derive(Debug)]
pub(crate) struct Row {
    /// The physical line on which the row starts, from 1.
    pub line: usize,
    cells: Vec<String>,
    places: Vec<(usize, usize)>,
}

impl Row {
    /// The text of a cell, `None` where the column is absent or the cell is empty.
    pub(crate) fn get(&self, column: Option<usize>) -> Option<&str> {
        column
            .and_then(|index| self.cells.get(index))
            .map(String::as_str)
            .filter(|cell| !cell.is_empty())
    }

    /// Line and column of a cell; of the row where the column is absent.
    pub(crate) fn place(&self, column: Option<usize>) -> (usize, usize) {
        column
            .and_then(|index| self.places.get(index))
            .copied()
            .unwrap_or((self.line, 0))
    }
}

/// A decoded export: the known columns that it has, and its rows.
#[derive(Debug)]
pub(crate) struct Table {
    columns: BTreeMap<&'static str, usize>,
    /// The rows that have the right number of cells.
    pub rows: Vec<Row>,
    /// What is suspicious but harmless.
    pub warnings: Vec<ConfigFault>,
}

impl Table {
    /// Where a column is, `None` where the export has no such column.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.get(name).copied()
    }
}

/// What reading a file gave.
#[derive(Debug)]
pub(crate) enum Reading {
    /// A table, with the faults of its rows.
    Table(Table, Vec<ConfigFault>),
    /// A header and nothing under it.
    NoRows,
    /// Nothing to read, and why.
    Missing(String),
}

/// Reads an export. `known` are the columns that mean something; all others are ignored.
/// The error lists what makes the header useless.
pub(crate) fn read_table(
    file: &str,
    bytes: &[u8],
    known: &'static [&'static str],
) -> Result<Reading, Vec<ConfigFault>> {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(reason) => return Ok(Reading::Missing(reason.to_owned())),
    };
    if text.trim().is_empty() {
        return Ok(Reading::Missing("the file is empty".to_owned()));
    }
    let mut records = records(file, &text)?.into_iter();
    let Some(header) = records.next() else {
        return Ok(Reading::Missing("the file is empty".to_owned()));
    };
    let (columns, warnings) = header_columns(file, &header, known)?;
    let width = header.cells.len();
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    for record in records {
        match row(file, record, width) {
            Ok(Some(row)) => rows.push(row),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    if rows.is_empty() && faults.is_empty() {
        return Ok(Reading::NoRows);
    }
    let table = Table {
        columns,
        rows,
        warnings,
    };
    Ok(Reading::Table(table, faults))
}

/// Keeps the first [`MAX_FAULTS`] faults and says how many more there are.
pub(crate) fn cap(file: &str, mut faults: Vec<ConfigFault>) -> Vec<ConfigFault> {
    let more = faults.len().saturating_sub(MAX_FAULTS);
    if more > 0 {
        faults.truncate(MAX_FAULTS);
        faults.push(ConfigFault::whole(file, format!("and {more} more")));
    }
    faults
}

/// UTF-8 with or without BOM, else Windows-1252 (the two that school systems and Excel write).
fn decode(bytes: &[u8]) -> Result<String, &'static str> {
    let (marked, body) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(body) => (true, body),
        None => (false, bytes),
    };
    // UTF-16 and spreadsheets (zip files) are full of zero bytes; no CSV has one.
    if body.contains(&0) {
        return Err("the file is not a CSV file in UTF-8 or Windows-1252");
    }
    if let Ok(text) = std::str::from_utf8(body) {
        return Ok(text.to_owned());
    }
    // Read as Windows-1252, a damaged UTF-8 file would turn every accented name into one that nobody writes.
    if marked || has_utf8_letter(body) {
        return Err("the file mixes UTF-8 with something else");
    }
    // The five codes that Windows-1252 leaves unassigned.
    if body
        .iter()
        .any(|byte| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D))
    {
        return Err("the file is not a CSV file in UTF-8 or Windows-1252");
    }
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(body);
    Ok(text.into_owned())
}

/// Whether some part of the bytes is a letter in UTF-8's form of two or more bytes.
fn has_utf8_letter(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|chunk| {
        chunk
            .valid()
            .chars()
            .any(|c| !c.is_ascii() && c.is_alphabetic())
    })
}

/// One record as it stands in the file.
#[derive(Debug)]
struct Record {
    line: usize,
    cells: Vec<String>,
    places: Vec<(usize, usize)>,
    quote_fault: Option<ConfigFault>,
}

fn records(file: &str, text: &str) -> Result<Vec<Record>, Vec<ConfigFault>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut cursor = Cursor::new(text);
    let mut records = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(records),
            Ok(true) => {
                let (line, marks) = cursor.record();
                if marks.len() != record.len() {
                    return Err(vec![unreadable(file, line)]);
                }
                records.push(Record {
                    line,
                    quote_fault: quote_fault(file, &marks),
                    cells: record.iter().map(clean_cell).collect(),
                    places: marks.iter().map(|mark| mark.place).collect(),
                });
            }
            Err(_) => return Err(vec![unreadable(file, cursor.line)]),
        }
    }
}

fn unreadable(file: &str, line: usize) -> ConfigFault {
    ConfigFault::at(file, line, 0, "this row cannot be read as CSV")
        .hint("export the file again as CSV")
}

/// Trims, and takes Excel's `="0012"` as the text inside; a formula stays the text that it is.
fn clean_cell(cell: &str) -> String {
    let cell = cell.trim().trim_matches('\u{FEFF}').trim();
    let inner = cell
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(cell).trim().to_owned()
}

fn quote_fault(file: &str, marks: &[Mark]) -> Option<ConfigFault> {
    let mark = marks.iter().find(|mark| mark.fault.is_some())?;
    let (message, hint) = match mark.fault? {
        QuoteFault::Open => (
            "the quotation mark that opens this cell is never closed",
            "close it, or remove it",
        ),
        QuoteFault::TextAfter => (
            "the quotation mark that opens this cell is closed before the cell ends",
            "double every quotation mark inside the cell",
        ),
        QuoteFault::Stray => (
            "a quotation mark stands in a cell that does not begin with one",
            "put the whole cell in quotation marks and double the ones inside",
        ),
    };
    Some(ConfigFault::at(file, mark.place.0, mark.place.1, message).hint(hint))
}

/// A row of the right width; `None` for a row without any content.
fn row(file: &str, record: Record, width: usize) -> Result<Option<Row>, ConfigFault> {
    if let Some(fault) = record.quote_fault {
        return Err(fault);
    }
    let mut record = record;
    if record.cells.iter().all(String::is_empty) {
        return Ok(None);
    }
    // Spreadsheets pad rows with empty cells.
    while record.cells.len() > width && record.cells.last().is_some_and(String::is_empty) {
        record.cells.pop();
    }
    if record.cells.len() != width {
        let message = format!(
            "the row has {} cells where the header has {width}",
            record.cells.len()
        );
        return Err(ConfigFault::at(file, record.line, 0, message)
            .hint("put a cell that holds a comma in quotation marks"));
    }
    Ok(Some(Row {
        line: record.line,
        cells: record.cells,
        places: record.places,
    }))
}

type Columns = BTreeMap<&'static str, usize>;

fn header_columns(
    file: &str,
    header: &Record,
    known: &'static [&'static str],
) -> Result<(Columns, Vec<ConfigFault>), Vec<ConfigFault>> {
    if let Some(fault) = &header.quote_fault {
        return Err(vec![fault.clone()]);
    }
    let mut columns = Columns::new();
    let mut unknown = Vec::new();
    let mut faults = Vec::new();
    for (index, cell) in header.cells.iter().enumerate() {
        let (line, column) = header.places[index];
        let name = cell.to_lowercase().replace([' ', '-'], "_");
        match known.iter().find(|known| **known == name) {
            None => unknown.push((name, line, column)),
            Some(known) if columns.insert(known, index).is_some() => faults.push(
                ConfigFault::at(
                    file,
                    line,
                    column,
                    format!("two columns are named `{known}`"),
                )
                .hint("keep one of them"),
            ),
            Some(_) => {}
        }
    }
    if columns.is_empty() {
        faults.push(no_header(file, header, known));
    }
    let absent: Vec<&str> = known
        .iter()
        .copied()
        .filter(|name| !columns.contains_key(name))
        .collect();
    let warnings = unknown
        .iter()
        .filter_map(|(name, line, column)| misspelt(file, name, (*line, *column), &absent))
        .collect();
    if faults.is_empty() {
        Ok((columns, warnings))
    } else {
        Err(faults)
    }
}

fn no_header(file: &str, header: &Record, known: &[&str]) -> ConfigFault {
    let only = header.cells.len() == 1;
    let first = header.cells.first().map_or("", String::as_str);
    let hint = if only && first.contains([';', '\t']) {
        "separate the columns with commas".to_owned()
    } else {
        format!("begin with `{}`", known.join(","))
    };
    ConfigFault::at(file, header.line, 1, "the first line is not a header").hint(hint)
}

/// An ignored column whose name is almost a known one: the school may believe that it is read.
fn misspelt(
    file: &str,
    name: &str,
    (line, column): (usize, usize),
    absent: &[&str],
) -> Option<ConfigFault> {
    if name.len() < 5 {
        return None;
    }
    let known = nearest(name, absent.iter().copied())?;
    Some(
        ConfigFault::at(file, line, column, "this column is ignored")
            .hint(format!("did you mean `{known}`?")),
    )
}
