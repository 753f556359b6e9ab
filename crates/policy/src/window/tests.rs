//! Every vector of the response-window rule, and what must hold for any instant.

use jiff::civil::{DateTime, date};
use proptest::prelude::*;

use super::*;

const ALL: &[&str] = &["england-and-wales", "scotland", "northern-ireland"];
const EW_NI: &[&str] = &["england-and-wales", "northern-ireland"];
const EW_S: &[&str] = &["england-and-wales", "scotland"];
const SCOTLAND: &[&str] = &["scotland"];
const NI: &[&str] = &["northern-ireland"];

fn local(written: &str) -> Timestamp {
    let time: DateTime = written.parse().unwrap();
    time.to_zoned(london()).unwrap().timestamp()
}

/// A UTC instant where it ends in Z, else local time in London.
fn instant(written: &str) -> Timestamp {
    written.parse().unwrap_or_else(|_| local(written))
}

fn due(received: Timestamp, division: &str, mode: WindowMode) -> ResponseWindow {
    let settings = WindowSettings {
        mode,
        division: division.to_owned(),
        ..WindowSettings::default()
    };
    response_window(received, true, &settings, &Calendar::built_in().unwrap())
}

#[test]
fn every_vector_of_the_rule() {
    // received, divisions, due as written, due rolled forward ("" = the same)
    let vectors: &[(&str, &[&str], &str, &str)] = &[
        ("2026-11-17T10:15", ALL, "2026-11-18T10:15", ""),
        (
            "2026-11-20T18:00",
            ALL,
            "2026-11-21T18:00",
            "2026-11-24T00:00",
        ),
        ("2026-11-21T00:00", ALL, "2026-11-24T00:00", ""),
        ("2026-11-22T23:59", ALL, "2026-11-24T00:00", ""),
        ("2026-11-23T00:00", ALL, "2026-11-24T00:00", ""),
        (
            "2026-08-28T18:00",
            EW_NI,
            "2026-08-29T18:00",
            "2026-09-02T00:00",
        ),
        (
            "2026-08-28T18:00",
            SCOTLAND,
            "2026-08-29T18:00",
            "2026-09-01T00:00",
        ),
        ("2026-08-29T12:00", EW_NI, "2026-09-02T00:00", ""),
        ("2026-08-29T12:00", SCOTLAND, "2026-09-01T00:00", ""),
        ("2026-08-31T10:00", EW_NI, "2026-09-02T00:00", ""),
        ("2026-08-31T10:00", SCOTLAND, "2026-09-01T10:00", ""),
        (
            "2026-04-02T15:00",
            EW_NI,
            "2026-04-03T15:00",
            "2026-04-08T00:00",
        ),
        (
            "2026-04-02T15:00",
            SCOTLAND,
            "2026-04-03T15:00",
            "2026-04-07T00:00",
        ),
        ("2026-04-03T11:00", EW_NI, "2026-04-08T00:00", ""),
        ("2026-04-03T11:00", SCOTLAND, "2026-04-07T00:00", ""),
        (
            "2026-12-24T15:00",
            ALL,
            "2026-12-25T15:00",
            "2026-12-30T00:00",
        ),
        ("2027-12-25T09:00", ALL, "2027-12-30T00:00", ""),
        (
            "2027-12-31T20:00",
            EW_NI,
            "2028-01-01T20:00",
            "2028-01-05T00:00",
        ),
        (
            "2027-12-31T20:00",
            SCOTLAND,
            "2028-01-01T20:00",
            "2028-01-06T00:00",
        ),
        ("2026-01-01T12:00", EW_NI, "2026-01-03T00:00", ""),
        ("2026-01-01T12:00", SCOTLAND, "2026-01-06T00:00", ""),
        ("2026-06-13T09:00", EW_NI, "2026-06-16T00:00", ""),
        ("2026-06-13T09:00", SCOTLAND, "2026-06-17T00:00", ""),
        ("2026-07-11T09:00", EW_S, "2026-07-14T00:00", ""),
        ("2026-07-11T09:00", NI, "2026-07-15T00:00", ""),
        ("2027-03-27T20:00", EW_NI, "2027-03-30T23:00Z", ""),
        ("2027-03-27T20:00", SCOTLAND, "2027-03-29T23:00Z", ""),
        ("2026-10-25T00:30Z", ALL, "2026-10-27T00:00Z", ""),
        ("2026-10-25T01:30Z", ALL, "2026-10-27T00:00Z", ""),
        ("2026-06-05T23:30Z", ALL, "2026-06-08T23:00Z", ""),
        ("2026-06-07T23:10Z", ALL, "2026-06-09T00:10", ""),
        ("2026-08-11T09:00", ALL, "2026-08-12T09:00", ""),
    ];
    for (received, divisions, as_written, rolled) in vectors {
        let rolled = if rolled.is_empty() {
            as_written
        } else {
            rolled
        };
        for division in *divisions {
            for (mode, expected) in [
                (WindowMode::AsWritten, as_written),
                (WindowMode::RollForward, rolled),
            ] {
                let window = due(instant(received), division, mode);
                assert_eq!(
                    window.due_at,
                    instant(expected),
                    "{received} {division} {mode:?}: {}",
                    window.why
                );
            }
        }
    }
}

#[test]
fn an_item_delivered_late_keeps_its_due_time() {
    let received = instant("2026-11-17T10:15");
    let window = due(received, "scotland", WindowMode::AsWritten);
    let delivered = received
        .checked_add(SignedDuration::from_hours(30))
        .unwrap();
    assert!(window.due_at < delivered);
}

#[test]
fn a_closure_is_a_free_day_and_a_school_holiday_is_not() {
    let settings = WindowSettings {
        closures: vec![Closure {
            from: "2026-12-21".parse().unwrap(),
            to: "2027-01-01".parse().unwrap(),
        }],
        ..WindowSettings::default()
    };
    let window = response_window(
        instant("2026-12-22T09:00"),
        false,
        &settings,
        &Calendar::built_in().unwrap(),
    );
    assert_eq!(window.due_at, instant("2027-01-05T00:00"));
    assert!(window.why.contains("closed"), "{}", window.why);
}

#[test]
fn the_reason_is_a_plain_sentence() {
    let why = due(
        instant("2026-04-03T11:00"),
        "england-and-wales",
        WindowMode::AsWritten,
    )
    .why;
    assert_eq!(
        why,
        "Received on Fri 3 Apr 2026, a bank holiday (Good Friday), so it is due at the end of the next working day, Tue 7 Apr 2026."
    );
    let why = due(
        instant("2026-11-17T10:15"),
        "scotland",
        WindowMode::AsWritten,
    )
    .why;
    assert_eq!(
        why,
        "Received on Tue 17 Nov 2026, a working day, so it is due 24 hours later, on Wed 18 Nov 2026."
    );
}

#[test]
fn beyond_the_calendar_only_weekends_count_and_the_reason_says_so() {
    let window = due(
        instant("2031-12-25T10:00"),
        "england-and-wales",
        WindowMode::AsWritten,
    );
    assert_eq!(window.due_at, instant("2031-12-26T10:00"));
    assert!(window.why.contains("does not cover"), "{}", window.why);
    let unknown = due(
        instant("2026-12-25T10:00"),
        "cornwall",
        WindowMode::AsWritten,
    );
    assert!(unknown.why.contains("does not cover"));
}

#[test]
fn the_calendar_knows_its_divisions_its_end_and_its_version() {
    let calendar = Calendar::built_in().unwrap();
    assert_eq!(calendar.divisions().count(), 3);
    for division in ALL {
        assert_eq!(
            calendar.runs_out_on(division),
            Some("2029-12-31".parse().unwrap())
        );
    }
    assert_eq!(calendar.runs_out_on("cornwall"), None);
    assert_eq!(
        calendar.holiday("scotland", "2026-06-15".parse().unwrap()),
        Some("World Cup bank holiday")
    );
    let fewer = crate::calendar::BANK_HOLIDAYS.replace("2026-06-15", "2026-06-16");
    assert_ne!(
        Calendar::parse("x", &fewer).unwrap().version(),
        calendar.version()
    );
}

#[test]
fn a_faulty_calendar_is_refused() {
    let bad = [
        "{",
        "{}",
        r#"{"a":{"division":"b","events":[{"title":"x","date":"2026-01-01"}]}}"#,
        r#"{"a":{"division":"a","events":[]}}"#,
        r#"{"a":{"division":"a","events":[{"title":"x","date":"2026-02-30"}]}}"#,
        r#"{"a":{"division":"a","events":[{"title":"x","date":"2026-01-01"},{"title":"y","date":"2026-01-01"}]}}"#,
    ];
    for text in bad {
        assert!(Calendar::parse("calendar.json", text).is_err(), "{text}");
    }
}

#[test]
fn the_setting_says_which_comments_have_a_window() {
    let mut settings = WindowSettings::default();
    assert!(settings.applies(false) && settings.applies(true));
    settings.applies_to = AppliesTo::NeedsResponse;
    assert!(!settings.applies(false) && settings.applies(true));
}

proptest! {
    #[test]
    fn due_is_after_received_and_a_day_later_on_a_working_day(
        // 2025 to 2029
        second in 1_735_689_600_i64..1_893_456_000,
        division in prop::sample::select(ALL.to_vec()),
    ) {
        let received = Timestamp::from_second(second).unwrap();
        let window = due(received, division, WindowMode::AsWritten);
        let rolled = due(received, division, WindowMode::RollForward);
        prop_assert!(window.due_at > received);
        prop_assert!(rolled.due_at >= window.due_at);
        let day = received.to_zoned(london()).date();
        let calendar = Calendar::built_in().unwrap();
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if !weekend && calendar.holiday(division, day).is_none() {
            prop_assert_eq!(window.due_at.duration_since(received).as_secs(), 86_400);
        } else {
            let due = window.due_at.to_zoned(london()).datetime();
            prop_assert_eq!(due.time(), jiff::civil::Time::midnight());
        }
    }
}

#[test]
fn a_day_is_shown_as_the_calendar_writes_it() {
    for day in [
        date(2026, 1, 1),
        date(2026, 2, 9),
        date(2026, 11, 20),
        date(2028, 2, 29),
        date(1999, 12, 31),
        date(10, 5, 3),
        date(-44, 3, 15),
    ] {
        let written = day.strftime("%a %-d %b %Y").to_string();
        assert_eq!(super::shown(day), written);
    }
}
