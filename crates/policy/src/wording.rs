//! What the reasons say, in plain friendly English. No pupil's name, no quoted text: only what kind of thing it was.

use schoolgate_model::{Category, CheckName, ItemKind, MetadataKind};

use crate::settings::rules;

/// What one reason says.
pub(crate) struct Wording {
    pub(crate) text: String,
    pub(crate) fix: Option<String>,
}

/// The words for a rule of `category` that fired with these sub-kinds.
pub(crate) fn wording(
    kind: ItemKind,
    rule: &str,
    category: Category,
    kinds: &[&str],
    doubtful: bool,
) -> Wording {
    let mut wording =
        situation(kind, rule).unwrap_or_else(|| ordinary(kind, rule, category, kinds));
    if doubtful {
        wording.text.push_str(" We are not sure about this one.");
    }
    wording
}

/// The message of a finding that leaves the house: the kind of thing, never the words.
pub(crate) fn message(
    kind: ItemKind,
    rule: &str,
    category: Category,
    found: Option<&str>,
) -> String {
    let kinds: Vec<&str> = found.into_iter().collect();
    wording(kind, rule, category, &kinds, false).text
}

fn says(text: &str, fix: &str) -> Wording {
    Wording {
        text: text.to_owned(),
        fix: Some(fix.to_owned()),
    }
}

/// Policy's own rules.
fn situation(kind: ItemKind, rule: &str) -> Option<Wording> {
    let draft = kind == ItemKind::Draft;
    Some(match rule {
        rules::NAME_WITH_IMAGE => says(
            "A pupil can be recognised by name next to a picture.",
            "Take out the name, or post the words without the picture.",
        ),
        rules::GIVEN_NAME_WITH_IMAGE => says(
            "A pupil's first name stands next to a picture.",
            "Take out the name, or post the words without the picture.",
        ),
        rules::NAME_WITHOUT_CONSENT if draft => says(
            "A pupil can be recognised by name, and we have no consent for that.",
            "Take out the name, or ask the family for consent before you post.",
        ),
        rules::NAME_WITHOUT_CONSENT => says(
            "A pupil can be recognised by name in this comment, and we have no consent for that.",
            "Hide the comment, and ask the author to post it again without the name.",
        ),
        rules::NAME_WITH_IMAGE_WITHOUT_CONSENT if draft => says(
            "A pupil can be recognised by name next to a picture, and we do not have consent for both.",
            "Take out the name or the picture, or ask the family for consent before you post.",
        ),
        rules::NAME_WITH_IMAGE_WITHOUT_CONSENT => says(
            "A pupil can be recognised by name next to a picture in this comment, without consent for both.",
            "Hide the comment, and ask the author to post it again without the name.",
        ),
        rules::DO_NOT_PUBLISH_REFERENCE if draft => says(
            "This could mean a pupil who must not be published.",
            "Take out everything about this pupil. If you think that this is a mistake, ask the safeguarding lead.",
        ),
        rules::DO_NOT_PUBLISH_REFERENCE => says(
            "This comment recognises a pupil who must not be published.",
            "Hide the comment and leave the rest to the safeguarding lead.",
        ),
        rules::NAME_NOT_RESOLVED => says(
            "We found a pupil's name but could not look up what the family agreed to.",
            "Ask a colleague to look at it, and check the pupil list.",
        ),
        rules::ADDRESSED_TO_PUPIL => says(
            "This speaks to a pupil's own account.",
            "Speak to the family, or use the school's learning platform.",
        ),
        rules::UNSURE => says(
            "The author asked for a second pair of eyes.",
            "A colleague looks at it before it goes further.",
        ),
        rules::PUPIL_GIVEN_NAME => Wording {
            text: "A pupil's first name is used. By itself it does not say who is meant."
                .to_owned(),
            fix: None,
        },
        rules::UNLISTED_CHILD_NAME => says(
            "A child is named who is not on the pupil list.",
            "Check that the family agrees before you name the child.",
        ),
        "declared-do-not-publish" => says(
            "A pupil in the picture must not be published.",
            "Use a picture without this pupil.",
        ),
        "declared-consent" => says(
            "A pupil in the picture has no consent for this channel.",
            "Use another picture, or ask the family for consent before you post.",
        ),
        "declared-unknown-pupil" => says(
            "A pupil said to be in the picture is not on the pupil list.",
            "Check who is in the picture, and whether the pupil list is up to date.",
        ),
        "declared-staff-no-photos" => says(
            "A member of staff in the picture asked not to be in pictures.",
            "Use another picture, or ask the colleague again.",
        ),
        "declared-unknown-staff" => says(
            "A member of staff said to be in the picture is not on the staff list.",
            "Check who is in the picture, and whether the staff list is up to date.",
        ),
        "nobody-declared-but-named" => says(
            "You said that nobody in the picture can be recognised, and a name stands with it.",
            "Say who is in the picture, or take the name out of the caption, the file name or the picture.",
        ),
        "undeclared-person-in-file" => says(
            "The picture's file names a pupil who was not said to be in the picture.",
            "Look at the picture again: is this pupil in it? Add everybody who is, or use another picture.",
        ),
        "more-faces-than-declared" => says(
            "There seem to be more people in the picture than you listed. We only count faces; we recognise nobody.",
            "Look at the picture again and add everybody who is in it, the adults as a number. If the count is wrong, a colleague can pass it.",
        ),
        "known-do-not-publish-picture" => says(
            "This is a copy or a part of a picture that must not be published.",
            "Use another picture, or ask the safeguarding lead. Cropping or editing it does not help.",
        ),
        "known-withdrawn-picture" => says(
            "This is a copy or a part of a picture that the school took back.",
            "Use another picture, or ask the safeguarding lead why it was taken back.",
        ),
        "do-not-publish-list-stale" => says(
            "The pupil list is too old to check pictures against it.",
            "Ask the office to bring the pupil list up to date, then send the picture again.",
        ),
        "do-not-publish-list-missing" => says(
            "The list of children who must not be published is missing, so no picture can be checked against it.",
            "Ask the office to import the list.",
        ),
        _ => return None,
    })
}

fn ordinary(kind: ItemKind, rule: &str, category: Category, kinds: &[&str]) -> Wording {
    let what = what(rule, category, kinds);
    match (kind, category) {
        (_, Category::ScreeningIncomplete) => Wording {
            text: format!("We could not check everything: {what} did not finish its work."),
            fix: Some("A colleague checks this part by hand. If it happens again, tell whoever looks after the system.".to_owned()),
        },
        (_, Category::PhotoMetadata) => Wording {
            text: format!("The picture's file held {what}. It is taken out of the copy that goes public."),
            fix: None,
        },
        (_, Category::UndeclaredSubjects) => says(
            "Nobody has said who is in the picture.",
            "List the pupils in the picture, or say that nobody can be recognised.",
        ),
        (ItemKind::Draft, _) => Wording {
            text: format!("This post contains {what}."),
            fix: Some(draft_fix(category).to_owned()),
        },
        (ItemKind::Comment, _) => Wording {
            text: format!("This comment contains {what}."),
            fix: comment_fix(category).map(str::to_owned),
        },
    }
}

fn listed(kinds: &[&str], plain: impl Fn(&str) -> Option<&'static str>, else_: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    for kind in kinds {
        let word = plain(kind).unwrap_or(else_);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    match words.as_slice() {
        [] => else_.to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn what(rule: &str, category: Category, kinds: &[&str]) -> String {
    match category {
        Category::PupilName => pupil_name(rule).to_owned(),
        Category::PersonalData => {
            listed(kinds, personal_data, "personal details of a private person")
        }
        Category::PhotoMetadata => listed(kinds, metadata, "hidden details"),
        Category::UnsafeLink => link(rule).unwrap_or(noun(category)).to_owned(),
        Category::ScreeningIncomplete => listed(kinds, check, "a check"),
        other => noun(other).to_owned(),
    }
}

fn pupil_name(rule: &str) -> &'static str {
    match rule {
        "pupil-full-name" => "a pupil's full name",
        "pupil-name-initial" => "a pupil's first name with the first letter of the family name",
        "pupil-name-class" => "a pupil's first name together with a class or year",
        "pupil-family-class" => "a pupil's family name together with a class or year",
        "pupil-initials-class" => "a pupil's initials together with a class or year",
        "pupil-part-of-double-name" => "part of a pupil's double-barrelled name",
        _ => "a pupil's name",
    }
}

fn personal_data(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "phone" => "a phone number that is not the school's",
        "postcode" => "a postcode that is not the school's",
        "email" => "an e-mail address that is not the school's",
        "address" => "a home address",
        "upn" | "uln" => "a pupil's official number",
        "nhs_number" => "an NHS number",
        "national_insurance" => "a National Insurance number",
        "handle" => "a private person's account name",
        "bank_account" | "iban" | "payment_card" => "bank or card details",
        "driving_licence" | "passport" => "the number of an identity document",
        "vehicle_registration" => "a vehicle's registration number",
        "date_of_birth" | "birthday" => "somebody's birthday",
        "location" => "a place where somebody can be found",
        "routine" => "when and where children can be found",
        "health" => "something about one child's health",
        "sensitive" => "something private about one child",
        "credential" => "a login, password or access code",
        "ip" => "a computer's network address",
        _ => return None,
    })
}

/// What a link does, to follow "contains".
fn link(rule: &str) -> Option<&'static str> {
    Some(match rule {
        "link-shortener" => "a shortened link, so nobody can see where it leads",
        "link-shortener-followed" => {
            "a shortened link; we followed it to a site that the school trusts"
        }
        "link-look-alike" => "a link to a site whose name could be taken for another's",
        "link-homograph" => "a link whose name has look-alike letters of another alphabet",
        "link-ip-address" => "a link to a bare number, so nobody can see whose site it is",
        "link-user-info" => "a link that shows one site before an @ sign and opens another",
        "link-mismatch" => "a link whose words show another site than it opens",
        "link-download" => "a link that downloads a program or an archive",
        "link-denied" => "a link to a site that the school does not allow",
        "link-script" => "a link that starts a program instead of opening a page",
        "link-disguised" => "a link written so that it does not look like one",
        "link-odd-port" => "a link with an unusual port number",
        "link-not-https" => "a link without https, which can be read on the way",
        _ => return None,
    })
}

fn metadata(kind: &str) -> Option<&'static str> {
    [
        MetadataKind::Gps,
        MetadataKind::SerialNumber,
        MetadataKind::PersonName,
        MetadataKind::Owner,
        MetadataKind::CaptureTime,
        MetadataKind::Thumbnail,
        MetadataKind::Comment,
        MetadataKind::Device,
        MetadataKind::Trailer,
    ]
    .into_iter()
    .find(|known| known.code() == kind)
    .map(MetadataKind::plain)
}

fn check(kind: &str) -> Option<&'static str> {
    [
        CheckName::Names,
        CheckName::PersonalData,
        CheckName::Language,
        CheckName::Topics,
        CheckName::Links,
        CheckName::PhotoMetadata,
        CheckName::PhotoClean,
        CheckName::Subjects,
        CheckName::KnownPictures,
        CheckName::PictureText,
        CheckName::HeadCount,
    ]
    .into_iter()
    .find(|known| known.code() == kind)
    .map(CheckName::plain)
}

/// What was found, to follow "contains".
fn noun(category: Category) -> &'static str {
    match category {
        Category::PupilName => "a pupil's name",
        Category::StaffName => "the name of a member of staff",
        Category::PersonalData => "personal details",
        Category::Profanity => "bad language",
        Category::Insult => "insulting words",
        Category::Sexual => "sexual wording",
        Category::Bullying => "words that sound like bullying, or like a report of it",
        Category::Threat => "words that sound like a threat",
        Category::Weapon => "words about a weapon",
        Category::Hate => "hateful or discriminating words",
        Category::Disclosure => "words that may tell of harm to a child",
        Category::SelfHarm => "words about self-harm or suicide",
        Category::EatingDisorder => "words about an eating disorder",
        Category::Grooming => "words that sound like an attempt to get in touch with a child",
        Category::Exploitation => "words that sound like exploitation",
        Category::Drugs => "words about drugs",
        Category::Radicalisation => "words that sound like extremism",
        Category::MissingChild => "words about a missing child",
        Category::StaffAbuse => "abuse of a member of staff",
        Category::StaffAllegation => "an allegation against a member of staff",
        Category::Doxxing => "where somebody lives or how to reach them",
        Category::Confidential => "something that looks confidential",
        Category::Commercial => "something commercially sensitive",
        Category::Controversial => "a topic that may be controversial",
        Category::IndividualCase => "one person's case",
        Category::PersonalGain => "something sold or promoted for personal gain",
        Category::Grievance => "a grievance",
        Category::Defamation => "an accusation against somebody",
        Category::UnsafeLink => "a link that may not lead where it seems to",
        Category::UntrustedMention => "a mention of an account that the school does not know",
        Category::Copyright => "material that may belong to somebody else",
        Category::Spam => "words that look like spam or a scam",
        Category::Tone => "wording whose tone could be friendlier",
        Category::Accessibility => "something that not everybody can read",
        Category::PhotoMetadata => "hidden details in a picture",
        Category::DoNotPublish => "a pupil who must not be published",
        Category::Consent => "a pupil without consent for this",
        Category::UndeclaredSubjects => "a picture nobody has described",
        Category::KnownImage => "a copy of a picture that must not be published",
        Category::ScreeningIncomplete => "something that could not be checked",
    }
}

fn draft_fix(category: Category) -> &'static str {
    match category {
        Category::PupilName => {
            "Nothing to change if the family agreed; leave the name out if you can."
        }
        Category::StaffName => "Nothing to change if the colleague is named in their role.",
        Category::PersonalData | Category::Doxxing => {
            "Take the details out, or give the school's own contact details instead."
        }
        Category::Profanity
        | Category::Insult
        | Category::Sexual
        | Category::Hate
        | Category::Bullying
        | Category::StaffAbuse => "Take the wording out or say it differently.",
        Category::Disclosure
        | Category::SelfHarm
        | Category::Grooming
        | Category::Exploitation
        | Category::Threat
        | Category::Weapon
        | Category::EatingDisorder
        | Category::Drugs
        | Category::Radicalisation
        | Category::MissingChild => {
            "Do not post it. Talk to the safeguarding lead, who decides what happens next."
        }
        Category::StaffAllegation => "Do not post it. Talk to the head.",
        Category::Confidential
        | Category::Commercial
        | Category::Controversial
        | Category::IndividualCase
        | Category::PersonalGain
        | Category::Grievance
        | Category::Defamation => "Take it out, or wait until a senior leader has agreed to it.",
        Category::UnsafeLink => "Use the full address of the page you mean.",
        Category::UntrustedMention => "Check the account, and ask before you tag anybody.",
        Category::Copyright => "Say whose it is, and make sure that you may use it.",
        Category::Tone => "Read it once more as a parent would.",
        Category::Accessibility => "Add a description of the picture, or write the words out.",
        Category::DoNotPublish | Category::KnownImage => {
            "Use another picture, or ask the safeguarding lead."
        }
        Category::Consent => "Ask the family for consent before you post.",
        Category::Spam
        | Category::PhotoMetadata
        | Category::UndeclaredSubjects
        | Category::ScreeningIncomplete => "Ask a colleague to look at it.",
    }
}

fn comment_fix(category: Category) -> Option<&'static str> {
    match category {
        Category::PupilName => None,
        Category::PersonalData | Category::Consent => {
            Some("Hide the comment, and ask the author to post it again without the details.")
        }
        Category::Disclosure
        | Category::SelfHarm
        | Category::Grooming
        | Category::Exploitation
        | Category::Radicalisation
        | Category::MissingChild
        | Category::Weapon
        | Category::EatingDisorder
        | Category::Drugs
        | Category::DoNotPublish
        | Category::KnownImage => {
            Some("Do not answer. The safeguarding lead decides what happens next.")
        }
        Category::Threat => Some("Do not answer. The person alerted decides what happens next."),
        Category::Bullying => Some(
            "Do not engage with the bullying itself. The safeguarding lead decides what happens next.",
        ),
        Category::StaffAllegation => Some("Do not answer. The head decides what happens next."),
        Category::Profanity
        | Category::Insult
        | Category::Sexual
        | Category::Hate
        | Category::StaffAbuse
        | Category::Doxxing
        | Category::Spam
        | Category::UnsafeLink => {
            Some("Hide the comment if it breaks the house rules, and say why.")
        }
        _ => None,
    }
}

/// What a comment is, where its class alone is the reason.
pub(crate) fn class_wording(class: schoolgate_model::CommentClass) -> Wording {
    use schoolgate_model::CommentClass as Class;
    match class {
        Class::Praise => says("This comment is praise.", "Say thank you if you like."),
        Class::Query => says(
            "This comment asks a question.",
            "Answer it, or say when the answer will come.",
        ),
        Class::Complaint => says(
            "This comment is a complaint.",
            "Answer it, and offer to talk about it in private.",
        ),
        Class::Journalist => says(
            "This looks like a journalist.",
            "Do not answer before the press lead has agreed.",
        ),
        Class::DataRights => says(
            "This comment asks for a photo or other personal details to be removed or shown.",
            "Acknowledge it; the data protection officer takes it from there.",
        ),
        Class::Spam => says(
            "This comment looks like spam or a scam.",
            "Hide it if it is.",
        ),
        Class::Abuse => says(
            "This comment reads as abuse.",
            "Hide it if it breaks the house rules, and say why.",
        ),
        Class::Safeguarding => says(
            "This comment may raise a safeguarding concern.",
            "Do not answer. The safeguarding lead decides what happens next.",
        ),
        Class::Allegation => says(
            "This comment reads as an allegation against a member of staff.",
            "Do not answer. The head decides what happens next.",
        ),
        Class::Other => says("This comment is none of the usual kinds.", "Have a look."),
    }
}
