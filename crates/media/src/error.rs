//! What can go wrong with a picture, in words a teacher understands. No variant carries any of the picture's own text.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::format::Format;

/// Why a picture could not be read or cleaned. Every case means that the picture must be held.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MediaError {
    /// The file, its sides or the memory it needs are over a limit.
    #[error("This picture is too large to check: its {what} is over the limit of {limit}.")]
    TooLarge {
        /// What was measured, with its unit.
        what: &'static str,
        /// The limit that was passed, in that unit.
        limit: u64,
    },
    /// The format is known but cannot be read or cleaned.
    #[error("{}", unsupported(*.0))]
    Unsupported(Format),
    /// The format can be cleaned, but not this picture of it; says why and what helps.
    #[error("This picture cannot be cleaned: {0}.")]
    CannotClean(&'static str),
    /// The file ends before the picture does.
    #[error("This picture is incomplete: the file ends too early.")]
    Truncated,
    /// The container or a metadata block breaks its own rules, so nobody can say what it holds.
    #[error("This picture is damaged or was made in an unusual way: {0}.")]
    Malformed(&'static str),
    /// The container has more parts than any real picture.
    #[error("This picture is made of too many parts to check safely.")]
    TooManySegments,
    /// The bytes are not a picture at all.
    #[error("This file is not a picture that we recognise.")]
    NotAPicture,
    /// The second reader found something in the cleaned copy.
    #[error("Hidden details could not be removed from this picture, so it must not be published.")]
    StillIdentifying(Vec<Leftover>),
}

impl MediaError {
    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::Unsupported(_) => "unsupported",
            Self::CannotClean(_) => "cannot_clean",
            Self::Truncated => "truncated",
            Self::Malformed(_) => "malformed",
            Self::TooManySegments => "too_many_segments",
            Self::NotAPicture => "not_a_picture",
            Self::StillIdentifying(_) => "still_identifying",
        }
    }
}

fn unsupported(format: Format) -> &'static str {
    match format {
        Format::Jpeg => {
            "This is a rare kind of JPEG that cannot be cleaned yet. Please save it again as an ordinary JPEG."
        }
        Format::Png | Format::Gif | Format::WebP | Format::Tiff => {
            "This picture cannot be cleaned. Please save it again as an ordinary JPEG or PNG."
        }
        Format::Heic => {
            "A HEIC picture cannot be cleaned as it is: it has to become a JPEG first. Please save it as a JPEG."
        }
        Format::Avif => {
            "An AVIF picture cannot be cleaned as it is: it has to become a JPEG first. Please save it as a JPEG."
        }
        Format::Mp4 => {
            "Films and moving pictures cannot be cleaned: hidden details stay in them, so a person must look."
        }
        Format::Unknown => "This file is not a picture that we recognise.",
    }
}

/// One thing the second reader found that a clean copy may not have. Never holds any of its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftover {
    /// The part of the container, such as `JPEG:APP13` or `PNG:tEXt`.
    pub tag: String,
    /// What is wrong with it, in a few words.
    pub why: String,
}

impl Leftover {
    pub(crate) fn new(tag: impl Into<String>, why: &'static str) -> Self {
        Self {
            tag: tag.into(),
            why: why.to_owned(),
        }
    }
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.tag, self.why)
    }
}
