//! What a school asks of the look at its pictures: `[pictures]` of `school.toml`. Plain values, so that whoever opens
//! pictures and whoever judges them mean the same.

use jiff::Timestamp;

/// Whether the words in pictures are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReadWords {
    /// They are not.
    Off,
    /// They are where the program for it is installed; where it is not, the verdict says so and nothing is held.
    #[default]
    IfAvailable,
    /// They are, and a picture whose words were not read is held.
    Required,
}

impl ReadWords {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Off, Self::IfAvailable, Self::Required];

    /// The word in `school.toml`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::IfAvailable => "if_available",
            Self::Required => "required",
        }
    }
}

/// What a school asks of the look at its pictures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PictureSettings {
    /// Whether the words in pictures are read.
    pub words: ReadWords,
    /// Whether faces are counted. Nobody is recognised.
    pub head_count: bool,
    /// Whether every clean copy is made of the pixels alone.
    pub re_encode: bool,
    /// Whether the school keeps pictures that may not be published, so that every picture is compared with them.
    pub known_pictures: bool,
    /// How old the pupil list may be before pictures are held, in days; `None` = it is not asked.
    pub list_max_age_days: Option<u32>,
    /// When the pupil list was brought up to date, where that is known.
    pub list_as_of: Option<Timestamp>,
}

impl PictureSettings {
    /// How old the pupil list is, in whole days; `None` where nobody knows.
    pub fn list_age_days(&self, now: Timestamp) -> Option<u32> {
        let seconds = now.duration_since(self.list_as_of?).as_secs().max(0);
        u32::try_from(seconds / 86_400).ok()
    }

    /// Why the pupil list is too old to rely on, where it is. One of unknown age is.
    pub fn stale_list(&self, now: Timestamp) -> Option<String> {
        let most = self.list_max_age_days?;
        match self.list_age_days(now) {
            Some(age) if age <= most => None,
            Some(age) => Some(format!(
                "the pupil list is {age} days old, and the school allows {most}"
            )),
            None => Some("nobody knows how old the pupil list is".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_too_old_the_day_after_its_last() {
        let now: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
        let of = |most, as_of: Option<&str>| {
            PictureSettings {
                list_max_age_days: most,
                list_as_of: as_of.map(|at| at.parse().unwrap()),
                ..PictureSettings::default()
            }
            .stale_list(now)
        };
        assert_eq!(of(None, Some("2020-01-01T00:00:00Z")), None);
        assert_eq!(of(Some(30), Some("2026-10-21T00:00:00Z")), None);
        assert_eq!(
            of(Some(30), Some("2026-10-20T00:00:00Z")).as_deref(),
            Some("the pupil list is 31 days old, and the school allows 30")
        );
        assert_eq!(of(Some(0), Some("2027-01-01T00:00:00Z")), None);
        assert!(of(Some(30), None).is_some());
    }
}
