//! The response window: when a comment is due, and why (rule C2, DOMAIN 5). Bank holidays are `calendar`'s; warning
//! and breaching are the dispatch role's.

use std::sync::LazyLock;

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};

use crate::calendar::Calendar;

/// How a due time that falls on a free day is treated (DOMAIN 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WindowMode {
    /// 24 hours from receipt on a working day, even into the weekend; otherwise the end of the next working day.
    #[default]
    AsWritten,
    /// As written, but a due time on a free day moves to the end of the next working day.
    RollForward,
}

impl WindowMode {
    /// The stable name used in files and output.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AsWritten => "as_written",
            Self::RollForward => "roll_forward",
        }
    }
}

/// When one comment is due, and what decided it. Stored whole: changed calendars never move past due times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseWindow {
    /// When the clock started.
    pub received_at: Timestamp,
    /// When the window ends.
    pub due_at: Timestamp,
    /// The mode in force.
    pub mode: WindowMode,
    /// The bank-holiday division, such as `england-and-wales`.
    pub division: String,
    /// The calendar's version.
    pub calendar_version: String,
    /// Whether somebody waits for words.
    pub needs_response: bool,
    /// Plain English.
    pub why: String,
}

/// Which comments have a window at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AppliesTo {
    /// Every visible comment.
    #[default]
    All,
    /// Only those whose writer waits for words.
    NeedsResponse,
}

impl AppliesTo {
    /// The stable name used in files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::NeedsResponse => "needs_response",
        }
    }
}

/// A stretch of days on which the school is closed, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closure {
    /// The first closed day.
    pub from: Date,
    /// The last closed day.
    pub to: Date,
}

/// A school's window settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowSettings {
    /// How a due time on a free day is treated.
    pub mode: WindowMode,
    /// Which comments have a window; the caller asks [`WindowSettings::applies`].
    pub applies_to: AppliesTo,
    /// The bank-holiday division.
    pub division: String,
    /// Days on which the school says that it is closed. School holidays count as working days unless listed here.
    pub closures: Vec<Closure>,
}

impl Default for WindowSettings {
    fn default() -> Self {
        Self {
            mode: WindowMode::default(),
            applies_to: AppliesTo::default(),
            division: "england-and-wales".to_owned(),
            closures: Vec::new(),
        }
    }
}

impl WindowSettings {
    /// Whether a comment has a window.
    pub const fn applies(&self, needs_response: bool) -> bool {
        matches!(self.applies_to, AppliesTo::All) || needs_response
    }
}

/// How far the next working day is looked for. Closures longer than that are not believed.
const FURTHEST_DAYS: usize = 366;

/// When a comment received at `received` is due (DOMAIN 5.2): 24 hours from a working day, else the end of the next
/// working day. `received` is the platform's creation time.
pub fn response_window(
    received: Timestamp,
    needs_response: bool,
    settings: &WindowSettings,
    calendar: &Calendar,
) -> ResponseWindow {
    let days = Days { settings, calendar };
    let (due_at, why) = days.due(received);
    ResponseWindow {
        received_at: received,
        due_at,
        mode: settings.mode,
        division: settings.division.clone(),
        calendar_version: calendar.version().to_owned(),
        needs_response,
        why,
    }
}

struct Days<'a> {
    settings: &'a WindowSettings,
    calendar: &'a Calendar,
}

impl Days<'_> {
    fn due(&self, received: Timestamp) -> (Timestamp, String) {
        let zone = london();
        let day = zone.to_datetime(received).date();
        let elapsed = received
            .checked_add(SignedDuration::from_hours(24))
            .unwrap_or(Timestamp::MAX);
        let (due, mut why) = match self.free(day) {
            Some(reason) => {
                let (due, end) = self.end_of_next_working_day(day, &zone);
                let why = format!(
                    "Received on {}, {reason}, so it is due at the end of the next working day, {end}",
                    shown(day)
                );
                (due, why)
            }
            None => self.a_day_after(day, elapsed, &zone),
        };
        why.push('.');
        let last = zone.to_datetime(due).date();
        let division = self.settings.division.as_str();
        if !self.calendar.covers(division, day) || !self.calendar.covers(division, last) {
            why.extend([" The bank-holiday calendar for ", division, NOT_COVERED]);
        }
        (due, why)
    }

    fn a_day_after(&self, day: Date, elapsed: Timestamp, zone: &TimeZone) -> (Timestamp, String) {
        let lands = zone.to_datetime(elapsed).date();
        let mut why = String::with_capacity(LONGEST_WHY);
        why.push_str("Received on ");
        show(day, &mut why);
        why.push_str(", a working day, so it is due 24 hours later");
        match (self.settings.mode, self.free(lands)) {
            (WindowMode::RollForward, Some(reason)) => {
                let (due, end) = self.end_of_next_working_day(lands, zone);
                let why = format!(
                    "{why}; that is {}, {reason}, so it moves to the end of the next working day, {end}",
                    shown(lands)
                );
                (due, why)
            }
            (WindowMode::AsWritten, Some(reason)) => (
                elapsed,
                format!("{why}, on {}, although that is {reason}", shown(lands)),
            ),
            (_, None) => {
                why.push_str(", on ");
                show(lands, &mut why);
                (elapsed, why)
            }
        }
    }

    /// Local midnight after the first working day behind `day`, and that day in words.
    fn end_of_next_working_day(&self, day: Date, zone: &TimeZone) -> (Timestamp, String) {
        let mut working = day;
        for _ in 0..FURTHEST_DAYS {
            working = working.saturating_add(1.day());
            if self.free(working).is_none() {
                break;
            }
        }
        let end = working.saturating_add(1.day());
        let due = end
            .to_zoned(zone.clone())
            .map_or(Timestamp::MAX, |end| end.timestamp());
        (due, shown(working))
    }

    /// Why nobody works on `day`, or `None` on a working day.
    fn free(&self, day: Date) -> Option<String> {
        if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return Some("a weekend day".to_owned());
        }
        if let Some(title) = self.calendar.holiday(&self.settings.division, day) {
            return Some(format!("a bank holiday ({title})"));
        }
        let closed = |closure: &Closure| (closure.from..=closure.to).contains(&day);
        let closures = &self.settings.closures;
        closures
            .iter()
            .any(closed)
            .then(|| "a day on which the school is closed".to_owned())
    }
}

/// What is said where the calendar ends.
const NOT_COVERED: &str = " does not cover this date, so only weekends and closures were counted.";

/// Room for the words of a working day and what is said of the calendar.
const LONGEST_WHY: usize = 240;

fn shown(day: Date) -> String {
    let mut shown = String::with_capacity("Fri 20 Nov 2026".len());
    show(day, &mut shown);
    shown
}

/// The day in words: `Fri 20 Nov 2026`.
fn show(day: Date, shown: &mut String) {
    const DAYS: [&str; 7] = ["Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "];
    const MONTHS: [&str; 12] = [
        " Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ", " Jul ", " Aug ", " Sep ", " Oct ",
        " Nov ", " Dec ",
    ];
    let at = |one_based: i8| usize::try_from(one_based - 1).unwrap_or(0);
    let weekday = DAYS.get(at(day.weekday().to_monday_one_offset()));
    let month = MONTHS.get(at(day.month()));
    let (Some(weekday), Some(month), 1000..) = (weekday, month, day.year()) else {
        shown.push_str(&day.strftime("%a %-d %b %Y").to_string());
        return;
    };
    let digit = |number: i16| char::from_digit(u32::from((number % 10).unsigned_abs()), 10);
    shown.push_str(weekday);
    let number = i16::from(day.day());
    shown.extend(digit(number / 10).filter(|_| number > 9));
    shown.extend(digit(number));
    shown.push_str(month);
    let powers = [1000, 100, 10, 1];
    shown.extend(powers.iter().filter_map(|power| digit(day.year() / power)));
}

/// The time zone of every UK school, from the table compiled in. Looked up once: every comment asks for it.
pub fn london() -> TimeZone {
    static LONDON: LazyLock<TimeZone> =
        LazyLock::new(|| TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC));
    LONDON.clone()
}

#[cfg(test)]
mod tests;
