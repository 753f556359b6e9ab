//! One thing a detector found: what, where, how sure, and in plain English why it matters.

use serde::{Deserialize, Serialize};

use crate::{CheckName, MediaId, PupilId, RuleId};

/// The text that a finding points into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// The body of the draft or comment.
    Text,
    /// A picture's alternative text.
    Alt,
    /// A picture's caption.
    Caption,
    /// A picture's file name.
    Filename,
    /// A text found inside a picture's metadata.
    Metadata,
    /// A text read from a picture's pixels.
    Ocr,
    /// A link.
    Link,
    /// The author's name as the platform shows it.
    Author,
}

impl Surface {
    /// The stable name used in verdicts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Alt => "alt",
            Self::Caption => "caption",
            Self::Filename => "filename",
            Self::Metadata => "metadata",
            Self::Ocr => "ocr",
            Self::Link => "link",
            Self::Author => "author",
        }
    }

    /// How a message names the place.
    pub const fn plain(self) -> &'static str {
        match self {
            Self::Text => "the text",
            Self::Alt => "the picture's alternative text",
            Self::Caption => "the picture's caption",
            Self::Filename => "the picture's file name",
            Self::Metadata => "the picture's hidden details",
            Self::Ocr => "the words in the picture",
            Self::Link => "a link",
            Self::Author => "the author's name",
        }
    }
}

/// A stretch of a surface's original text, in Unicode scalar values, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First character.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
}

impl Span {
    /// Whether the two stretches share a character.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// How much harm the thing found can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Mild.
    Low,
    /// Needs a look.
    Medium,
    /// Needs a person before anything is published.
    High,
    /// Needs a person now.
    Critical,
}

macro_rules! categories {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)*) => {
        /// What kind of thing was found: the contract's stable identifiers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Category {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)*
        }

        impl Category {
            /// Every category, in the contract's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable identifier used in verdicts, policies and wordlists.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

categories! {
    /// A reference to a pupil.
    PupilName = "pupil_name",
    /// A reference to a member of staff.
    StaffName = "staff_name",
    /// Personal details of a private person.
    PersonalData = "personal_data",
    /// Swearing.
    Profanity = "profanity",
    /// Abuse of a person without swearing.
    Insult = "insult",
    /// Sexual wording.
    Sexual = "sexual",
    /// Bullying of a pupil, or a report of it.
    Bullying = "bullying",
    /// A threat of violence.
    Threat = "threat",
    /// A weapon.
    Weapon = "weapon",
    /// Hate or discrimination.
    Hate = "hate",
    /// A child, or someone for a child, tells of harm, neglect or abuse.
    Disclosure = "disclosure",
    /// Self-harm or suicide.
    SelfHarm = "self_harm",
    /// Eating disorder.
    EatingDisorder = "eating_disorder",
    /// Grooming or a contact cue.
    Grooming = "grooming",
    /// Criminal or sexual exploitation.
    Exploitation = "exploitation",
    /// Drugs.
    Drugs = "drugs",
    /// Radicalisation.
    Radicalisation = "radicalisation",
    /// A child is missing.
    MissingChild = "missing_child",
    /// Abuse of staff.
    StaffAbuse = "staff_abuse",
    /// An allegation of harm by a named member of staff.
    StaffAllegation = "staff_allegation",
    /// Publishing where somebody lives or how to reach them.
    Doxxing = "doxxing",
    /// Confidential matters.
    Confidential = "confidential",
    /// Commercially sensitive matters.
    Commercial = "commercial",
    /// Matters with controversial implications.
    Controversial = "controversial",
    /// One person's case.
    IndividualCase = "individual_case",
    /// Selling for oneself.
    PersonalGain = "personal_gain",
    /// Airing a grievance.
    Grievance = "grievance",
    /// An accusation against a named person or body.
    Defamation = "defamation",
    /// A link that hides or fakes its target.
    UnsafeLink = "unsafe_link",
    /// A mention of an account that is not approved.
    UntrustedMention = "untrusted_mention",
    /// Somebody else's material.
    Copyright = "copyright",
    /// Spam or scam.
    Spam = "spam",
    /// Tone of a draft.
    Tone = "tone",
    /// Accessibility of a draft.
    Accessibility = "accessibility",
    /// Something identifying in a picture's file.
    PhotoMetadata = "photo_metadata",
    /// A pupil who may not be published.
    DoNotPublish = "do_not_publish",
    /// Consent that is not there.
    Consent = "consent",
    /// A picture whose subjects nobody declared.
    UndeclaredSubjects = "undeclared_subjects",
    /// A copy of a picture that may not be published.
    KnownImage = "known_image",
    /// A check that did not do its whole work.
    ScreeningIncomplete = "screening_incomplete",
}

impl Category {
    /// The category with this identifier.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|category| category.code() == code)
    }
}

/// The pupils that the words could mean, strictest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PupilRefs {
    /// At most [`PupilRefs::MAX`] ids, strictest first.
    pub ids: Vec<PupilId>,
    /// How many pupils the words could mean in all.
    pub count: u32,
}

impl PupilRefs {
    /// How many ids a finding lists.
    pub const MAX: usize = 20;
}

/// One thing found. The JSON shape is the contract's.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The check that found it.
    pub detector: CheckName,
    /// The rule that fired.
    pub rule: RuleId,
    /// What kind of thing it is.
    pub category: Category,
    /// The sub-kind, where the category has one.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// How much harm it can do.
    pub severity: Severity,
    /// How sure the detector is, 0 to 1.
    #[serde(serialize_with = "in_thousandths")]
    pub confidence: f32,
    /// Where it was found; absent for a check that failed as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<Surface>,
    /// Which picture, where the surface belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaId>,
    /// First character of the surface's original text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<u32>,
    /// One past the last character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<u32>,
    /// The words found; never on the broker or in webhooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The strictest pupil the words could mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pupil_id: Option<PupilId>,
    /// The pupils the words could mean, strictest first, at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pupil_ids: Vec<PupilId>,
    /// How many pupils the words could mean, where more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pupil_count: Option<u32>,
    /// Plain English: what and why.
    pub message: String,
}

/// `0.97` and not `0.9700000286102295`: a single-precision number widened would claim digits that it has not got.
fn in_thousandths<S: serde::Serializer>(
    confidence: &f32,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((f64::from(*confidence) * 1_000.0).round() / 1_000.0)
}

impl Finding {
    /// A finding without a place; the `with_*` methods add what applies.
    pub fn new(
        detector: CheckName,
        rule: RuleId,
        category: Category,
        severity: Severity,
        confidence: f32,
        message: impl Into<String>,
    ) -> Self {
        Self {
            detector,
            rule,
            category,
            kind: None,
            severity,
            confidence: confidence.clamp(0.0, 1.0),
            surface: None,
            media: None,
            start: None,
            end: None,
            text: None,
            pupil_id: None,
            pupil_ids: Vec::new(),
            pupil_count: None,
            message: message.into(),
        }
    }

    /// Adds the sub-kind.
    #[must_use]
    pub fn with_kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// Adds the surface and the picture it belongs to.
    #[must_use]
    pub fn on(mut self, surface: Surface, media: Option<MediaId>) -> Self {
        self.surface = Some(surface);
        self.media = media;
        self
    }

    /// Adds the picture it is about, where it is about no text of it.
    #[must_use]
    pub fn of_picture(mut self, media: MediaId) -> Self {
        self.media = Some(media);
        self
    }

    /// Adds the stretch of original text.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.start = Some(span.start);
        self.end = Some(span.end);
        self.text = Some(text.into());
        self
    }

    /// Adds the pupils the words could mean.
    #[must_use]
    pub fn about(mut self, pupils: &PupilRefs) -> Self {
        self.pupil_id = pupils.ids.first().cloned();
        self.pupil_ids = pupils.ids.iter().take(PupilRefs::MAX).cloned().collect();
        self.pupil_count = (pupils.count > 1).then_some(pupils.count);
        self
    }

    /// The stretch of original text, where there is one.
    pub fn span(&self) -> Option<Span> {
        Some(Span {
            start: self.start?,
            end: self.end?,
        })
    }
}

impl std::fmt::Debug for Finding {
    /// Shows what kind of thing was found and where, never the words or the pupil.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finding")
            .field("rule", &self.rule)
            .field("category", &self.category)
            .field("kind", &self.kind)
            .field("severity", &self.severity)
            .field("surface", &self.surface)
            .field("start", &self.start)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_found_by_its_code() {
        for category in Category::ALL {
            assert_eq!(Category::from_code(category.code()), Some(*category));
        }
        assert_eq!(Category::from_code("names"), None);
    }

    #[test]
    fn fields_that_do_not_apply_are_left_out_of_the_json() {
        let finding = Finding::new(
            CheckName::Names,
            RuleId::fixed("screening-incomplete"),
            Category::ScreeningIncomplete,
            Severity::High,
            1.0,
            "The check did not run",
        );
        let json = serde_json::to_value(&finding).unwrap();
        let mut keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        keys.sort_unstable();
        assert_eq!(
            keys,
            [
                "category",
                "confidence",
                "detector",
                "message",
                "rule",
                "severity"
            ]
        );
    }

    #[test]
    fn debug_shows_neither_words_nor_pupil() {
        let refs = PupilRefs {
            ids: vec!["P0001".into()],
            count: 1,
        };
        let finding = Finding::new(
            CheckName::Names,
            RuleId::fixed("pupil-full-name"),
            Category::PupilName,
            Severity::High,
            0.9,
            "Amelia",
        )
        .on(Surface::Text, None)
        .at(Span { start: 0, end: 6 }, "Amelia")
        .about(&refs);
        let shown = format!("{finding:?}");
        assert!(
            !shown.contains("Amelia") && !shown.contains("P0001"),
            "{shown}"
        );
    }
}
