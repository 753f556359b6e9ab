//! Both tables of the contract, row by row.

use super::*;

/// Keeps one row of a table on one line.
macro_rules! rows {
    ($($row:expr, $case:expr => $($rest:expr),+;)*) => { vec![$(($row, $case, $($rest),+)),*] };
}

#[test]
fn every_row_of_the_draft_table() {
    use Outcome::{Approve, Escalate, Hold};
    let by_consent = "name_with_image = \"by_consent\"";
    let first_name = "name_with_image = \"first_name\"";
    let rows: Vec<(&str, Case, Outcome, &[Audience])> = rows! {
        "nothing found", draft(vec![]) => Approve, &[];
        "staff name", draft(vec![find("staff-name", Category::StaffName)]) => Approve, &[];
        "given name only", draft(vec![name(GIVEN, &["no"])]) => Approve, &[];
        "given name with a picture", draft(vec![name(GIVEN, &["yes"])]).pictured() => Hold, &[Audience::Author];
        "given name with a picture, by consent", draft(vec![name(GIVEN, &["yes"])]).pictured().under(by_consent) => Approve, &[];
        "given name with a picture, first name", draft(vec![name(GIVEN, &["yes"])]).pictured().under(first_name) => Approve, &[];
        "given name read in the picture", draft(vec![read_in_picture(name(GIVEN, &["yes"]), 0.8)]).pictured() => Hold, &[Audience::Author];
        "given name in a doubtful reading", draft(vec![read_in_picture(name(GIVEN, &["yes"]), 0.3)]).pictured() => Approve, &[];
        "do-not-publish in a doubtful reading", draft(vec![read_in_picture(name(GIVEN, &["dnp"]), 0.3)]).pictured() => Hold, &[Audience::Dsl, Audience::Author];
        "slur in a doubtful reading", draft(vec![read_in_picture(find("h", Category::Hate), 0.3)]).pictured() => Approve, &[];
        "slur read in the picture", draft(vec![read_in_picture(find("h", Category::Hate), 0.8)]).pictured() => Hold, &[Audience::Slt, Audience::Author];
        "given name shared with one who refused", draft(vec![name(GIVEN, &["yes", "no"])]).pictured().under(by_consent) => Hold, &[Audience::Author];
        "identified, granted, no picture", draft(vec![name(FULL, &["text"])]) => Approve, &[];
        "identified, not granted", draft(vec![name(FULL, &["no"])]) => Hold, &[Audience::Author];
        "identified, shared, one not granted", draft(vec![name(FULL, &["text", "no"])]) => Hold, &[Audience::Author];
        "identified, picture, with photo not granted", draft(vec![name(FULL, &["text"])]).pictured().under(by_consent) => Hold, &[Audience::Author];
        "identified, picture, all granted, never", draft(vec![name(FULL, &["yes"])]).pictured() => Hold, &[Audience::Author];
        "identified, picture, all granted, first name", draft(vec![name(FULL, &["yes"])]).pictured().under(first_name) => Hold, &[Audience::Author];
        "identified, picture, all granted, by consent", draft(vec![name(FULL, &["yes"])]).pictured().under(by_consent) => Approve, &[];
        "do-not-publish by given name only", draft(vec![name(GIVEN, &["dnp", "yes"])]) => Hold, &[Audience::Dsl, Audience::Author];
        "do-not-publish identified", draft(vec![name(FULL, &["dnp"])]) => Hold, &[Audience::Dsl, Audience::Author];
        "declared do-not-publish", draft(vec![find("declared-do-not-publish", Category::DoNotPublish)]).pictured() => Hold, &[Audience::Dsl, Audience::Author];
        "declared without consent", draft(vec![find("declared-consent", Category::Consent)]).pictured() => Hold, &[Audience::Author];
        "declared unknown pupil", draft(vec![find("declared-unknown-pupil", Category::UndeclaredSubjects)]).pictured() => Hold, &[Audience::Author];
        "known banned picture", draft(vec![find("known-do-not-publish-picture", Category::KnownImage)]).pictured() => Hold, &[Audience::Dsl, Audience::Author];
        "known picture that was taken back", draft(vec![find("known-withdrawn-picture", Category::KnownImage)]).pictured() => Hold, &[Audience::Dsl, Audience::Author];
        "declared member of staff who opted out", draft(vec![find("declared-staff-no-photos", Category::Consent)]).pictured() => Hold, &[Audience::Author];
        "nobody declared and a name with it", draft(vec![find("nobody-declared-but-named", Category::UndeclaredSubjects)]).pictured() => Hold, &[Audience::Author];
        "file names an undeclared pupil", draft(vec![find("undeclared-person-in-file", Category::UndeclaredSubjects)]).pictured() => Hold, &[Audience::Author];
        "more faces than declared", draft(vec![find("more-faces-than-declared", Category::UndeclaredSubjects)]).pictured() => Hold, &[Audience::Author];
        "list stale", draft(vec![typed("do-not-publish-list-stale", Category::ScreeningIncomplete, "subjects")]).pictured() => Hold, &[Audience::Author];
        "unreadable metadata", draft(vec![typed("screening-incomplete", Category::ScreeningIncomplete, "photo_metadata")]).pictured() => Hold, &[Audience::Author];
        "format that cannot be cleaned", draft(vec![typed("screening-incomplete", Category::ScreeningIncomplete, "photo_clean")]).pictured() => Hold, &[Audience::Author];
        "words in the picture unread", draft(vec![typed("screening-incomplete", Category::ScreeningIncomplete, "picture_text")]).pictured() => Hold, &[Audience::Author];
        "personal data", draft(vec![typed("phone-number", Category::PersonalData, "phone")]) => Hold, &[Audience::Slt, Audience::Author];
        "mild profanity", draft(vec![strong(find("p", Category::Profanity), Severity::Low)]) => Hold, &[Audience::Author];
        "sexual", draft(vec![find("s", Category::Sexual)]) => Hold, &[Audience::Author];
        "hate", draft(vec![find("h", Category::Hate)]) => Hold, &[Audience::Slt, Audience::Author];
        "insult", draft(vec![find("i", Category::Insult)]) => Hold, &[Audience::Author];
        "unsafe link", draft(vec![find("l", Category::UnsafeLink)]) => Hold, &[Audience::Author];
        "undeclared subjects", draft(vec![find("undeclared-subjects", Category::UndeclaredSubjects)]).pictured() => Hold, &[Audience::Author];
        "list missing", draft(vec![find("do-not-publish-list-missing", Category::ScreeningIncomplete)]).pictured() => Hold, &[Audience::Author];
        "metadata removed", draft(vec![typed("photo-metadata", Category::PhotoMetadata, "gps")]).pictured() => Approve, &[];
        "disclosure", draft(vec![find("d", Category::Disclosure)]) => Escalate, &[Audience::Dsl];
        "self-harm", draft(vec![find("d", Category::SelfHarm)]) => Escalate, &[Audience::Dsl];
        "grooming", draft(vec![find("d", Category::Grooming)]) => Escalate, &[Audience::Dsl];
        "threat", draft(vec![find("d", Category::Threat)]) => Escalate, &[Audience::Slt, Audience::Dsl];
        "exploitation", draft(vec![find("d", Category::Exploitation)]) => Escalate, &[Audience::Dsl];
        "radicalisation", draft(vec![find("d", Category::Radicalisation)]) => Escalate, &[Audience::Dsl];
        "missing child", draft(vec![find("d", Category::MissingChild)]) => Escalate, &[Audience::Dsl];
        "weapon on a pupil", draft(vec![find("weapon-at-school", Category::Weapon)]) => Escalate, &[Audience::Dsl];
        "a word for a weapon", draft(vec![typed("weapon-word", Category::Weapon, "word")]) => Hold, &[Audience::Dsl, Audience::Author];
        "indecent image", draft(vec![typed("d", Category::Sexual, "indecent_image")]) => Escalate, &[Audience::Dsl];
        "confidential", draft(vec![find("c", Category::Confidential)]) => Hold, &[Audience::Slt, Audience::Author];
        "commercial", draft(vec![find("c", Category::Commercial)]) => Hold, &[Audience::Slt, Audience::Author];
        "controversial", draft(vec![find("c", Category::Controversial)]) => Hold, &[Audience::Slt, Audience::Author];
        "individual case", draft(vec![find("c", Category::IndividualCase)]) => Hold, &[Audience::Slt, Audience::Author];
        "grievance", draft(vec![find("c", Category::Grievance)]) => Hold, &[Audience::Slt, Audience::Author];
        "personal gain", draft(vec![find("c", Category::PersonalGain)]) => Hold, &[Audience::Slt, Audience::Author];
        "defamation", draft(vec![find("c", Category::Defamation)]) => Hold, &[Audience::Slt, Audience::Author];
        "tone", draft(vec![find("t", Category::Tone)]) => Approve, &[];
        "accessibility", draft(vec![find("t", Category::Accessibility)]) => Approve, &[];
        "missing credit", draft(vec![find("t", Category::Copyright)]) => Approve, &[];
    };
    for (row, case, outcome, alert) in rows {
        let ruling = case.ruling();
        assert_eq!(ruling.outcome, outcome, "{row}");
        assert_eq!(ruling.alert, alert, "{row}");
        assert_eq!(ruling.needs_response, None, "{row}");
        assert!(
            ruling.classes.is_empty() && ruling.actions.is_empty(),
            "{row}"
        );
        let silent = case
            .findings
            .iter()
            .all(|finding| finding.category == Category::StaffName);
        assert_eq!(
            ruling.reasons.is_empty(),
            silent,
            "{row}: every other row explains itself"
        );
    }
}

#[test]
fn every_row_of_the_comment_table() {
    use CommentClass as Class;
    use Outcome::{Approve, Escalate, Hold};
    type Row<'a> = (
        &'a str,
        Case,
        Outcome,
        &'a [Audience],
        bool,
        &'a [CommentClass],
    );
    let profanity = |severity| strong(find("p", Category::Profanity), severity);
    let rows: Vec<Row<'_>> = rows! {
        "praise", comment(vec![], &[Class::Praise]) => Approve, &[], false, &[Class::Praise];
        "nothing known", comment(vec![], &[]) => Approve, &[], false, &[Class::Other];
        "another language", comment(vec![unread(Severity::Info)], &[]) => Approve, &[], false, &[Class::Other];
        "another language with a risk in it", comment(vec![unread(Severity::Medium)], &[Class::Query]) => Hold, &[Audience::Moderator], true, &[Class::Query];
        "question", comment(vec![], &[Class::Query]) => Approve, &[], true, &[Class::Query];
        "complaint", comment(vec![], &[Class::Complaint]) => Approve, &[Audience::Moderator], true, &[Class::Complaint];
        "data rights", comment(vec![], &[Class::DataRights]) => Approve, &[Audience::Dpo], true, &[Class::DataRights];
        "mild bad language in praise", comment(vec![profanity(Severity::Low)], &[Class::Praise]) => Approve, &[], false, &[Class::Praise];
        "mild bad language in a question", comment(vec![profanity(Severity::Low)], &[Class::Query]) => Approve, &[], true, &[Class::Query];
        "given name kindly meant", comment(vec![name(GIVEN, &["dnp"])], &[Class::Praise]) => Approve, &[], false, &[Class::Praise];
        "medium bad language", comment(vec![profanity(Severity::Medium)], &[]) => Hold, &[Audience::Moderator], false, &[Class::Other];
        "strong bad language in a complaint", comment(vec![profanity(Severity::High)], &[Class::Complaint]) => Hold, &[Audience::Moderator], true, &[Class::Complaint];
        "pupil without consent", comment(vec![name(FULL, &["no"])], &[]) => Hold, &[Audience::Moderator], false, &[Class::Other];
        "pupil with consent", comment(vec![name(FULL, &["yes"])], &[]) => Approve, &[], false, &[Class::Other];
        "contact details", comment(vec![typed("phone-number", Category::PersonalData, "phone")], &[]) => Hold, &[Audience::Moderator], false, &[Class::Other];
        "spam by phrase", comment(vec![find("s", Category::Spam)], &[Class::Query]) => Hold, &[Audience::Moderator], false, &[Class::Query, Class::Spam];
        "spam by class", comment(vec![], &[Class::Spam]) => Hold, &[Audience::Moderator], false, &[Class::Spam];
        "abuse of staff", comment(vec![find("a", Category::StaffAbuse)], &[Class::Query]) => Hold, &[Audience::Slt], false, &[Class::Abuse];
        "hate", comment(vec![find("h", Category::Hate)], &[]) => Hold, &[Audience::Slt], false, &[Class::Abuse];
        "doxxing of staff", comment(vec![typed("d", Category::Doxxing, "staff")], &[]) => Hold, &[Audience::Slt], false, &[Class::Abuse];
        "sexual remark about staff", comment(vec![find("s", Category::Sexual), find("staff-name", Category::StaffName)], &[]) => Hold, &[Audience::Slt], false, &[Class::Abuse];
        "bullying", comment(vec![find("b", Category::Bullying)], &[]) => Hold, &[Audience::Dsl], false, &[Class::Abuse];
        "report of bullying", comment(vec![typed("b", Category::Bullying, "report")], &[]) => Hold, &[Audience::Dsl], true, &[Class::Safeguarding];
        "doxxing of a pupil", comment(vec![typed("d", Category::Doxxing, "pupil")], &[]) => Hold, &[Audience::Dsl], false, &[Class::Abuse];
        "do-not-publish recognised", comment(vec![name(FULL, &["dnp"])], &[]) => Hold, &[Audience::Dsl], false, &[Class::Other];
        "known banned picture", comment(vec![find("known-do-not-publish-picture", Category::KnownImage)], &[]).pictured() => Hold, &[Audience::Dsl], false, &[Class::Other];
        "sexualised remark about pupils", comment(vec![typed("s", Category::Sexual, "pupil")], &[]) => Hold, &[Audience::Dsl], false, &[Class::Abuse];
        "journalist", comment(vec![], &[Class::Journalist]) => Hold, &[Audience::Press], true, &[Class::Journalist];
        "allegation", comment(vec![find("a", Category::StaffAllegation)], &[]) => Escalate, &[Audience::Head], false, &[Class::Allegation];
        "threat to staff", comment(vec![typed("t", Category::Threat, "staff")], &[]) => Escalate, &[Audience::Slt], false, &[Class::Abuse];
        "threat to a pupil", comment(vec![typed("t", Category::Threat, "pupil")], &[]) => Escalate, &[Audience::Dsl], false, &[Class::Safeguarding];
        "self-harm of the writer", comment(vec![find("s", Category::SelfHarm)], &[]) => Escalate, &[Audience::Dsl], true, &[Class::Safeguarding];
        "encouragement to self-harm", comment(vec![typed("s", Category::SelfHarm, "encouragement")], &[]) => Escalate, &[Audience::Dsl], false, &[Class::Safeguarding];
        "grooming by a question", comment(vec![find("g", Category::Grooming)], &[Class::Query]) => Escalate, &[Audience::Dsl], false, &[Class::Safeguarding];
        "disclosure", comment(vec![find("d", Category::Disclosure)], &[]) => Escalate, &[Audience::Dsl], true, &[Class::Safeguarding];
        "image abuse", comment(vec![typed("i", Category::Sexual, "image")], &[]) => Escalate, &[Audience::Dsl], false, &[Class::Safeguarding];
        "report of exploitation", comment(vec![typed("e", Category::Exploitation, "concern")], &[]) => Escalate, &[Audience::Dsl], true, &[Class::Safeguarding];
        "radicalisation", comment(vec![find("r", Category::Radicalisation)], &[]) => Escalate, &[Audience::Dsl], false, &[Class::Safeguarding];
    };
    for (row, case, outcome, alert, needs, classes) in rows {
        let ruling = case.ruling();
        assert_eq!(ruling.outcome, outcome, "{row}");
        assert_eq!(ruling.alert, alert, "{row}");
        assert_eq!(ruling.needs_response, Some(needs), "{row}");
        assert_eq!(ruling.classes, classes, "{row}");
    }
}
