//! `pupils.csv` in its canonical columns (contract, section 2).

use std::collections::BTreeMap;

use schoolgate_model::{ConfigFault, Consent, Consents, Pupil, PupilId};

use super::{LegalName, Reader, Register, RegisterState, missing_column, redacted};
use crate::table::{Reading, Row, Table, cap, read_table};

const COLUMNS: &[&str] = &[
    "pupil_id",
    "upn",
    "legal_given",
    "legal_middle",
    "legal_family",
    "preferred_given",
    "preferred_family",
    "former_family",
    "year",
    "class",
    "do_not_publish",
    "consent_social_photo",
    "consent_social_video",
    "consent_website_photo",
    "consent_press_photo",
    "consent_name",
    "consent_name_with_photo",
];

const CONSENT_WORDS: &str =
    "use yes, no, granted, refused, withdrawn or expired, or leave the cell empty";
pub(super) const YES_NO: &str = "use yes or no, or leave the cell empty for no";

/// Reads a pupil register. The error lists every fault of the file, at most fifty one by one.
pub fn read_pupils(file: &str, bytes: &[u8]) -> Result<Register<Pupil>, Vec<ConfigFault>> {
    let (table, faults) = match read_table(file, bytes, COLUMNS).map_err(|all| cap(file, all))? {
        Reading::NoRows => return Ok(Register::without_rows(RegisterState::NoRows)),
        Reading::Missing(reason) => {
            return Ok(Register::without_rows(RegisterState::Missing(reason)));
        }
        Reading::Table(table, faults) => (table, faults),
    };
    required_columns(file, &table)?;
    let mut reader = Reader {
        file,
        table: &table,
        faults,
    };
    let mut seen = BTreeMap::new();
    let mut pupils = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        pupils.extend(pupil(&mut reader, row, &mut seen));
    }
    let mut faults = reader.faults;
    if !faults.is_empty() {
        faults.sort_by_key(|fault| (fault.line, fault.column));
        return Err(cap(file, faults));
    }
    let warnings = warnings(file, &table);
    Ok(Register {
        state: RegisterState::Loaded(pupils),
        warnings,
    })
}

fn required_columns(file: &str, table: &Table) -> Result<(), Vec<ConfigFault>> {
    let mut faults = Vec::new();
    if table.column("pupil_id").is_none() {
        faults.push(missing_column(
            file,
            "the header has no column `pupil_id`",
            "every pupil needs an id that stays the same",
        ));
    }
    if table.column("legal_given").is_none() && table.column("legal_family").is_none() {
        faults.push(missing_column(
            file,
            "the header has neither `legal_given` nor `legal_family`",
            "without names nothing can be recognised",
        ));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

fn warnings(file: &str, table: &Table) -> Vec<ConfigFault> {
    let mut warnings = table.warnings.clone();
    if table.column("do_not_publish").is_none() {
        let message = "the register has no column `do_not_publish`: every picture is held";
        warnings.push(
            ConfigFault::at(file, 1, 0, message).hint("add it with yes or no for each pupil"),
        );
    }
    warnings
}

fn pupil(reader: &mut Reader<'_>, row: &Row, seen: &mut BTreeMap<String, usize>) -> Option<Pupil> {
    let id = pupil_id(reader, row, seen);
    let legal = LegalName::split(
        reader.name(row, "legal_given"),
        reader.name(row, "legal_middle"),
        reader.name(row, "legal_family"),
    );
    if legal.is_empty() {
        let column = ["legal_given", "legal_family"]
            .into_iter()
            .find(|column| reader.table.column(column).is_some())?;
        reader.fault(
            row,
            column,
            "the row has no legal name",
            "fill legal_given or legal_family",
        );
    }
    let pupil = Pupil {
        id: PupilId::new(id?),
        upn: redacted(reader.owned(row, "upn")),
        legal_given: redacted(legal.given),
        legal_middle: redacted(legal.middle),
        legal_family: redacted(legal.family),
        preferred_given: redacted(reader.name(row, "preferred_given")),
        preferred_family: redacted(reader.name(row, "preferred_family")),
        former_family: redacted(reader.name(row, "former_family")),
        year: reader.owned(row, "year"),
        class: reader.owned(row, "class"),
        do_not_publish: reader.word(row, "do_not_publish", false, yes_no, YES_NO),
        consents: consents(reader, row),
    };
    Some(pupil)
}

/// The id, where it is there and new.
fn pupil_id(
    reader: &mut Reader<'_>,
    row: &Row,
    seen: &mut BTreeMap<String, usize>,
) -> Option<String> {
    let Some(id) = reader.owned(row, "pupil_id") else {
        let hint = "give every pupil an id that stays the same";
        reader.fault(row, "pupil_id", "the row has no `pupil_id`", hint);
        return None;
    };
    if let Some(first) = seen.get(&id) {
        let message = format!("the `pupil_id` is already used on line {first}");
        reader.fault(
            row,
            "pupil_id",
            message,
            "every pupil needs an id of their own",
        );
        return None;
    }
    seen.insert(id.clone(), row.line);
    Some(id)
}

fn consents(reader: &mut Reader<'_>, row: &Row) -> Consents {
    let mut cell = |column| reader.word(row, column, Consent::Unknown, consent, CONSENT_WORDS);
    Consents {
        social_photo: cell("consent_social_photo"),
        social_video: cell("consent_social_video"),
        website_photo: cell("consent_website_photo"),
        press_photo: cell("consent_press_photo"),
        name: cell("consent_name"),
        name_with_photo: cell("consent_name_with_photo"),
        ..Consents::default()
    }
}

pub(super) fn consent(word: &str) -> Option<Consent> {
    match word {
        "granted" => Some(Consent::Granted),
        "refused" => Some(Consent::Refused),
        "withdrawn" => Some(Consent::Withdrawn),
        "expired" => Some(Consent::Expired),
        _ => yes_no(word).map(|yes| {
            if yes {
                Consent::Granted
            } else {
                Consent::Refused
            }
        }),
    }
}

pub(super) fn yes_no(word: &str) -> Option<bool> {
    match word {
        "yes" | "y" | "true" | "1" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Pupil> {
        match read_pupils("p.csv", text.as_bytes()).unwrap().state {
            RegisterState::Loaded(pupils) => pupils,
            other => panic!("{other:?}"),
        }
    }

    fn faults(text: &str) -> Vec<String> {
        let faults = read_pupils("p.csv", text.as_bytes()).unwrap_err();
        faults.iter().map(ToString::to_string).collect()
    }

    fn shown(name: &Option<schoolgate_model::Redacted<String>>) -> Option<&str> {
        name.as_ref().map(|name| name.expose().as_str())
    }

    #[test]
    fn every_consent_word_of_the_contract_is_understood() {
        for (word, expected) in [
            ("yes", Consent::Granted),
            ("Y", Consent::Granted),
            ("TRUE", Consent::Granted),
            ("1", Consent::Granted),
            ("granted ", Consent::Granted),
            ("no", Consent::Refused),
            ("n", Consent::Refused),
            ("False", Consent::Refused),
            ("0", Consent::Refused),
            ("Refused", Consent::Refused),
            ("withdrawn", Consent::Withdrawn),
            ("expired", Consent::Expired),
            (" ", Consent::Unknown),
        ] {
            let pupils = read(&format!(
                "pupil_id,legal_given,consent_name\nP1,Ada,{word}\n"
            ));
            assert_eq!(pupils[0].consents.name, Some(expected), "{word}");
            assert_eq!(pupils[0].consents.social_photo, None);
        }
    }

    #[test]
    fn an_empty_do_not_publish_cell_is_no_and_an_absent_column_is_unknown() {
        let pupils = read("pupil_id,legal_given,do_not_publish\nP1,Ada,\nP2,Ben,Yes\n");
        assert_eq!(pupils[0].do_not_publish, Some(false));
        assert_eq!(pupils[1].do_not_publish, Some(true));
        assert_eq!(
            read("pupil_id,legal_given\nP1,Ada\n")[0].do_not_publish,
            None
        );
        let register = read_pupils("p.csv", b"pupil_id,legal_given\nP1,Ada\n").unwrap();
        assert!(
            register.warnings[0]
                .message
                .contains("every picture is held")
        );
    }

    #[test]
    fn a_single_column_name_is_taken_apart() {
        for header in ["legal_family", "legal_given"] {
            let pupils = read(&format!("pupil_id,{header}\nP1,\"SMITH, Oliver James\"\n"));
            assert_eq!(shown(&pupils[0].legal_given), Some("Oliver"));
            assert_eq!(shown(&pupils[0].legal_middle), Some("James"));
            assert_eq!(shown(&pupils[0].legal_family), Some("SMITH"));
        }
        let pupils = read("pupil_id,legal_given,legal_family\nP1,Oliver,\"Smith, Jones\"\n");
        assert_eq!(shown(&pupils[0].legal_family), Some("Smith, Jones"));
    }

    #[test]
    fn a_single_name_pupil_is_kept_and_a_placeholder_is_no_name() {
        let pupils = read("pupil_id,legal_given,legal_family\nP1,FNU,Sukarno\nP2,Budi,.\n");
        assert_eq!(shown(&pupils[0].legal_given), None);
        assert_eq!(shown(&pupils[0].legal_family), Some("Sukarno"));
        assert_eq!(shown(&pupils[1].legal_family), None);
    }

    #[test]
    fn names_keep_their_accents_and_lose_their_trailing_spaces() {
        let pupils = read("pupil_id,legal_given,legal_family\nP1,Zoë ,Wiśniewski\u{A0}\n");
        assert_eq!(shown(&pupils[0].legal_given), Some("Zoë"));
        assert_eq!(shown(&pupils[0].legal_family), Some("Wiśniewski"));
    }

    #[test]
    fn every_bad_cell_is_listed_in_order_with_its_place_and_without_its_contents() {
        let text = "pupil_id,legal_given,do_not_publish,consent_name\n\
            P1,Ada,Whitcombe,yes\n\
            P1,Ben,no,perhaps\n\
            ,Cy,no,no\n\
            P4,,no,no\n\
            P5,Da\u{FFFD},no,no\n";
        assert_eq!(
            faults(text),
            [
                "p.csv:2:8: `do_not_publish` holds a word that is not allowed (use yes or no, or leave the cell empty for no)",
                "p.csv:3:1: the `pupil_id` is already used on line 2 (every pupil needs an id of their own)",
                "p.csv:4:1: the row has no `pupil_id` (give every pupil an id that stays the same)",
                "p.csv:5:4: the row has no legal name (fill legal_given or legal_family)",
                "p.csv:6:4: `legal_given` has lost a letter (U+FFFD) (export the file again as CSV UTF-8)",
            ]
            .map(str::to_owned)
        );
    }
}
