//! What a family agreed to, and whether it covers one publication: per purpose, channel, still or moving, and how the
//! child may be named (DOMAIN 3.2). Reading the files is the school crate's work.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::civil::Date;

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

    /// Whether somebody said no, or the yes is over.
    const fn is_no(self) -> bool {
        matches!(self, Self::Refused | Self::Withdrawn | Self::Expired)
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

    /// Both are needed: the stricter answer.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let strictness = |consent| match consent {
            Self::Granted => 0,
            Self::Unknown => 1,
            Self::Expired => 2,
            Self::Withdrawn => 3,
            Self::Refused => 4,
        };
        if strictness(other) > strictness(self) {
            other
        } else {
            self
        }
    }

    /// What several statements about the same thing come to: one no is a no; a yes that is over does not outweigh one
    /// that was given anew.
    fn together(statements: impl Iterator<Item = Self>) -> Self {
        let rank = |consent: &Self| match consent {
            Self::Unknown => 0,
            Self::Expired => 1,
            Self::Granted => 2,
            Self::Withdrawn => 3,
            Self::Refused => 4,
        };
        statements.max_by_key(rank).unwrap_or_default()
    }
}

/// What a record of consent is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Every kind of publication.
    Anything,
    /// Social media.
    Social,
    /// The school's website.
    Website,
    /// The press.
    Press,
    /// The name in words.
    Name,
    /// The name next to a picture.
    NameWithPicture,
    /// Something else that the school publishes in, such as `newsletter`.
    Other(String),
}

/// How far a child may be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameForm {
    /// Not at all.
    Nothing,
    /// By the first name.
    Given,
    /// By the full name.
    Full,
}

/// What kind of thing may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentMedium {
    /// Still pictures.
    Still,
    /// Films.
    Moving,
    /// Neither: sound, or a child's work.
    Neither,
}

/// One row of the long form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    /// What for.
    pub purpose: Purpose,
    /// The platform, lower case; `None` = wherever the purpose reaches.
    pub channel: Option<String>,
    /// What was answered. A verbal yes, or a child's own, is none.
    pub state: Consent,
    /// How far the child may be named; `None` = nothing was said.
    pub names: Option<NameForm>,
    /// Still or moving; `None` = nothing was said: then a no is for both and a yes for stills.
    pub medium: Option<ConsentMedium>,
    /// When it was given.
    pub date: Option<Date>,
    /// Its last day.
    pub expires: Option<Date>,
}

/// One publication that consent is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentQuestion<'a> {
    /// Where it is published, lower case.
    pub platform: Option<&'a str>,
    /// Whether the picture moves.
    pub moving: bool,
    /// The day by which consent must have been given: it is sought before publication (rule O17).
    pub given_by: Date,
    /// The day on which it must still hold.
    pub valid_on: Date,
}

/// The consents of one pupil. `None` = the register has no such column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
    /// The long form.
    pub records: Arc<[ConsentRecord]>,
}

impl Consents {
    /// Whether the family ever agreed to the name in a text: what an item's channel and day make of it is
    /// [`Consents::to_name`]'s answer.
    pub fn for_name(&self) -> Consent {
        let stated = self
            .records
            .iter()
            .filter_map(|record| named_in_words(record, record.state));
        joined(self.name.or(self.name_with_photo), stated)
    }

    /// Whether the pupil may be named where there is no picture: `consent_name`, or, where the register has no
    /// such column, `consent_name_with_photo` (contract, built-in policy).
    pub fn to_name(&self, asked: &ConsentQuestion<'_>) -> Consent {
        let stated = self
            .stated(asked)
            .filter_map(|(record, state)| named_in_words(record, state));
        joined(self.name.or(self.name_with_photo), stated)
    }

    /// Whether the pupil may be named in full next to a picture.
    pub fn to_name_with_picture(&self, asked: &ConsentQuestion<'_>) -> Consent {
        self.named_with_picture(asked, NameForm::Full)
    }

    /// Whether the pupil's first name may stand next to a picture. A no to the name in words counts here too.
    pub fn to_given_name_with_picture(&self, asked: &ConsentQuestion<'_>) -> Consent {
        let answer = self.named_with_picture(asked, NameForm::Given);
        match self.name {
            Some(word) if word.is_no() || self.records.is_empty() => answer.and(word),
            _ => answer,
        }
    }

    fn named_with_picture(&self, asked: &ConsentQuestion<'_>, form: NameForm) -> Consent {
        let stated = self.stated(asked).filter_map(|(record, state)| {
            let of_names = match record.purpose {
                Purpose::NameWithPicture => true,
                Purpose::Name => false,
                Purpose::Anything => record.names.is_some() || state.is_no(),
                _ => record.names.is_some(),
            };
            if !of_names {
                return None;
            }
            Some(match record.names {
                Some(names) if state.is_granted() && names < form => Consent::Refused,
                _ => state,
            })
        });
        joined(self.name_with_photo, stated)
    }

    /// Whether a picture may be shown. On the website and in the press a film needs the consent for films as well:
    /// the register has only one column for them.
    pub fn to_picture(&self, asked: &ConsentQuestion<'_>) -> Consent {
        let area = Area::of(asked.platform);
        let elsewhere = match area {
            Area::Website => Some(self.website_photo),
            Area::Press => Some(self.press_photo),
            Area::Social | Area::Other => None,
        };
        let column = match (elsewhere, asked.moving) {
            (Some(column), false) => column,
            (Some(column), true) => Some(
                column
                    .unwrap_or_default()
                    .and(self.social_video.unwrap_or_default()),
            )
            .filter(|_| column.is_some() || self.social_video.is_some()),
            (None, true) => self.social_video,
            (None, false) => self.social_photo,
        };
        let column = column.filter(|column| !column.is_granted() || !self.limited(asked, area));
        let stated = self
            .stated(asked)
            .filter(|(record, _)| record.is_of_pictures())
            .map(|(_, state)| state);
        joined(column, stated)
    }

    /// Whether the long form grants this kind of publication channel by channel, and not on the one that is asked
    /// for: then a yes of the column does not reach it (DOMAIN 3.2: one channel is not another).
    fn limited(&self, asked: &ConsentQuestion<'_>, area: Area) -> bool {
        let mut by_channel = self
            .records
            .iter()
            .filter(|record| record.is_of_pictures() && record.channel.is_some())
            .filter(|record| record.state.is_granted() && record.area() == area)
            .peekable();
        by_channel.peek().is_some() && !by_channel.any(|record| record.reaches(asked))
    }

    /// The records that speak of this publication, each with what it comes to on its days.
    fn stated<'c>(
        &'c self,
        asked: &ConsentQuestion<'_>,
    ) -> impl Iterator<Item = (&'c ConsentRecord, Consent)> {
        self.records
            .iter()
            .filter(|record| record.reaches(asked))
            .map(|record| (record, record.on(asked)))
    }
}

/// A column and the statements of the long form: a no of the column is never outweighed.
fn joined(column: Option<Consent>, stated: impl Iterator<Item = Consent>) -> Consent {
    match column {
        Some(no) if no.is_no() => no,
        column => Consent::together(stated.chain(column)),
    }
}

/// What a record says about the name in words, where it does.
fn named_in_words(record: &ConsentRecord, state: Consent) -> Option<Consent> {
    match (&record.purpose, record.names) {
        (Purpose::Name, Some(NameForm::Nothing | NameForm::Given)) if state.is_granted() => {
            Some(Consent::Refused)
        }
        (Purpose::Name, _) => Some(state),
        // a no to photographs is no no to the name
        (Purpose::Anything, _) if state.is_no() && record.medium.is_none() => Some(state),
        (Purpose::Anything, Some(NameForm::Full)) => Some(state),
        _ => None,
    }
}

/// Whether two names are one channel's.
fn same_channel(one: &str, other: &str) -> bool {
    fn usual(name: &str) -> &str {
        match name {
            "fb" | "facebook page" => "facebook",
            "ig" | "insta" => "instagram",
            "twitter" | "x (twitter)" => "x",
            "yt" => "youtube",
            "web" | "school website" => "website",
            name => name,
        }
    }
    usual(one) == usual(other)
}

/// The kinds of place that a register has columns for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Area {
    Social,
    Website,
    Press,
    Other,
}

impl Area {
    fn of(platform: Option<&str>) -> Self {
        match platform {
            Some("website" | "web" | "school website") => Self::Website,
            Some("press" | "local press" | "newspaper") => Self::Press,
            Some("newsletter" | "prospectus" | "display" | "app" | "classdojo" | "print") => {
                Self::Other
            }
            _ => Self::Social,
        }
    }
}

impl ConsentRecord {
    fn is_of_pictures(&self) -> bool {
        !matches!(self.purpose, Purpose::Name | Purpose::NameWithPicture)
            && self.medium != Some(ConsentMedium::Neither)
    }

    fn area(&self) -> Area {
        match (&self.channel, &self.purpose) {
            (Some(channel), _) => Area::of(Some(channel)),
            (None, Purpose::Website) => Area::Website,
            (None, Purpose::Press) => Area::Press,
            (None, Purpose::Other(_)) => Area::Other,
            (None, _) => Area::Social,
        }
    }

    /// Whether it speaks of this publication. A no reaches further than a yes.
    fn reaches(&self, asked: &ConsentQuestion<'_>) -> bool {
        let no = self.state.is_no();
        let medium = match self.medium {
            Some(ConsentMedium::Still) => !asked.moving,
            Some(ConsentMedium::Moving) => asked.moving,
            Some(ConsentMedium::Neither) => !self.is_of_picture_purpose(),
            None => no || !asked.moving || !self.is_of_picture_purpose(),
        };
        let channel = match &self.channel {
            Some(channel) => match asked.platform {
                Some(platform) => same_channel(channel, platform),
                None => no && Area::of(Some(channel)) == Area::Social,
            },
            None => true,
        };
        medium && channel && (self.covers(asked.platform) || no && self.channel.is_some())
    }

    fn is_of_picture_purpose(&self) -> bool {
        !matches!(self.purpose, Purpose::Name | Purpose::NameWithPicture)
    }

    fn covers(&self, platform: Option<&str>) -> bool {
        match &self.purpose {
            Purpose::Anything | Purpose::Name | Purpose::NameWithPicture => true,
            Purpose::Social => Area::of(platform) == Area::Social,
            Purpose::Website => Area::of(platform) == Area::Website,
            Purpose::Press => Area::of(platform) == Area::Press,
            Purpose::Other(place) => platform.is_some_and(|asked| same_channel(place, asked)),
        }
    }

    /// What it comes to for a publication of those days.
    fn on(&self, asked: &ConsentQuestion<'_>) -> Consent {
        let over = self.expires.is_some_and(|last| last < asked.valid_on);
        let later = self.date.is_some_and(|given| given > asked.given_by);
        match self.state {
            Consent::Granted if over => Consent::Expired,
            Consent::Granted if later => Consent::Unknown,
            state => state,
        }
    }
}
