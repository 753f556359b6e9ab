//! How codes and times are put to people: local time, time left, plain words for what was found.

use jiff::{SignedDuration, Timestamp, Zoned, civil::Time, tz::TimeZone};
use schoolgate_model::{Audience, Category, CommentClass, ItemKind, Outcome, Severity};

/// A due time nearer than this is shown as urgent.
const SOON: SignedDuration = SignedDuration::from_hours(3);

/// The time zone of every UK school.
pub(crate) fn local(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC))
}

/// `Fri 20 Nov, 14:05`; with the year where it is not this year's.
pub(crate) fn moment(at: Timestamp, now: Timestamp) -> String {
    let there = local(at);
    let form = match there.year() == local(now).year() {
        true => "%a %-d %b, %H:%M",
        false => "%a %-d %b %Y, %H:%M",
    };
    there.strftime(form).to_string()
}

/// How long ago, in the largest unit that fits.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(at).as_mins();
    match minutes {
        ..1 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..1440 => format!("{} h ago", minutes / 60),
        _ => moment(at, now),
    }
}

/// How near a due time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nearness {
    /// There is time.
    Later,
    /// Less than three hours.
    Soon,
    /// The time is up.
    Over,
}

impl Nearness {
    /// The class of the style sheet.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Later => "later",
            Self::Soon => "soon",
            Self::Over => "over",
        }
    }
}

/// A due time in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    /// `2 h 10 min left`, `due end of Mon 23 Nov`, `overdue by 3 h`.
    pub(crate) text: String,
    /// The exact local time.
    pub(crate) exact: String,
    /// How near it is.
    pub(crate) nearness: Nearness,
}

/// When something is due, as seen now. Today's and tomorrow's times are counted down; midnight ends a day, for
/// "Tue 00:00" would be read as some time on Tuesday.
pub(crate) fn due(at: Timestamp, now: Timestamp) -> Due {
    let left = at.duration_since(now);
    let there = local(at);
    let end_of_day = (there.time() == Time::midnight())
        .then(|| there.yesterday().ok())
        .flatten();
    let exact = match &end_of_day {
        Some(day) => format!("end of {}", day.strftime("%a %-d %b")),
        None => moment(at, now),
    };
    let (text, nearness) = if left <= SignedDuration::ZERO {
        (format!("overdue by {}", span(-left)), Nearness::Over)
    } else if left < SOON {
        (format!("{} left", span(left)), Nearness::Soon)
    } else if left < SignedDuration::from_hours(24) && end_of_day.is_none() {
        (format!("{} left", span(left)), Nearness::Later)
    } else {
        (format!("due {exact}"), Nearness::Later)
    };
    Due {
        text,
        exact,
        nearness,
    }
}

/// For a comment whose writer waits for nothing: it is to be seen by then, and never turns red.
pub(crate) fn to_be_seen(at: Timestamp, now: Timestamp) -> Due {
    let due = due(at, now);
    Due {
        text: match due.nearness {
            Nearness::Over => format!("was to be seen by {}", due.exact),
            Nearness::Soon | Nearness::Later => format!("to be seen by {}", due.exact),
        },
        nearness: Nearness::Later,
        ..due
    }
}

/// `2 h 10 min`, `3 days`.
fn span(length: SignedDuration) -> String {
    let minutes = length.as_mins();
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{} min", minutes.max(1)),
        (hours @ 48.., _) => format!("{} days", hours / 24),
        (hours @ 10.., _) => format!("{hours} h"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// `1 comment`, `2 comments`.
pub(crate) fn count(number: u64, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    }
}

/// The outcome as an adjective.
pub(crate) const fn outcome(outcome: Outcome, kind: ItemKind) -> &'static str {
    match (outcome, kind) {
        (Outcome::Approve, ItemKind::Comment) => "Clear",
        (Outcome::Approve, ItemKind::Draft) => "Approved",
        (Outcome::Hold, _) => "Held",
        (Outcome::Escalate, _) => "Escalated",
    }
}

/// A platform as people write it.
pub(crate) fn platform(name: &str) -> String {
    match name {
        "facebook" => "Facebook".to_owned(),
        "instagram" => "Instagram".to_owned(),
        "youtube" => "YouTube".to_owned(),
        "x" => "X".to_owned(),
        "linkedin" => "LinkedIn".to_owned(),
        "tiktok" => "TikTok".to_owned(),
        other => other.to_owned(),
    }
}

/// What a comment is, as far as that says anything.
pub(crate) fn classes(classes: &[CommentClass]) -> Vec<&'static str> {
    classes
        .iter()
        .filter(|found| **found != CommentClass::Other)
        .map(|found| class(*found))
        .collect()
}

/// One class of a comment.
const fn class(class: CommentClass) -> &'static str {
    match class {
        CommentClass::Praise => "Praise",
        CommentClass::Query => "Question",
        CommentClass::Complaint => "Complaint",
        CommentClass::Journalist => "Journalist",
        CommentClass::DataRights => "Data rights",
        CommentClass::Spam => "Spam",
        CommentClass::Abuse => "Abuse",
        CommentClass::Safeguarding => "Safeguarding",
        CommentClass::Allegation => "Allegation",
        CommentClass::Other => "Other",
    }
}

/// Who is told.
pub(crate) const fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Moderator => "the moderators",
        Audience::Slt => "senior leadership",
        Audience::Dsl => "the safeguarding lead",
        Audience::Head => "the head",
        Audience::Dpo => "the data protection officer",
        Audience::Press => "the press lead",
        Audience::LineManager => "the line manager",
        Audience::Author => "the author",
    }
}

/// How sure a detector is.
pub(crate) fn confidence(confidence: f32) -> &'static str {
    match confidence {
        0.95.. => "almost certain",
        0.8.. => "likely",
        0.5.. => "possible",
        _ => "only a hint",
    }
}

/// How much harm it can do.
pub(crate) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "for information",
        Severity::Low => "minor",
        Severity::Medium => "needs a look",
        Severity::High => "serious",
        Severity::Critical => "very serious",
    }
}

/// Whether words of this kind are put behind a deliberate step.
pub(crate) const fn is_distressing(category: Category) -> bool {
    matches!(
        category,
        Category::Sexual
            | Category::Bullying
            | Category::Threat
            | Category::Hate
            | Category::Disclosure
            | Category::SelfHarm
            | Category::EatingDisorder
            | Category::Grooming
            | Category::Exploitation
            | Category::Radicalisation
            | Category::MissingChild
            | Category::StaffAbuse
            | Category::StaffAllegation
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_due_time_is_counted_down_when_it_is_near_and_named_when_it_is_not() {
        let now = at("2026-11-20T17:00:00Z");
        let cases = [
            ("2026-11-20T19:10:00Z", "2 h 10 min left", Nearness::Soon),
            ("2026-11-20T17:00:20Z", "1 min left", Nearness::Soon),
            ("2026-11-21T09:00:00Z", "16 h left", Nearness::Later),
            (
                "2026-11-24T00:00:00Z",
                "due end of Mon 23 Nov",
                Nearness::Later,
            ),
            (
                "2026-11-23T10:30:00Z",
                "due Mon 23 Nov, 10:30",
                Nearness::Later,
            ),
            ("2026-11-20T16:15:00Z", "overdue by 45 min", Nearness::Over),
            ("2026-11-17T00:00:00Z", "overdue by 3 days", Nearness::Over),
        ];
        for (due_at, text, nearness) in cases {
            let due = due(at(due_at), now);
            assert_eq!(
                (due.text.as_str(), due.nearness),
                (text, nearness),
                "{due_at}"
            );
        }
    }

    #[test]
    fn what_nobody_waits_for_never_turns_red() {
        let now = at("2026-11-20T17:00:00Z");
        for (due_at, text) in [
            ("2026-11-20T19:00:00Z", "to be seen by Fri 20 Nov, 19:00"),
            (
                "2026-11-20T09:00:00Z",
                "was to be seen by Fri 20 Nov, 09:00",
            ),
        ] {
            let due = to_be_seen(at(due_at), now);
            assert_eq!((due.text.as_str(), due.nearness), (text, Nearness::Later));
        }
    }

    #[test]
    fn times_are_local_in_summer_too() {
        let now = at("2026-07-01T12:00:00Z");
        assert_eq!(moment(now, now), "Wed 1 Jul, 13:00");
        assert_eq!(
            moment(at("2025-12-31T23:30:00Z"), now),
            "Wed 31 Dec 2025, 23:30"
        );
        assert_eq!(
            due(at("2026-07-02T23:00:00Z"), now).exact,
            "end of Thu 2 Jul"
        );
        assert_eq!(ago(at("2026-07-01T11:59:30Z"), now), "just now");
        assert_eq!(ago(at("2026-07-01T11:15:00Z"), now), "45 min ago");
    }
}
