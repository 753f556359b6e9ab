//! What kind of comment it is: praise, query, complaint, journalist, data rights, spam. The classes that follow from
//! findings (abuse, safeguarding, allegation) are the policy's business.

use schoolgate_model::{CheckFailure, CommentClass, Meter};

use crate::{
    lexicon::{Lexicon, Subject},
    surface::SurfaceText,
    tongue::Reading,
};

/// The kind of a complaint that borrows the words of praise.
const SARCASM: &str = "sarcasm";

/// The classes that the words of a comment speak for, in the contract's order; several may hold, none is possible.
/// Praise that a sarcastic complaint is made of does not count.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_classes(
    text: &SurfaceText,
    lexicon: &Lexicon,
    meter: &Meter,
) -> Result<Vec<CommentClass>, CheckFailure> {
    let prepared = lexicon.prepare(text, meter)?;
    let hits = lexicon.hits(
        &prepared,
        false,
        |rule| matches!(rule.subject, Subject::Class(_)),
        meter,
    )?;
    let sarcastic = hits
        .iter()
        .any(|hit| hit.rule.kind.as_deref() == Some(SARCASM));
    let holds = |class: CommentClass| {
        let said = hits
            .iter()
            .any(|hit| hit.rule.subject == Subject::Class(class));
        said && !(sarcastic && class == CommentClass::Praise)
    };
    let spoken = Reading::of(text, lexicon.tongues(), meter)?.classes();
    Ok(CommentClass::ALL
        .iter()
        .copied()
        .filter(|class| holds(*class) || spoken.contains(class))
        .collect())
}
