//! `pupils.csv`, `staff.csv` and `consents.csv`: rows to pupils and staff, with the place of every fault.
//! Exports in other systems' columns are not read here; neither is anything written.

mod consents;
mod pupils;
mod staff;

use schoolgate_model::{ConfigFault, Redacted};

pub(crate) use consents::add_records;
pub use consents::{ConsentFile, ConsentRecords, read_consents};
pub use pupils::read_pupils;
pub use staff::read_staff;

use crate::table::{Row, Table};

/// A register, or why there is none. An empty register is never "no pupils": without one everything is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegisterState<T> {
    /// At least one row.
    Loaded(Vec<T>),
    /// A header and nothing under it.
    NoRows,
    /// Nothing usable, and why: `the file is empty`.
    Missing(String),
}

/// A register that was read, with what looked odd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register<T> {
    /// The rows.
    pub state: RegisterState<T>,
    /// Harmless, but worth telling: a misspelt column, a column that is absent.
    pub warnings: Vec<ConfigFault>,
}

impl<T> Register<T> {
    fn without_rows(state: RegisterState<T>) -> Self {
        Self {
            state,
            warnings: Vec::new(),
        }
    }
}

/// Reads cells of one file and collects what is wrong with them. Messages name columns, never contents.
struct Reader<'t> {
    file: &'t str,
    table: &'t Table,
    faults: Vec<ConfigFault>,
}

impl<'t> Reader<'t> {
    fn fault(&mut self, row: &Row, column: &str, message: impl Into<String>, hint: &str) {
        let (line, column) = row.place(self.table.column(column));
        self.faults
            .push(ConfigFault::at(self.file, line, column, message).hint(hint));
    }

    fn text<'r>(&self, row: &'r Row, column: &str) -> Option<&'r str> {
        row.get(self.table.column(column))
    }

    fn owned(&self, row: &Row, column: &str) -> Option<String> {
        self.text(row, column).map(str::to_owned)
    }

    /// A name as written. `.` and `FNU` are how systems write "has no such name".
    fn name(&mut self, row: &Row, column: &str) -> Option<String> {
        let name = self.text(row, column)?;
        if name.contains('\u{FFFD}') {
            self.fault(
                row,
                column,
                format!("`{column}` has lost a letter (U+FFFD)"),
                "export the file again as CSV UTF-8",
            );
        }
        let written = name.chars().any(char::is_alphanumeric) && !matches!(name, "FNU" | "LNU");
        written.then(|| name.to_owned())
    }

    /// Reads one word of a closed list; an empty cell is `empty`. `None` where there is no such column.
    fn word<T: Copy>(
        &mut self,
        row: &Row,
        column: &str,
        empty: T,
        parse: impl Fn(&str) -> Option<T>,
        hint: &str,
    ) -> Option<T> {
        self.table.column(column)?;
        let Some(word) = self.text(row, column) else {
            return Some(empty);
        };
        let value = parse(&word.to_lowercase());
        if value.is_none() {
            let message = format!("`{column}` holds a word that is not allowed");
            self.fault(row, column, message, hint);
        }
        value
    }
}

/// Given, middle and family name of a row. `SMITH, Oliver James` in one of the two columns is taken apart; what
/// follows the first given name counts as a middle name.
struct LegalName {
    given: Option<String>,
    middle: Option<String>,
    family: Option<String>,
}

impl LegalName {
    fn split(given: Option<String>, middle: Option<String>, family: Option<String>) -> Self {
        let joined = match (&given, &family) {
            (None, Some(only)) | (Some(only), None) => only.clone(),
            _ => {
                return Self {
                    given,
                    middle,
                    family,
                };
            }
        };
        let Some((before, after)) = joined.split_once(',') else {
            return Self {
                given,
                middle,
                family,
            };
        };
        let mut after = after.trim().splitn(2, char::is_whitespace);
        let first = after.next().and_then(some_name);
        let rest = after.next().and_then(some_name);
        Self {
            given: first,
            middle: middle.or(rest),
            family: some_name(before),
        }
    }

    fn is_empty(&self) -> bool {
        self.given.is_none() && self.family.is_none()
    }
}

fn some_name(name: &str) -> Option<String> {
    let name = name.trim();
    name.chars()
        .any(char::is_alphanumeric)
        .then(|| name.to_owned())
}

fn redacted(name: Option<String>) -> Option<Redacted<String>> {
    name.map(Redacted::new)
}

/// A header that lacks a column which every row needs.
fn missing_column(file: &str, message: &str, hint: &str) -> ConfigFault {
    ConfigFault::at(file, 1, 0, message).hint(hint)
}
