//! `consents.csv`, the long form. Only the pupil ids are read: what its rows grant is not understood yet, so a
//! pupil who has any row counts as one whose consent is not known.

use std::collections::BTreeSet;

use schoolgate_model::{ConfigFault, Consent, Consents, Pupil, PupilId};

use super::missing_column;
use crate::table::{Reading, cap, read_table};

const COLUMNS: &[&str] = &["pupil_id"];

/// Reads which pupils have rows in the long form. The error lists every fault of the file.
pub fn read_consents(file: &str, bytes: &[u8]) -> Result<BTreeSet<PupilId>, Vec<ConfigFault>> {
    let (table, mut faults) =
        match read_table(file, bytes, COLUMNS).map_err(|all| cap(file, all))? {
            // A header without rows grants and takes back nothing.
            Reading::NoRows => return Ok(BTreeSet::new()),
            Reading::Missing(reason) => return Err(vec![ConfigFault::whole(file, reason)]),
            Reading::Table(table, faults) => (table, faults),
        };
    let column = table.column("pupil_id");
    if column.is_none() {
        let hint = "begin with pupil_id,purpose,channel,state";
        return Err(vec![missing_column(
            file,
            "the header has no column `pupil_id`",
            hint,
        )]);
    }
    let mut pupils = BTreeSet::new();
    for row in &table.rows {
        match row.get(column) {
            Some(id) => {
                pupils.insert(PupilId::new(id));
            }
            None => {
                let (line, column) = row.place(column);
                faults.push(ConfigFault::at(
                    file,
                    line,
                    column,
                    "the row has no `pupil_id`",
                ));
            }
        }
    }
    if faults.is_empty() {
        Ok(pupils)
    } else {
        Err(cap(file, faults))
    }
}

/// Takes every yes of the listed pupils back to "not known". The most restrictive record wins (DOMAIN 3.2).
pub(crate) fn forget_grants(pupils: &mut [Pupil], listed: &BTreeSet<PupilId>) {
    for pupil in pupils.iter_mut().filter(|pupil| listed.contains(&pupil.id)) {
        let unknown = |cell: Option<Consent>| match cell {
            Some(Consent::Granted) => Some(Consent::Unknown),
            other => other,
        };
        let old = pupil.consents;
        pupil.consents = Consents {
            social_photo: unknown(old.social_photo),
            social_video: unknown(old.social_video),
            website_photo: unknown(old.website_photo),
            press_photo: unknown(old.press_photo),
            name: unknown(old.name),
            name_with_photo: unknown(old.name_with_photo),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::{RegisterState, read_pupils};

    #[test]
    fn a_pupil_with_a_row_in_the_long_form_has_no_known_consent_left() {
        let text = b"pupil_id,legal_given,consent_name,consent_social_photo\nP1,Ada,yes,no\nP2,Ben,yes,yes\n";
        let RegisterState::Loaded(mut pupils) = read_pupils("p.csv", text).unwrap().state else {
            panic!()
        };
        let listed = read_consents(
            "c.csv",
            b"pupil_id,purpose,state\nP1,social media,withdrawn\n",
        )
        .unwrap();
        forget_grants(&mut pupils, &listed);
        assert_eq!(pupils[0].consents.name, Some(Consent::Unknown));
        assert_eq!(pupils[0].consents.social_photo, Some(Consent::Refused));
        assert_eq!(pupils[1].consents.name, Some(Consent::Granted));
    }

    #[test]
    fn a_long_form_that_cannot_be_read_is_a_fault_and_an_empty_list_is_not() {
        assert!(
            read_consents("c.csv", b"pupil_id,state\n")
                .unwrap()
                .is_empty()
        );
        assert_eq!(
            read_consents("c.csv", b"pupil_id,state\n,no\n").unwrap_err()[0].line,
            2
        );
        assert!(read_consents("c.csv", b"").is_err());
        assert!(read_consents("c.csv", b"who\nP1\n").is_err());
    }
}
