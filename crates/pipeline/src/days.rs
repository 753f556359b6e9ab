//! For which days and which kind of picture consent is asked (rules I1, I2, O17).

use jiff::{Timestamp, civil::Date};
use schoolgate_model::{ConsentQuestion, Item, MediaFacts, MediaRef, MediaSource};
use schoolgate_policy::london;

/// What is asked of a family before this item goes out: consent that was given by now and before it is published, and
/// that holds on the day of publication. An overdue draft goes out now.
pub(crate) fn question(item: &Item, moving: bool, now: Timestamp) -> ConsentQuestion<'_> {
    let planned = item.envelope.publish_at.unwrap_or(now);
    ConsentQuestion {
        platform: item.envelope.platform.as_deref(),
        moving,
        given_by: day(planned.min(now)),
        valid_on: day(planned.max(now)),
    }
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(london()).date()
}

/// The endings of films' file names.
const FILMS: [&str; 10] = [
    "mp4", "mov", "m4v", "qt", "3gp", "avi", "webm", "mkv", "mpg", "mpeg",
];

/// Whether a medium moves. Where it was not read, its name says what it is.
pub(crate) fn is_moving(medium: &MediaRef, media: &MediaFacts) -> bool {
    let film = |ending: &str| FILMS.iter().any(|film| ending.eq_ignore_ascii_case(film));
    match media.of(&medium.id).map(|facts| &facts.read) {
        Some(Ok(read)) => read.moving || film(&read.format),
        _ => {
            let source = match &medium.source {
                MediaSource::Path(name) | MediaSource::Url(name) => Some(name.as_str()),
                _ => None,
            };
            let filename = medium.filename.as_ref().map(|name| name.expose().as_str());
            let mut names = filename.into_iter().chain(source);
            names.any(|name| {
                let path = name.split(['?', '#']).next().unwrap_or(name);
                path.rsplit_once('.').is_some_and(|(_, end)| film(end))
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use schoolgate_model::{SchoolId, wire::parse_submission};

    use super::*;

    fn item(rest: &str) -> Item {
        let json = format!(r#"{{"id":"d","kind":"draft","text":"Hi"{rest}}}"#);
        let now = "2026-11-20T09:00:00Z".parse().unwrap();
        parse_submission(json.as_bytes())
            .unwrap()
            .into_item(SchoolId::from("s"), 1, now)
    }

    #[test]
    fn consent_is_sought_before_publication_and_holds_on_its_day() {
        let now = "2026-06-30T23:30:00Z".parse().unwrap();
        let days = |rest: &str| {
            let item = item(rest);
            let asked = question(&item, false, now);
            (asked.given_by, asked.valid_on)
        };
        let today = date(2026, 7, 1);
        assert_eq!(days(""), (today, today), "summer time counts");
        let later = days(r#","publish_at":"2026-09-01T10:00:00Z""#);
        assert_eq!(later, (today, date(2026, 9, 1)));
        let overdue = days(r#","publish_at":"2026-06-01T10:00:00Z""#);
        assert_eq!(overdue, (date(2026, 6, 1), today));
    }

    #[test]
    fn a_film_that_was_not_read_is_known_by_its_name() {
        for (medium, expected) in [
            (r#"{"path":"sports/day.MOV"}"#, true),
            (r#"{"url":"https://a.example/b.mp4?x=1.jpg"}"#, true),
            (r#"{"path":"a.jpg"}"#, false),
            (r#"{"data":"","filename":"clip.webm"}"#, true),
            (r#"{"data":""}"#, false),
        ] {
            let item = item(&format!(r#","media":[{medium}]"#));
            let moving = is_moving(&item.content.media[0], &MediaFacts::default());
            assert_eq!(moving, expected, "{medium}");
        }
    }
}
