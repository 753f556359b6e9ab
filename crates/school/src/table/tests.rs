//! Decoding, places, quotation marks and ragged rows.

use super::*;

const KNOWN: &[&str] = &["id", "family_name", "given_name"];

fn table(text: &[u8]) -> (Table, Vec<ConfigFault>) {
    match read_table("t.csv", text, KNOWN).unwrap() {
        Reading::Table(table, faults) => (table, faults),
        other => panic!("{other:?}"),
    }
}

fn missing(text: &[u8]) -> String {
    match read_table("t.csv", text, KNOWN).unwrap() {
        Reading::Missing(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn lines_are_physical_lines_whatever_is_quoted_blank_or_ends_them() {
    for end in ["\n", "\r\n", "\r"] {
        let text = "id,family_name\n\n1,\"A\nB\"\n\n2,C\n".replace('\n', end);
        let (table, faults) = table(text.as_bytes());
        assert!(faults.is_empty());
        let lines: Vec<usize> = table.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [3, 6], "{end:?}");
        assert_eq!(table.rows[1].place(table.column("family_name")), (6, 3));
    }
}

#[test]
fn columns_are_found_in_any_order_and_spelling_of_case() {
    let (table, _) = table(b"House, Family Name ,ID\nRed, Hart ,1\n");
    assert_eq!(table.rows[0].get(table.column("id")), Some("1"));
    assert_eq!(table.rows[0].get(table.column("family_name")), Some("Hart"));
    assert_eq!(table.column("given_name"), None);
}

#[test]
fn a_formula_is_text_and_excels_quoted_number_is_its_inside() {
    let (table, faults) = table(b"id,family_name\n=\"0012\",=1+1\n\"=\"\"0013\"\"\",x\n");
    assert_eq!(faults, []);
    assert_eq!(table.rows[0].get(Some(0)), Some("0012"));
    assert_eq!(table.rows[0].get(Some(1)), Some("=1+1"));
    assert_eq!(table.rows[1].get(Some(0)), Some("0013"));
}

#[test]
fn both_encodings_give_the_same_name() {
    for bytes in [
        "\u{FEFF}id,family_name\n1,Zoë".as_bytes(),
        "id,family_name\n1,Zoë".as_bytes(),
        b"id,family_name\n1,Zo\xEB",
    ] {
        let (table, _) = table(bytes);
        assert_eq!(table.rows[0].get(Some(1)), Some("Zoë"));
    }
}

#[test]
fn what_cannot_be_decoded_or_holds_no_row_is_missing() {
    assert_eq!(missing(b""), "the file is empty");
    assert_eq!(missing("\u{FEFF}\r\n \n".as_bytes()), "the file is empty");
    let header_only = read_table("t.csv", b"id,family_name\n,\n,,\n", KNOWN);
    assert!(matches!(header_only, Ok(Reading::NoRows)));
    assert!(missing(b"\xFF\xFEi\0d\0,\0").contains("not a CSV file"));
    assert!(missing(b"id,family_name\n1,\x81\x90").contains("not a CSV file"));
    assert!(
        missing(
            "id\n1 Zoë"
                .as_bytes()
                .iter()
                .chain(b"\xEB\n")
                .copied()
                .collect::<Vec<u8>>()
                .as_slice()
        )
        .contains("mixes")
    );
}

#[test]
fn broken_quotation_marks_are_faults_at_the_cell() {
    for (text, place, word) in [
        ("id,family_name\n1,\"A\n2,B\n", "t.csv:2:3", "never closed"),
        (
            "id,family_name\n1,\"A\"B\n",
            "t.csv:2:3",
            "before the cell ends",
        ),
        (
            "id,family_name\n1,A \"B\" C\n",
            "t.csv:2:3",
            "does not begin",
        ),
    ] {
        let (_, faults) = table(text.as_bytes());
        let shown = faults[0].to_string();
        assert!(
            shown.starts_with(&format!("{place}: ")) && shown.contains(word),
            "{shown}"
        );
    }
}

#[test]
fn ragged_rows_are_faults_and_padding_is_not() {
    let (table, faults) = table(b"id,family_name\n1,A,,\n2\n3,C,D\n");
    assert_eq!(table.rows.len(), 1);
    let places: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(places, [3, 4]);
}

#[test]
fn an_almost_known_column_is_warned_about_and_an_odd_one_is_not() {
    let (table, _) = table(b"id,famly_name,house\n1,A,B\n");
    let shown: Vec<String> = table.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        ["t.csv:1:4: this column is ignored (did you mean `family_name`?)"]
    );
}

#[test]
fn more_than_fifty_faults_are_counted() {
    let faults = (1..=53)
        .map(|line| ConfigFault::at("t.csv", line, 0, "x"))
        .collect();
    let capped = cap("t.csv", faults);
    assert_eq!(capped.len(), 51);
    assert_eq!(capped[50].to_string(), "t.csv: and 3 more");
}

/// Every text of up to five of the characters that matter: 3,905 of them.
#[test]
fn places_agree_with_the_csv_crate_for_every_short_text() {
    const CHARACTERS: [char; 5] = ['a', ',', '"', '\r', '\n'];
    for length in 1..=5_u32 {
        for number in 0..5_usize.pow(length) {
            let digit = |place: u32| CHARACTERS[number / 5_usize.pow(place) % 5];
            let text: String = (0..length).map(digit).collect();
            let read = records("t.csv", &text);
            assert!(read.is_ok(), "{text:?}");
            let last = read.unwrap().last().map_or(0, |record| record.line);
            let breaks = text.replace("\r\n", "\n").matches(['\r', '\n']).count();
            assert!(last <= breaks + 1, "{text:?}");
        }
    }
}
