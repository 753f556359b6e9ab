//! Pupils and staff as the register gives them. Reading the files is the school crate's work.

use jiff::civil::Date;

use crate::{PupilId, Redacted, StaffId};

/// One cell of consent. Unknown counts as refused for publication (DOMAIN 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Consent {
    /// Given.
    Granted,
    /// Refused.
    Refused,
    /// Given once and taken back.
    Withdrawn,
    /// Given for a time that is over.
    Expired,
    /// Nothing known: an empty cell.
    #[default]
    Unknown,
}

impl Consent {
    /// Whether publication is allowed.
    pub const fn is_granted(self) -> bool {
        matches!(self, Self::Granted)
    }

    /// The word used in messages.
    pub const fn plain(self) -> &'static str {
        match self {
            Self::Granted => "given",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Unknown => "not recorded",
        }
    }
}

/// The consents of one pupil. `None` = the register has no such column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Consents {
    /// A still picture on social media.
    pub social_photo: Option<Consent>,
    /// A video on social media.
    pub social_video: Option<Consent>,
    /// A picture on the website.
    pub website_photo: Option<Consent>,
    /// A picture for the press.
    pub press_photo: Option<Consent>,
    /// The name in a text without a picture.
    pub name: Option<Consent>,
    /// The name together with a picture.
    pub name_with_photo: Option<Consent>,
}

impl Consents {
    /// Whether the pupil may be named where there is no picture: `consent_name`, or, where the register has no
    /// such column, `consent_name_with_photo` (contract, built-in policy).
    pub fn for_name(&self) -> Consent {
        self.name.or(self.name_with_photo).unwrap_or_default()
    }

    /// Whether the pupil may be named next to a picture.
    pub fn for_name_with_picture(&self) -> Consent {
        self.name_with_photo.unwrap_or_default()
    }

    /// Whether a still picture may be shown on the platform (`website` and `press` have their own columns).
    pub fn for_picture(&self, platform: Option<&str>) -> Consent {
        match platform {
            Some("website") => self.website_photo,
            Some("press") => self.press_photo,
            _ => self.social_photo,
        }
        .unwrap_or_default()
    }
}

/// One pupil of the register. `Debug` hides every name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pupil {
    /// Id in the register.
    pub id: PupilId,
    /// Unique Pupil Number.
    pub upn: Option<Redacted<String>>,
    /// Legal given name.
    pub legal_given: Option<Redacted<String>>,
    /// Legal middle names.
    pub legal_middle: Option<Redacted<String>>,
    /// Legal family name.
    pub legal_family: Option<Redacted<String>>,
    /// Preferred given name.
    pub preferred_given: Option<Redacted<String>>,
    /// Preferred family name.
    pub preferred_family: Option<Redacted<String>>,
    /// Former family name.
    pub former_family: Option<Redacted<String>>,
    /// Year group as written, such as `4` or `R`.
    pub year: Option<String>,
    /// Class as written, such as `4 Heron`.
    pub class: Option<String>,
    /// Whether nothing of this pupil may be published. `None` = the register has no such column.
    pub do_not_publish: Option<bool>,
    /// What the family agreed to.
    pub consents: Consents,
}

/// One member of staff. `Debug` hides every name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Id in the staff list.
    pub id: StaffId,
    /// Title such as `Mrs`.
    pub title: Option<String>,
    /// Given name.
    pub given: Option<Redacted<String>>,
    /// Family name.
    pub family: Option<Redacted<String>>,
    /// Role in the school.
    pub role: Option<String>,
    /// Work e-mail.
    pub email: Option<Redacted<String>>,
    /// Last day of employment.
    pub end_date: Option<Date>,
}
