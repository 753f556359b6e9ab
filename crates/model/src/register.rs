//! Pupils and staff as the register gives them. Reading the files is the school crate's work.

use jiff::civil::Date;

use crate::{Consents, PupilId, Redacted, StaffId};

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
    /// Whether the member of staff asked not to be in pictures; no reason is needed (rule I3).
    pub no_photos: bool,
}
