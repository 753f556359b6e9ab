//! The names that a policy line may use: rules, categories, sub-kinds. What the rules mean is `wording`'s to say.

use std::collections::BTreeMap;

use schoolgate_model::{Category, CheckName, CommentClass, MetadataKind};

/// Policy's own situations: rules that stand in a verdict's reasons.
pub(crate) mod rules {
    pub(crate) const NAME_WITH_IMAGE: &str = "name-with-image";
    pub(crate) const GIVEN_NAME_WITH_IMAGE: &str = "given-name-with-image";
    pub(crate) const NAME_WITHOUT_CONSENT: &str = "name-without-consent";
    pub(crate) const NAME_WITH_IMAGE_WITHOUT_CONSENT: &str = "name-with-image-without-consent";
    pub(crate) const DO_NOT_PUBLISH_REFERENCE: &str = "do-not-publish-reference";
    pub(crate) const NAME_NOT_RESOLVED: &str = "pupil-name-not-resolved";
    pub(crate) const UNLISTED_CHILD_NAME: &str = "unlisted-child-name";
    pub(crate) const PUPIL_GIVEN_NAME: &str = "pupil-given-name";
    pub(crate) const SCREENING_INCOMPLETE: &str = "screening-incomplete";
    pub(crate) const UNSURE: &str = "unsure";
    pub(crate) const ADDRESSED_TO_PUPIL: &str = "addressed-to-pupil";
}

/// One rule built into the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedRule {
    /// Its kebab-case id.
    pub id: &'static str,
    /// The category whose policy line covers it.
    pub category: Category,
    /// One plain sentence.
    pub sentence: &'static str,
}

const fn rule(id: &'static str, category: Category, sentence: &'static str) -> FixedRule {
    FixedRule {
        id,
        category,
        sentence,
    }
}

const FIXED: &[FixedRule] = &[
    rule(
        "pupil-full-name",
        Category::PupilName,
        "A pupil's full name, in any order or spelling.",
    ),
    rule(
        "pupil-name-initial",
        Category::PupilName,
        "A pupil's given name with the first letter of the family name.",
    ),
    rule(
        "pupil-name-class",
        Category::PupilName,
        "A pupil's given name together with a class or year.",
    ),
    rule(
        "pupil-family-class",
        Category::PupilName,
        "A pupil's family name together with a class or year.",
    ),
    rule(
        "pupil-initials-class",
        Category::PupilName,
        "A pupil's initials together with a class or year.",
    ),
    rule(
        "pupil-part-of-double-name",
        Category::PupilName,
        "Half of a pupil's double-barrelled name.",
    ),
    rule(
        "pupil-single-name",
        Category::PupilName,
        "The name of a pupil who has only one name.",
    ),
    rule(
        rules::PUPIL_GIVEN_NAME,
        Category::PupilName,
        "A pupil's given name by itself, which identifies nobody alone.",
    ),
    rule(
        rules::UNLISTED_CHILD_NAME,
        Category::PupilName,
        "The name of a child who is not on the pupil list.",
    ),
    rule(
        "staff-name",
        Category::StaffName,
        "The name of a member of staff.",
    ),
    rule(
        "phone-number",
        Category::PersonalData,
        "A phone number that is not the school's own.",
    ),
    rule(
        "postcode",
        Category::PersonalData,
        "A postcode that is not the school's own.",
    ),
    rule(
        "email-address",
        Category::PersonalData,
        "An e-mail address that is not the school's own.",
    ),
    rule("upn", Category::PersonalData, "A Unique Pupil Number."),
    rule("uln", Category::PersonalData, "A Unique Learner Number."),
    rule(
        "nhs-number",
        Category::PersonalData,
        "An NHS, CHI or Health and Care number.",
    ),
    rule(
        "national-insurance-number",
        Category::PersonalData,
        "A National Insurance number.",
    ),
    rule(
        "iban",
        Category::PersonalData,
        "An international bank account number.",
    ),
    rule(
        "payment-card",
        Category::PersonalData,
        "A payment card number.",
    ),
    rule(
        "driving-licence",
        Category::PersonalData,
        "A driving licence number.",
    ),
    rule(
        "passport-number",
        Category::PersonalData,
        "A passport number.",
    ),
    rule(
        "bank-details",
        Category::PersonalData,
        "A sort code or account number.",
    ),
    rule(
        "social-handle",
        Category::PersonalData,
        "A private person's account name on a social or gaming platform.",
    ),
    rule(
        "credential",
        Category::PersonalData,
        "A login, password or code that lets a stranger in.",
    ),
    rule(
        "street-address",
        Category::PersonalData,
        "A home address that is not the school's own.",
    ),
    rule(
        "vehicle-registration",
        Category::PersonalData,
        "A vehicle's registration number.",
    ),
    rule(
        "date-of-birth",
        Category::PersonalData,
        "A private person's date of birth.",
    ),
    rule(
        "birthday",
        Category::PersonalData,
        "A birthday that gives a child's date of birth away.",
    ),
    rule(
        "location",
        Category::PersonalData,
        "Coordinates, a map link or another exact position.",
    ),
    rule(
        "live-location",
        Category::PersonalData,
        "Where children are at this moment.",
    ),
    rule(
        "child-routine",
        Category::PersonalData,
        "When and where a child can be found again and again.",
    ),
    rule(
        "child-health",
        Category::PersonalData,
        "Something about the health of one identifiable person.",
    ),
    rule(
        "child-sensitive",
        Category::PersonalData,
        "Support, behaviour, care, meals or results of one identifiable child.",
    ),
    rule(
        "ip-address",
        Category::PersonalData,
        "A computer's network address.",
    ),
    rule(
        rules::ADDRESSED_TO_PUPIL,
        Category::PupilName,
        "A draft or reply is addressed to a pupil's own account.",
    ),
    rule(
        "link-shortener",
        Category::UnsafeLink,
        "A link through a shortener that can lead anywhere.",
    ),
    rule(
        "link-shortener-followed",
        Category::UnsafeLink,
        "A link through a shortener that was followed to a trusted site.",
    ),
    rule(
        "link-look-alike",
        Category::UnsafeLink,
        "A link whose host could be taken for the school's own or a well-known one.",
    ),
    rule(
        "link-homograph",
        Category::UnsafeLink,
        "A link whose host has look-alike letters of another alphabet.",
    ),
    rule(
        "link-ip-address",
        Category::UnsafeLink,
        "A link to a bare number instead of a name.",
    ),
    rule(
        "link-user-info",
        Category::UnsafeLink,
        "A link that shows one site before an @ sign and opens another.",
    ),
    rule(
        "link-mismatch",
        Category::UnsafeLink,
        "A link whose words show another site than it opens.",
    ),
    rule(
        "link-download",
        Category::UnsafeLink,
        "A link that downloads a program or an archive.",
    ),
    rule(
        "link-denied",
        Category::UnsafeLink,
        "A link to a site that the school does not allow.",
    ),
    rule(
        "link-script",
        Category::UnsafeLink,
        "A link that starts a program instead of opening a page.",
    ),
    rule(
        "link-disguised",
        Category::UnsafeLink,
        "A link written so that it does not look like one.",
    ),
    rule(
        "link-odd-port",
        Category::UnsafeLink,
        "A link with an unusual port number.",
    ),
    rule(
        "link-not-https",
        Category::UnsafeLink,
        "A link without https.",
    ),
    rule(
        "declared-do-not-publish",
        Category::DoNotPublish,
        "A pupil declared in the picture must not be published.",
    ),
    rule(
        "declared-consent",
        Category::Consent,
        "A pupil declared in the picture has no consent for this channel.",
    ),
    rule(
        "declared-unknown-pupil",
        Category::UndeclaredSubjects,
        "A pupil declared in the picture is not in the register.",
    ),
    rule(
        "undeclared-subjects",
        Category::UndeclaredSubjects,
        "Nobody has said who is in the picture.",
    ),
    rule(
        "declared-staff-no-photos",
        Category::Consent,
        "A member of staff declared in the picture asked not to be in pictures.",
    ),
    rule(
        "declared-unknown-staff",
        Category::UndeclaredSubjects,
        "A member of staff declared in the picture is not on the staff list.",
    ),
    rule(
        "nobody-declared-but-named",
        Category::UndeclaredSubjects,
        "It was declared that nobody can be recognised, and a name stands with the picture.",
    ),
    rule(
        "undeclared-person-in-file",
        Category::UndeclaredSubjects,
        "The picture's file names a pupil who was not declared.",
    ),
    rule(
        "more-faces-than-declared",
        Category::UndeclaredSubjects,
        "More faces were counted than people were declared; nobody is recognised.",
    ),
    rule(
        "known-do-not-publish-picture",
        Category::KnownImage,
        "The picture is a copy or a part of one that must not be published.",
    ),
    rule(
        "known-withdrawn-picture",
        Category::KnownImage,
        "The picture is a copy or a part of one that was taken back.",
    ),
    rule(
        "do-not-publish-list-stale",
        Category::ScreeningIncomplete,
        "The pupil list is older than the school allows, so nobody knows whether it still holds.",
    ),
    rule(
        "do-not-publish-list-missing",
        Category::ScreeningIncomplete,
        "The list of children who must not be published is missing.",
    ),
    rule(
        "photo-metadata",
        Category::PhotoMetadata,
        "A picture's file holds hidden details such as the place.",
    ),
    rule(
        "tag-in-photo",
        Category::UntrustedMention,
        "Somebody is tagged in a picture.",
    ),
    rule(
        "decorative-letters",
        Category::Accessibility,
        "Letters that are drawings of letters, which screen readers skip or spell out.",
    ),
    rule(
        "emoji-run",
        Category::Accessibility,
        "Four or more emoji in a row, which a screen reader reads out one by one.",
    ),
    rule(
        "hashtag-without-capitals",
        Category::Accessibility,
        "A hashtag of several words without a capital for each word.",
    ),
    rule(
        "picture-without-description",
        Category::Accessibility,
        "A picture without a description for people who cannot see it.",
    ),
    rule("shouting", Category::Tone, "Several words in capitals."),
    rule(
        "many-exclamation-marks",
        Category::Tone,
        "Three or more exclamation marks in a row.",
    ),
    rule(
        "mention-not-known",
        Category::UntrustedMention,
        "A mention of an account that is neither the school's own nor a well-known organisation's.",
    ),
    rule(
        "picture-of-another-owner",
        Category::Copyright,
        "A picture whose file names an owner other than the school or its staff.",
    ),
    rule(
        rules::SCREENING_INCOMPLETE,
        Category::ScreeningIncomplete,
        "A check could not do its whole work, so a person looks.",
    ),
    rule(
        rules::UNSURE,
        Category::ScreeningIncomplete,
        "The author asks for a second pair of eyes.",
    ),
    rule(
        rules::NAME_WITH_IMAGE,
        Category::PupilName,
        "A pupil who can be recognised by name, next to a picture.",
    ),
    rule(
        rules::GIVEN_NAME_WITH_IMAGE,
        Category::PupilName,
        "A pupil's given name next to a picture.",
    ),
    rule(
        rules::NAME_WITHOUT_CONSENT,
        Category::Consent,
        "A pupil who can be recognised by name without consent to it.",
    ),
    rule(
        rules::NAME_WITH_IMAGE_WITHOUT_CONSENT,
        Category::Consent,
        "A pupil's name next to a picture without consent to both.",
    ),
    rule(
        rules::DO_NOT_PUBLISH_REFERENCE,
        Category::DoNotPublish,
        "Words that could mean a pupil who must not be published.",
    ),
    rule(
        rules::NAME_NOT_RESOLVED,
        Category::ScreeningIncomplete,
        "A pupil's name whose consents could not be looked up.",
    ),
];

const PUPIL_NAME_TYPES: &[&str] = &["full", "given", "family", "initials", "handle"];
const PERSONAL_DATA_TYPES: &[&str] = &[
    "upn",
    "uln",
    "nhs_number",
    "national_insurance",
    "postcode",
    "address",
    "phone",
    "email",
    "handle",
    "bank_account",
    "payment_card",
    "iban",
    "driving_licence",
    "passport",
    "vehicle_registration",
    "date_of_birth",
    "birthday",
    "location",
    "routine",
    "health",
    "sensitive",
    "credential",
    "ip",
];
const LINK_TYPES: &[&str] = &[
    "shortener",
    "look_alike",
    "homograph",
    "ip_literal",
    "user_info",
    "mismatch",
    "download",
    "denied",
    "script",
    "disguised",
    "odd_port",
    "not_https",
];
const METADATA_TYPES: &[MetadataKind] = &[
    MetadataKind::Gps,
    MetadataKind::SerialNumber,
    MetadataKind::PersonName,
    MetadataKind::Owner,
    MetadataKind::CaptureTime,
    MetadataKind::Thumbnail,
    MetadataKind::Comment,
    MetadataKind::Device,
    MetadataKind::Trailer,
];
const CHECKS: &[CheckName] = &[
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
];
/// Categories whose lines may say whom it is aimed at.
const TARGETED: &[Category] = &[
    Category::Insult,
    Category::Sexual,
    Category::Bullying,
    Category::Threat,
    Category::Weapon,
    Category::Hate,
    Category::StaffAllegation,
    Category::Doxxing,
    Category::Profanity,
];

/// The sub-kinds that the contract lists for a category.
fn types_of(category: Category) -> Vec<&'static str> {
    let mut types: Vec<&'static str> = match category {
        Category::PupilName => PUPIL_NAME_TYPES.to_vec(),
        Category::PersonalData => PERSONAL_DATA_TYPES.to_vec(),
        Category::PhotoMetadata => METADATA_TYPES.iter().map(|kind| kind.code()).collect(),
        Category::ScreeningIncomplete => CHECKS.iter().map(|check| check.code()).collect(),
        Category::Sexual => vec!["image"],
        Category::Weapon => vec!["word"],
        Category::Drugs => vec!["report", "word"],
        Category::Doxxing => vec!["location", "pupil_seeker"],
        Category::UnsafeLink => LINK_TYPES.to_vec(),
        _ => Vec::new(),
    };
    if TARGETED.contains(&category) {
        types.extend(["pupil", "staff"]);
    }
    types
}

/// What policy lines may name.
#[derive(Debug, Clone)]
pub struct KnownRules {
    /// Name to the category it belongs to, where that is known; a category names itself.
    names: BTreeMap<String, Option<Category>>,
}

impl KnownRules {
    /// The built-in names and the rule ids of the wordlists.
    pub fn new(extra_rule_ids: impl IntoIterator<Item = String>) -> Self {
        let mut names: BTreeMap<String, Option<Category>> =
            extra_rule_ids.into_iter().map(|id| (id, None)).collect();
        for category in Category::ALL {
            names.insert(category.code().to_owned(), Some(*category));
            for kind in types_of(*category) {
                names.insert(format!("{}.{kind}", category.code()), Some(*category));
            }
        }
        for fixed in FIXED {
            names.insert(fixed.id.to_owned(), Some(fixed.category));
        }
        Self { names }
    }

    /// Adds a wordlist rule whose category is known, so that a line loosening it below a locked category is a fault
    /// where it stands and not only without effect.
    #[must_use]
    pub fn with_rule(mut self, id: impl Into<String>, category: Category) -> Self {
        self.names.insert(id.into(), Some(category));
        self
    }

    /// Every rule built into the program, for `rules check --list`.
    pub fn all() -> &'static [FixedRule] {
        FIXED
    }

    /// The name as stored: as written, or with hyphens for underscores where only that is known.
    pub(super) fn resolve(&self, written: &str) -> Option<String> {
        let hyphened = written.replace('_', "-");
        [written, hyphened.as_str()]
            .into_iter()
            .find(|name| self.names.contains_key(*name))
            .map(str::to_owned)
    }

    /// The name and the lines above it that also cover it, most specific first.
    pub(super) fn with_parents(&self, name: &str) -> Vec<String> {
        let category = self.names.get(name).copied().flatten();
        let mut all = vec![name.to_owned()];
        if let Some(category) = category.filter(|category| category.code() != name) {
            all.push(category.code().to_owned());
        }
        all
    }

    /// The known names that look like `written`, for hints.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

/// How specific a name is: a rule beats a sub-kind beats a category or class.
pub(super) fn specificity(name: &str) -> u8 {
    if name.contains('.') {
        2
    } else if Category::from_code(name).is_some() || CommentClass::from_code(name).is_some() {
        1
    } else {
        3
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schoolgate_model::RuleId;

    #[test]
    fn every_fixed_rule_is_well_formed_unique_and_explained() {
        let mut seen = std::collections::BTreeSet::new();
        for fixed in KnownRules::all() {
            assert!(RuleId::is_well_formed(fixed.id), "{}", fixed.id);
            assert!(seen.insert(fixed.id), "{} twice", fixed.id);
            assert!(fixed.sentence.ends_with('.'), "{}", fixed.id);
        }
    }

    #[test]
    fn underscores_reach_a_rule_and_wordlist_ids_are_known() {
        let known = KnownRules::new(["swearing-mild".to_owned()]);
        assert_eq!(
            known.resolve("tag_in_photo").as_deref(),
            Some("tag-in-photo")
        );
        assert_eq!(
            known.resolve("do_not_publish").as_deref(),
            Some("do_not_publish")
        );
        assert_eq!(
            known.resolve("swearing-mild").as_deref(),
            Some("swearing-mild")
        );
        assert_eq!(known.resolve("profantiy"), None);
    }

    #[test]
    fn a_rule_with_a_known_category_is_covered_by_its_line() {
        let known = KnownRules::new([]).with_rule("swearing-mild", Category::Profanity);
        assert_eq!(
            known.with_parents("swearing-mild"),
            ["swearing-mild", "profanity"]
        );
        assert_eq!(
            known.with_parents("personal_data.phone"),
            ["personal_data.phone", "personal_data"]
        );
        assert_eq!(known.with_parents("tone"), ["tone"]);
    }
}
