//! `staff.csv` in its canonical columns (contract, section 2).

use std::collections::BTreeMap;

use jiff::civil::Date;
use schoolgate_model::{ConfigFault, Staff, StaffId};

use super::{
    LegalName, Reader, Register, RegisterState, missing_column,
    pupils::{YES_NO, yes_no},
    redacted,
};
use crate::table::{Reading, Row, cap, read_table};

const COLUMNS: &[&str] = &[
    "staff_id",
    "title",
    "given",
    "family",
    "role",
    "email",
    "end_date",
    "no_photos",
];

/// Reads a staff list. The error lists every fault of the file, at most fifty one by one.
pub fn read_staff(file: &str, bytes: &[u8]) -> Result<Register<Staff>, Vec<ConfigFault>> {
    let (table, faults) = match read_table(file, bytes, COLUMNS).map_err(|all| cap(file, all))? {
        Reading::NoRows => return Ok(Register::without_rows(RegisterState::NoRows)),
        Reading::Missing(reason) => {
            return Ok(Register::without_rows(RegisterState::Missing(reason)));
        }
        Reading::Table(table, faults) => (table, faults),
    };
    if table.column("staff_id").is_none() {
        let message = "the header has no column `staff_id`";
        return Err(vec![missing_column(
            file,
            message,
            "accounts name their editors by it",
        )]);
    }
    if table.column("given").is_none() && table.column("family").is_none() {
        let message = "the header has neither `given` nor `family`";
        return Err(vec![missing_column(
            file,
            message,
            "without names nobody can be recognised",
        )]);
    }
    let mut reader = Reader {
        file,
        table: &table,
        faults,
    };
    let mut seen = BTreeMap::new();
    let mut staff = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        staff.extend(member(&mut reader, row, &mut seen));
    }
    let mut faults = reader.faults;
    if !faults.is_empty() {
        faults.sort_by_key(|fault| (fault.line, fault.column));
        return Err(cap(file, faults));
    }
    Ok(Register {
        state: RegisterState::Loaded(staff),
        warnings: table.warnings.clone(),
    })
}

fn member(reader: &mut Reader<'_>, row: &Row, seen: &mut BTreeMap<String, usize>) -> Option<Staff> {
    let id = staff_id(reader, row, seen);
    let name = LegalName::split(reader.name(row, "given"), None, reader.name(row, "family"));
    if name.is_empty() {
        reader.fault(row, "family", "the row has no name", "fill given or family");
    }
    let end_date = end_date(reader, row);
    let no_photos = reader.word(row, "no_photos", false, yes_no, YES_NO);
    Some(Staff {
        id: StaffId::new(id?),
        title: reader.owned(row, "title"),
        given: redacted(name.given),
        family: redacted(name.family),
        role: reader.owned(row, "role"),
        email: redacted(reader.owned(row, "email")),
        end_date,
        no_photos: no_photos.unwrap_or_default(),
    })
}

fn staff_id(
    reader: &mut Reader<'_>,
    row: &Row,
    seen: &mut BTreeMap<String, usize>,
) -> Option<String> {
    let Some(id) = reader.owned(row, "staff_id") else {
        let hint = "give every member of staff an id";
        reader.fault(row, "staff_id", "the row has no `staff_id`", hint);
        return None;
    };
    if let Some(first) = seen.get(&id) {
        let message = format!("the `staff_id` is already used on line {first}");
        reader.fault(
            row,
            "staff_id",
            message,
            "everybody needs an id of their own",
        );
        return None;
    }
    seen.insert(id.clone(), row.line);
    Some(id)
}

fn end_date(reader: &mut Reader<'_>, row: &Row) -> Option<Date> {
    let written = reader.text(row, "end_date")?;
    let date = parse_date(written);
    if date.is_none() {
        let hint = "write 2026-07-21 or 21/07/2026, or leave the cell empty";
        reader.fault(row, "end_date", "`end_date` is not a date", hint);
    }
    date
}

/// `2026-07-21`, or the British `21/07/2026` that school systems export, with or without a time of day.
pub(super) fn parse_date(written: &str) -> Option<Date> {
    let day = written.split([' ', 'T']).next()?;
    if day.contains('/') {
        let mut parts = day.split('/').map(|part| part.parse::<i16>().ok());
        let (day, month, year) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() || year < 1900 {
            return None;
        }
        return Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    }
    let date: Date = day.parse().ok()?;
    (day.len() == 10).then_some(date)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn british_and_iso_dates_are_read_and_american_ones_are_faults() {
        assert_eq!(parse_date("2026-07-21"), Some(date(2026, 7, 21)));
        assert_eq!(parse_date("21/07/2026"), Some(date(2026, 7, 21)));
        assert_eq!(parse_date("21/07/2026 00:00:00"), Some(date(2026, 7, 21)));
        assert_eq!(parse_date("07/21/2026"), None);
        assert_eq!(parse_date("21/07/26"), None);
        assert_eq!(parse_date("July"), None);
    }

    #[test]
    fn faults_of_a_staff_list_have_their_places() {
        let text =
            "staff_id,given,family,end_date\nS1,Ada,Frost,soon\nS1,Ben,Frost,\n,Cy,Frost,\nS4,,,\n";
        let faults = read_staff("s.csv", text.as_bytes()).unwrap_err();
        let places: Vec<(usize, usize)> = faults
            .iter()
            .map(|fault| (fault.line, fault.column))
            .collect();
        assert_eq!(places, [(2, 14), (3, 1), (4, 1), (5, 5)]);
    }

    #[test]
    fn names_in_one_column_are_taken_apart() {
        let register = read_staff("s.csv", b"staff_id,family\nS1,\"FROST, Ada\"\n").unwrap();
        let RegisterState::Loaded(staff) = register.state else {
            panic!()
        };
        assert_eq!(staff[0].given.as_ref().unwrap().expose(), "Ada");
        assert_eq!(staff[0].family.as_ref().unwrap().expose(), "FROST");
    }
}
