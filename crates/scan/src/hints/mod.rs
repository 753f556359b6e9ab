//! Hints for the author of a draft that need more than words: how it reads aloud, how loud it is, whom it tags and
//! whose picture it shows. A hint never says that something is wrong; it says why and what would help.
//!
//! Wording hints (opinions, sarcasm, "found on the internet") are data and stand in `wordlists/topic-hints.toml`.

mod letters;
mod loudness;
mod mentions;
mod tags;

use schoolgate_model::{
    Category, CheckFailure, CheckName, Finding, MediaId, Meter, RuleId, Severity, Span, Surface,
};

use crate::{personal::OwnDetails, surface::SurfaceText};

/// The ids of the rules of this module.
pub const HINT_RULES: &[&str] = &[
    DECORATIVE_LETTERS,
    EMOJI_RUN,
    HASHTAG_WITHOUT_CAPITALS,
    PICTURE_WITHOUT_DESCRIPTION,
    SHOUTING,
    MANY_EXCLAMATION_MARKS,
    MENTION_NOT_KNOWN,
    PICTURE_OF_ANOTHER_OWNER,
];

const DECORATIVE_LETTERS: &str = "decorative-letters";
const EMOJI_RUN: &str = "emoji-run";
const HASHTAG_WITHOUT_CAPITALS: &str = "hashtag-without-capitals";
const PICTURE_WITHOUT_DESCRIPTION: &str = "picture-without-description";
const SHOUTING: &str = "shouting";
const MANY_EXCLAMATION_MARKS: &str = "many-exclamation-marks";
const MENTION_NOT_KNOWN: &str = "mention-not-known";
const PICTURE_OF_ANOTHER_OWNER: &str = "picture-of-another-owner";

/// How sure a hint is. Hints are about what stands there, so there is little to doubt.
const SURE: f32 = 0.9;

/// How many hints of one rule a surface gets; more would not help anybody.
const MOST_OF_A_KIND: usize = 10;

/// What the hints must know besides the words.
#[derive(Debug, Clone, Copy)]
pub struct HintContext<'a> {
    /// Handles of the school's own accounts.
    pub own_handles: &'a [&'a str],
    /// The school's own details, for handles made of its domain.
    pub own: &'a OwnDetails,
    /// The school's name.
    pub school: &'a str,
    /// Pictures that came without a description.
    pub without_description: &'a [MediaId],
    /// What the pictures' files say about their owners.
    pub owners: &'a [(MediaId, &'a str)],
    /// What the names check found, for members of staff who took the pictures themselves.
    pub names: &'a [Finding],
}

/// Finds what an author could do better in a draft.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_hints(
    surfaces: &[SurfaceText],
    context: &HintContext<'_>,
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    let mut findings = Vec::new();
    for text in surfaces.iter().filter(|text| is_written(text.surface())) {
        meter.spend(8 * text.char_count() as u64)?;
        findings.extend(hints_of(text, context));
    }
    Ok(findings)
}

/// Finds what is missing beside a draft's pictures.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_picture_hints(
    context: &HintContext<'_>,
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    let pictures = context.without_description.len() + context.owners.len();
    meter.spend(16 * pictures as u64)?;
    let mut findings: Vec<Finding> = context
        .without_description
        .iter()
        .map(|id| {
            hint(
                PICTURE_WITHOUT_DESCRIPTION,
                Category::Accessibility,
                "This picture has no description. People who cannot see it hear nothing; add one or two plain sentences as alt text, without names.",
            )
            .of_picture(id.clone())
        })
        .collect();
    for (id, owner) in context.owners {
        if !is_ours(id, owner, context) {
            findings.push(
                hint(
                    PICTURE_OF_ANOTHER_OWNER,
                    Category::Copyright,
                    "The picture's file names an owner who is not the school. Make sure that you may use it, and say whose it is.",
                )
                .of_picture(id.clone()),
            );
        }
    }
    Ok(findings)
}

/// Whether people write this surface in sentences.
fn is_written(surface: Surface) -> bool {
    matches!(surface, Surface::Text | Surface::Alt | Surface::Caption)
}

fn is_ours(id: &MediaId, owner: &str, context: &HintContext<'_>) -> bool {
    let by_staff = context.names.iter().any(|name| {
        name.category == Category::StaffName
            && name.surface == Some(Surface::Metadata)
            && name.media.as_ref() == Some(id)
    });
    let plain = |text: &str| {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let (owner, school) = (plain(owner), plain(context.school));
    by_staff
        || owner.is_empty()
        || school.contains(&owner)
        || (!school.is_empty() && owner.contains(&school))
}

fn hints_of(text: &SurfaceText, context: &HintContext<'_>) -> Vec<Finding> {
    let chars: Vec<char> = text.original().chars().collect();
    let groups = [
        (
            letters::decorative(&chars),
            DECORATIVE_LETTERS,
            Category::Accessibility,
            "These letters are drawings of letters. Screen readers skip them or spell them out; write them with the normal keyboard.",
        ),
        (
            letters::emoji_runs(&chars),
            EMOJI_RUN,
            Category::Accessibility,
            "A screen reader reads every emoji out by name. Keep one or two, and put them at the end.",
        ),
        (
            tags::without_capitals(&chars),
            HASHTAG_WITHOUT_CAPITALS,
            Category::Accessibility,
            "This hashtag is several words. Start each word with a capital (#WorldBookDay), so that screen readers and everybody else can tell them apart.",
        ),
        (
            loudness::shouting(&chars),
            SHOUTING,
            Category::Tone,
            "Words in capitals look like shouting and are harder to read. Write them in small letters.",
        ),
        (
            loudness::exclamations(&chars),
            MANY_EXCLAMATION_MARKS,
            Category::Tone,
            "One exclamation mark says it. Several together look excited or cross; take the others out.",
        ),
        (
            mentions::unknown(&chars, context),
            MENTION_NOT_KNOWN,
            Category::UntrustedMention,
            "This mentions an account that we do not know. Check that it is the right one and that its owner agrees to be tagged.",
        ),
    ];
    groups
        .into_iter()
        .flat_map(|(spans, rule, category, message)| {
            spans.into_iter().take(MOST_OF_A_KIND).map(move |span| {
                hint(rule, category, message)
                    .on(text.surface(), text.media().cloned())
                    .at(span, text.slice(span))
            })
        })
        .collect()
}

fn hint(rule: &'static str, category: Category, message: &str) -> Finding {
    Finding::new(
        CheckName::Topics,
        RuleId::fixed(rule),
        category,
        Severity::Info,
        SURE,
        message,
    )
}

/// A span of scalar values.
fn span(start: usize, end: usize) -> Span {
    let at = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        start: at(start),
        end: at(end),
    }
}

#[cfg(test)]
mod tests;
