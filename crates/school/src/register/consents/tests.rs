//! What the long form may say, and what a yes must be to count.

use jiff::civil::date;
use schoolgate_model::{ConsentQuestion, Consents};

use super::*;

const HEADER: &str =
    "pupil_id,purpose,channel,state,name_form,media,given_by,method,date,expires\n";

fn consents(rows: &str) -> Consents {
    let file = read_consents("c.csv", format!("{HEADER}{rows}").as_bytes()).unwrap();
    Consents {
        records: file.records[&PupilId::from("P1")].clone().into(),
        ..Consents::default()
    }
}

fn asked(platform: &str) -> ConsentQuestion<'_> {
    ConsentQuestion {
        platform: Some(platform),
        moving: false,
        given_by: date(2026, 11, 20),
        valid_on: date(2026, 11, 20),
    }
}

fn picture(rows: &str, platform: &str) -> Consent {
    consents(rows).to_picture(&asked(platform))
}

#[test]
fn a_written_yes_for_a_purpose_is_a_consent() {
    let row = "P1,Social media,Facebook,granted,first_name,still,mother,paper form,01/09/2026,2027-08-31\n";
    assert_eq!(picture(row, "facebook"), Consent::Granted);
    assert_eq!(picture(row, "instagram"), Consent::Unknown);
    let consents = consents(row);
    assert_eq!(
        consents.to_given_name_with_picture(&asked("facebook")),
        Consent::Granted
    );
    assert_eq!(
        consents.to_name_with_picture(&asked("facebook")),
        Consent::Refused
    );
}

#[test]
fn a_verbal_yes_and_a_childs_own_are_none_and_a_childs_no_is_one() {
    for row in [
        "P1,social media,,granted,,,mother,Verbal,,\n",
        "P1,social media,,granted,,,father,by telephone,,\n",
        "P1,social media,,yes,,,Pupil,form,,\n",
        "P1,,,granted,,,mother,form,,\n",
        "P1,photographs,,granted,,,mother,form,,\n",
        "P1,swimming gala,facebook,granted,,,mother,form,,\n",
    ] {
        assert_eq!(picture(row, "facebook"), Consent::Unknown, "{row}");
        let text = format!("{HEADER}{row}");
        let warnings = read_consents("c.csv", text.as_bytes()).unwrap().warnings;
        assert_eq!(warnings[0].line, 2, "{row}");
    }
    let both =
        "P1,social media,,granted,,,mother,form,,\nP1,social media,,refused,,,child,verbal,,\n";
    assert_eq!(picture(both, "facebook"), Consent::Refused);
}

#[test]
fn cells_may_list_several_channels_and_media() {
    let row = "P1,social,\"facebook; Instagram\",granted,,still/video,mother,form,,\n";
    for platform in ["facebook", "instagram"] {
        assert_eq!(picture(row, platform), Consent::Granted);
        let film = ConsentQuestion {
            moving: true,
            ..asked(platform)
        };
        assert_eq!(consents(row).to_picture(&film), Consent::Granted);
    }
    assert_eq!(picture(row, "x"), Consent::Unknown);
    assert_eq!(
        picture("P1,social,all,granted,,,mother,form,,\n", "x"),
        Consent::Granted
    );
    assert_eq!(
        picture("P1,,social media,granted,,,mother,form,,\n", "x"),
        Consent::Granted
    );
    assert_eq!(
        picture("P1,,website,granted,,,mother,form,,\n", "website"),
        Consent::Granted
    );
    assert_eq!(
        picture("P1,newsletter,,granted,,,mother,form,,\n", "newsletter"),
        Consent::Granted
    );
    assert_eq!(
        picture("P1,video,,refused,,,mother,form,,\n", "facebook"),
        Consent::Unknown
    );
}

#[test]
fn a_no_without_a_purpose_is_a_no_to_everything() {
    let rows = "P1,social,,granted,,,mother,form,,\nP1,,,withdrawn,,,mother,,,\n";
    for platform in ["facebook", "website", "newsletter"] {
        assert_eq!(picture(rows, platform), Consent::Withdrawn, "{platform}");
    }
}

#[test]
fn every_bad_cell_has_its_place() {
    let text = format!(
        "{HEADER}P1,social,,perhaps,,,,,,\nP1,social,,granted,middle,,,,,\nP1,social,,granted,,smell,,,,\n\
         P1,social,,granted,,,,,soon,\n,social,,granted,,,,,,\n"
    );
    let faults = read_consents("c.csv", text.as_bytes()).unwrap_err();
    let places: Vec<(usize, usize)> = faults
        .iter()
        .map(|fault| (fault.line, fault.column))
        .collect();
    assert_eq!(places, [(2, 12), (3, 20), (4, 21), (5, 24), (6, 1)]);
}

#[test]
fn a_long_form_that_cannot_be_read_is_a_fault_and_an_empty_list_is_not() {
    assert!(
        read_consents("c.csv", b"pupil_id,state\n")
            .unwrap()
            .records
            .is_empty()
    );
    assert!(read_consents("c.csv", b"").is_err());
    assert!(read_consents("c.csv", b"who\nP1\n").is_err());
    assert!(read_consents("c.csv", b"pupil_id,purpose\nP1,social\n").is_err());
}
