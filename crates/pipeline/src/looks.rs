//! The checks that read what looking at a picture's pixels showed: its words, how many faces there are, and whether
//! it is a picture that may not be published. Nobody is recognised by any of them.

use schoolgate_model::{
    Category, CheckFailure, CheckName, Finding, KnownList, KnownPicture, LookFault, Looks,
    MediaRef, Meter, ReadWords, RuleId, Severity,
};

use crate::{
    detectors::{Case, no_pictures},
    found::Found,
    picture::{failure, not_too_many, pictures, unread},
};

/// What looking is able to say about one picture.
type Look<T> = Result<T, LookFault>;

/// Why a look gave no answer, for the check as a whole.
fn look_failure(fault: &LookFault) -> CheckFailure {
    match fault {
        LookFault::Missing(what) => CheckFailure::MissingList(what.clone()),
        LookFault::TimedOut => CheckFailure::ChildKilled(fault.describe()),
        LookFault::Failed(what) => CheckFailure::Error(what.clone()),
        LookFault::Unopened => CheckFailure::UnreadableMedium(fault.describe()),
    }
}

/// Notes that nobody looked at one picture: a finding that names it, and the failure of the check.
fn not_looked(found: &mut Found, check: CheckName, medium: &MediaRef, fault: &LookFault) {
    let message = format!("{}: {}", check.plain(), fault.describe());
    found.extend([unread(check, medium, message)]);
    found.note(look_failure(fault));
}

/// Goes through the pictures with one look at each. `None` from `look` is a look that was asked for and not taken.
fn each<T: Clone>(
    case: &Case<'_>,
    check: CheckName,
    meter: &Meter,
    look: impl Fn(&Looks) -> Option<&Look<T>>,
    mut seen: impl FnMut(&mut Found, &MediaRef, T),
) -> Found {
    let mut found = not_too_many(case);
    for (medium, read) in pictures(case) {
        if let Err(over) = meter.spend(1) {
            return found.failed(over);
        }
        match read {
            Err(fault) => {
                found.extend([unread(check, medium, fault.describe())]);
                found.note(failure(&fault));
            }
            Ok(read) => match look(&read.looks) {
                Some(Ok(answer)) => seen(&mut found, medium, answer.clone()),
                Some(Err(fault)) => not_looked(&mut found, check, medium, fault),
                None => {
                    let fault = LookFault::Failed("nobody looked".to_owned());
                    not_looked(&mut found, check, medium, &fault);
                }
            },
        }
    }
    found
}

/// Whether the words of a picture stay unread because the school can do without and the program is not there.
fn done_without(case: &Case<'_>, looks: &Looks) -> bool {
    let absent = matches!(&looks.words, None | Some(Err(LookFault::Missing(_))));
    absent && case.snapshot.pictures.words == ReadWords::IfAvailable
}

/// Why no words are read in any picture of this item, if so.
pub(crate) fn words_not_read(case: &Case<'_>) -> Option<&'static str> {
    if let Some(none) = no_pictures(case) {
        return Some(none);
    }
    let without = |looks: &Looks| done_without(case, looks);
    let mut read = pictures(case).filter_map(|(_, read)| read.ok()).peekable();
    if case.snapshot.pictures.words != ReadWords::IfAvailable {
        return None;
    }
    (read.peek().is_none() || read.all(|read| without(&read.looks)))
        .then_some("the words in the picture were not read")
}

/// Whether the words in every picture were read whole. What they say is found by the checks that read words.
pub(crate) fn words(case: &Case<'_>, meter: &Meter) -> Found {
    const CHECK: CheckName = CheckName::PictureText;
    let mut found = not_too_many(case);
    let mut left_out = 0_usize;
    for (medium, read) in pictures(case) {
        if let Err(over) = meter.spend(1) {
            return found.failed(over);
        }
        match read {
            // where words may stay unread, the checks of the file say that the picture could not be read
            Err(_) if case.snapshot.pictures.words == ReadWords::IfAvailable => left_out += 1,
            Err(fault) => {
                found.extend([unread(CHECK, medium, fault.describe())]);
                found.note(failure(&fault));
            }
            Ok(read) if done_without(case, &read.looks) => left_out += 1,
            Ok(read) => match &read.looks.words {
                Some(Ok(words)) if words.cut => found.note(CheckFailure::Oversize(
                    "there are more words in a picture than are read".to_owned(),
                )),
                Some(Ok(_)) => {}
                Some(Err(fault)) => not_looked(&mut found, CHECK, medium, fault),
                None => {
                    let fault = LookFault::Failed("nobody looked".to_owned());
                    not_looked(&mut found, CHECK, medium, &fault);
                }
            },
        }
    }
    found.limit = Some(match left_out {
        0 => "Handwriting, small print and words at an angle are often not read.".to_owned(),
        some => format!("The words in {some} of the pictures were not read."),
    });
    found
}

/// More faces than people were declared (issue: nobody goes out unnoticed). Which faces is never asked.
pub(crate) fn head_count(case: &Case<'_>, meter: &Meter) -> Found {
    let mut found = each(
        case,
        CheckName::HeadCount,
        meter,
        |looks| looks.faces.as_ref(),
        |found, medium, faces| found.extend(too_many_faces(medium, faces)),
    );
    found.limit =
        Some("Only faces seen from the front are counted; nobody is recognised.".to_owned());
    found
}

/// The finding that there are more faces than declared people. Where nobody was declared at all, that is asked already.
fn too_many_faces(medium: &MediaRef, faces: u32) -> Option<Finding> {
    let pupils = u32::try_from(medium.pupils.as_ref()?.len()).unwrap_or(u32::MAX);
    let adults = medium.staff.as_ref().map_or(0, |staff| staff.count());
    let declared = pupils.saturating_add(adults);
    if faces <= declared {
        return None;
    }
    let finding = Finding::new(
        CheckName::HeadCount,
        RuleId::fixed("more-faces-than-declared"),
        Category::UndeclaredSubjects,
        Severity::Medium,
        0.7,
        format!(
            "{} can be seen from the front, and {} declared. Who else is in the picture?",
            counted(faces, "face", "faces"),
            match declared {
                0 => "nobody is".to_owned(),
                1 => "1 person is".to_owned(),
                many => format!("{many} people are"),
            }
        ),
    );
    Some(finding.of_picture(medium.id.clone()))
}

fn counted(number: u32, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    }
}

/// Pictures that may not be published and come back, whole or in part (rules I4, I7).
pub(crate) fn known_pictures(case: &Case<'_>, meter: &Meter) -> Found {
    each(
        case,
        CheckName::KnownPictures,
        meter,
        |looks| looks.known.as_ref(),
        |found, medium, matches| {
            // one finding a list: a picture has many near copies of itself on a list
            for list in [KnownList::DoNotPublish, KnownList::Withdrawn] {
                let of_list: Vec<&KnownPicture> =
                    matches.iter().filter(|known| known.list == list).collect();
                found.extend(known(medium, list, &of_list));
            }
        },
    )
}

fn known(medium: &MediaRef, list: KnownList, matches: &[&KnownPicture]) -> Option<Finding> {
    let closest = matches.iter().max_by_key(|known| known.same_bytes)?;
    let how = if closest.same_bytes {
        "This is the same file as a picture that"
    } else {
        "This is a copy or a part of a picture that"
    };
    let (rule, why, severity) = match list {
        KnownList::DoNotPublish => (
            "known-do-not-publish-picture",
            "must not be published",
            Severity::Critical,
        ),
        KnownList::Withdrawn => ("known-withdrawn-picture", "was taken back", Severity::High),
    };
    let confidence = if closest.same_bytes { 1.0 } else { 0.95 };
    let finding = Finding::new(
        CheckName::KnownPictures,
        RuleId::fixed(rule),
        Category::KnownImage,
        severity,
        confidence,
        format!("{how} {why}"),
    );
    Some(finding.of_picture(medium.id.clone()))
}
