//! What consents come to, case by case, and the laws that hold for every record.

use jiff::civil::date;

use super::*;

fn asked(platform: &str) -> ConsentQuestion<'_> {
    ConsentQuestion {
        platform: Some(platform),
        moving: false,
        given_by: date(2026, 11, 20),
        valid_on: date(2026, 11, 20),
    }
}

fn film(platform: &str) -> ConsentQuestion<'_> {
    ConsentQuestion {
        moving: true,
        ..asked(platform)
    }
}

fn record(purpose: Purpose, channel: &str, state: Consent) -> ConsentRecord {
    ConsentRecord {
        purpose,
        channel: (!channel.is_empty()).then(|| channel.to_owned()),
        state,
        names: None,
        medium: None,
        date: None,
        expires: None,
    }
}

fn with(records: impl IntoIterator<Item = ConsentRecord>) -> Consents {
    Consents {
        records: records.into_iter().collect(),
        ..Consents::default()
    }
}

const YES: Consent = Consent::Granted;
const NO: Consent = Consent::Refused;

#[test]
fn each_channel_and_medium_is_asked_for_by_its_own_column() {
    let consents = Consents {
        social_photo: Some(YES),
        social_video: Some(NO),
        website_photo: Some(Consent::Withdrawn),
        press_photo: None,
        ..Consents::default()
    };
    assert_eq!(consents.to_picture(&asked("facebook")), YES);
    assert_eq!(consents.to_picture(&film("facebook")), NO);
    assert_eq!(consents.to_picture(&asked("website")), Consent::Withdrawn);
    assert_eq!(consents.to_picture(&asked("press")), Consent::Unknown);
}

#[test]
fn a_film_on_the_website_needs_the_consent_for_films_too() {
    let both = |website, video| Consents {
        website_photo: website,
        social_video: video,
        ..Consents::default()
    };
    let answer = |website, video| both(website, video).to_picture(&film("website"));
    assert_eq!(answer(Some(YES), Some(YES)), YES);
    assert_eq!(answer(Some(YES), Some(NO)), NO);
    assert_eq!(answer(Some(YES), None), Consent::Unknown);
    assert_eq!(answer(None, None), Consent::Unknown);
}

#[test]
fn consent_for_one_channel_is_not_consent_for_another() {
    let consents = with([record(Purpose::Social, "facebook", YES)]);
    assert_eq!(consents.to_picture(&asked("facebook")), YES);
    assert_eq!(consents.to_picture(&asked("instagram")), Consent::Unknown);
    assert_eq!(consents.to_picture(&asked("website")), Consent::Unknown);
    let column_too = Consents {
        social_photo: Some(YES),
        ..consents
    };
    assert_eq!(column_too.to_picture(&asked("instagram")), Consent::Unknown);
    let all = with([record(Purpose::Social, "", YES)]);
    assert_eq!(all.to_picture(&asked("instagram")), YES);
    assert_eq!(all.to_picture(&asked("newsletter")), Consent::Unknown);
}

#[test]
fn the_most_restrictive_record_wins_and_a_no_of_the_column_stands() {
    let two_parents = [
        record(Purpose::Social, "", YES),
        record(Purpose::Social, "facebook", NO),
    ];
    assert_eq!(with(two_parents.clone()).to_picture(&asked("facebook")), NO);
    assert_eq!(
        with(two_parents).to_picture(&asked("instagram")),
        YES,
        "the no was for another channel"
    );
    let column = Consents {
        social_photo: Some(Consent::Expired),
        ..with([record(Purpose::Social, "", YES)])
    };
    assert_eq!(column.to_picture(&asked("facebook")), Consent::Expired);
    let everything = with([
        record(Purpose::Social, "", YES),
        record(Purpose::Anything, "", Consent::Withdrawn),
    ]);
    assert_eq!(everything.to_picture(&film("x")), Consent::Withdrawn);
    assert_eq!(everything.to_name(&asked("x")), Consent::Withdrawn);
    let mut photographs = record(Purpose::Anything, "", NO);
    photographs.medium = Some(ConsentMedium::Still);
    let named = Consents {
        name: Some(YES),
        ..with([photographs])
    };
    assert_eq!(named.to_name(&asked("x")), YES);
}

#[test]
fn a_yes_counts_from_its_day_to_its_last() {
    let of = |given, expires| {
        let mut record = record(Purpose::Social, "", YES);
        (record.date, record.expires) = (given, expires);
        with([record]).to_picture(&asked("facebook"))
    };
    assert_eq!(of(Some(date(2026, 11, 20)), Some(date(2026, 11, 20))), YES);
    assert_eq!(of(Some(date(2026, 11, 21)), None), Consent::Unknown);
    assert_eq!(of(None, Some(date(2026, 11, 19))), Consent::Expired);
    let mut old = record(Purpose::Social, "", YES);
    old.expires = Some(date(2025, 8, 31));
    let renewed = with([old, record(Purpose::Social, "", YES)]);
    assert_eq!(renewed.to_picture(&asked("facebook")), YES);
}

#[test]
fn stills_and_films_are_agreed_to_apart() {
    let of = |medium, state| {
        let mut record = record(Purpose::Social, "", state);
        record.medium = medium;
        let consents = with([record]);
        [asked("facebook"), film("facebook")].map(|asked| consents.to_picture(&asked))
    };
    let unknown = Consent::Unknown;
    assert_eq!(of(None, YES), [YES, unknown]);
    assert_eq!(of(None, NO), [NO, NO]);
    assert_eq!(of(Some(ConsentMedium::Moving), YES), [unknown, YES]);
    assert_eq!(of(Some(ConsentMedium::Still), NO), [NO, unknown]);
    assert_eq!(of(Some(ConsentMedium::Neither), YES), [unknown, unknown]);
}

#[test]
fn the_name_form_says_how_far_a_child_is_named() {
    let of = |names, column| {
        let mut record = record(Purpose::Social, "", YES);
        record.names = names;
        let consents = Consents {
            name_with_photo: column,
            ..with([record])
        };
        let asked = asked("facebook");
        [
            consents.to_given_name_with_picture(&asked),
            consents.to_name_with_picture(&asked),
        ]
    };
    let unknown = Consent::Unknown;
    assert_eq!(of(None, None), [unknown, unknown]);
    assert_eq!(of(None, Some(YES)), [YES, YES]);
    assert_eq!(of(Some(NameForm::Full), None), [YES, YES]);
    assert_eq!(of(Some(NameForm::Given), Some(YES)), [YES, NO]);
    assert_eq!(of(Some(NameForm::Nothing), Some(YES)), [NO, NO]);
}

#[test]
fn the_name_in_words_has_a_purpose_of_its_own() {
    let consents = with([
        record(Purpose::Name, "website", YES),
        record(Purpose::Social, "", NO),
    ]);
    assert_eq!(consents.to_name(&asked("website")), YES);
    assert_eq!(consents.to_name(&asked("facebook")), Consent::Unknown);
    assert_eq!(consents.for_name(), YES);
    let columns = Consents {
        name_with_photo: Some(YES),
        ..Consents::default()
    };
    assert_eq!(columns.to_name(&asked("facebook")), YES);
}

#[test]
fn where_no_platform_is_named_a_no_of_any_social_channel_counts() {
    let nowhere = ConsentQuestion {
        platform: None,
        ..asked("")
    };
    let of = |state| with([record(Purpose::Social, "facebook", state)]).to_picture(&nowhere);
    assert_eq!(of(NO), NO);
    assert_eq!(of(YES), Consent::Unknown);
}

const STATES: [Consent; 5] = [
    Consent::Granted,
    Consent::Refused,
    Consent::Withdrawn,
    Consent::Expired,
    Consent::Unknown,
];

/// Every kind of record there is, for a few channels.
fn every_record() -> Vec<ConsentRecord> {
    let purposes = [
        Purpose::Anything,
        Purpose::Social,
        Purpose::Website,
        Purpose::Press,
        Purpose::Name,
        Purpose::NameWithPicture,
        Purpose::Other("newsletter".to_owned()),
    ];
    let media = [
        None,
        Some(ConsentMedium::Still),
        Some(ConsentMedium::Moving),
        Some(ConsentMedium::Neither),
    ];
    let names = [
        None,
        Some(NameForm::Nothing),
        Some(NameForm::Given),
        Some(NameForm::Full),
    ];
    let mut all = Vec::new();
    for purpose in purposes {
        for channel in ["", "facebook", "website"] {
            for state in STATES {
                for medium in media {
                    all.extend(names.map(|names| ConsentRecord {
                        names,
                        medium,
                        ..record(purpose.clone(), channel, state)
                    }));
                }
            }
        }
    }
    all
}

fn answers(consents: &Consents) -> Vec<bool> {
    let mut answers = Vec::new();
    for platform in ["facebook", "instagram", "website", "press", "newsletter"] {
        for asked in [asked(platform), film(platform)] {
            let all = [
                consents.to_picture(&asked),
                consents.to_name(&asked),
                consents.to_name_with_picture(&asked),
                consents.to_given_name_with_picture(&asked),
            ];
            answers.extend(all.map(Consent::is_granted));
        }
    }
    answers
}

#[test]
fn nothing_but_a_yes_grants_anything_and_a_no_to_everything_ends_all() {
    for first in every_record() {
        let alone = answers(&with([first.clone()]));
        assert!(
            first.state.is_granted() || !alone.contains(&true),
            "{first:?}"
        );
        let ended = record(Purpose::Anything, "", NO);
        let both = answers(&with([first.clone(), ended]));
        assert!(!both.contains(&true), "{first:?}");
    }
}

#[test]
fn a_record_that_is_no_yes_never_loosens() {
    let granting = [
        record(Purpose::Social, "", YES),
        record(Purpose::Anything, "facebook", YES),
        record(Purpose::Name, "", YES),
    ];
    let columns = Consents {
        social_photo: Some(YES),
        social_video: Some(YES),
        website_photo: Some(YES),
        press_photo: None,
        name: Some(YES),
        name_with_photo: Some(YES),
        records: Arc::from([]),
    };
    let joined = |records: &[ConsentRecord]| {
        answers(&Consents {
            records: records.iter().cloned().collect(),
            ..columns.clone()
        })
    };
    for first in granting {
        let before = joined(std::slice::from_ref(&first));
        for second in every_record() {
            if second.state.is_granted() {
                continue;
            }
            let after = joined(&[first.clone(), second.clone()]);
            let mut pairs = before.iter().zip(&after);
            assert!(
                !pairs.any(|(before, after)| !before && *after),
                "{first:?} {second:?}"
            );
        }
    }
}
