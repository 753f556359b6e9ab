//! What this check reports: one line per rule, with its sub-kind, its weight and its sentence.

use schoolgate_model::Severity;

/// A kind of personal detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Upn,
    Uln,
    NhsNumber,
    NationalInsurance,
    Iban,
    PaymentCard,
    DrivingLicence,
    Passport,
    BankAccount,
    Email,
    Handle,
    Credential,
    Phone,
    Postcode,
    Address,
    VehicleRegistration,
    DateOfBirth,
    Birthday,
    Location,
    LiveLocation,
    Routine,
    Sensitive,
    Health,
    Ip,
}

/// How a kind is reported.
pub(super) struct Report {
    pub(super) rule: &'static str,
    pub(super) kind: &'static str,
    pub(super) severity: Severity,
    pub(super) message: &'static str,
    /// For `rules check --list`.
    pub(super) summary: &'static str,
}

const fn report(
    rule: &'static str,
    kind: &'static str,
    severity: Severity,
    summary: &'static str,
    message: &'static str,
) -> Report {
    Report {
        rule,
        kind,
        severity,
        message,
        summary,
    }
}

impl Kind {
    /// Whether it is a stretch of speech that may hold other details, and not one detail.
    pub(super) const fn is_wide(self) -> bool {
        matches!(
            self,
            Self::Birthday | Self::LiveLocation | Self::Routine | Self::Health | Self::Sensitive
        )
    }

    /// Whether it means the same inside a link, whose host may be a network address and whose path may hold an
    /// address or a long number without telling anything of a person.
    pub(super) const fn holds_in_links(self) -> bool {
        matches!(
            self,
            Self::Handle | Self::Credential | Self::Location | Self::Upn
        )
    }

    /// Whether it means the same inside a file name, where long numbers are names of pictures.
    pub(super) const fn holds_in_names(self) -> bool {
        self.holds_in_links() || matches!(self, Self::Email | Self::Ip)
    }

    /// How it is reported.
    pub(super) fn report(self) -> &'static Report {
        let known = REPORTS.iter().find(|(kind, _)| *kind == self);
        known.map_or(&REPORTS[0].1, |(_, report)| report)
    }
}

/// Every kind and how it is reported.
pub(super) const REPORTS: &[(Kind, Report)] = &[
    (
        Kind::Phone,
        report(
            "phone-number",
            "phone",
            Severity::High,
            "A phone number that is not the school's own and not a public helpline",
            "A phone number that is not one of the school's own: a private person's number must not be public",
        ),
    ),
    (
        Kind::Postcode,
        report(
            "postcode",
            "postcode",
            Severity::High,
            "A postcode that is not the school's own",
            "A postcode that is not one of the school's own: with a house it says where somebody lives",
        ),
    ),
    (
        Kind::Email,
        report(
            "email-address",
            "email",
            Severity::High,
            "An e-mail address that is not the school's own",
            "An e-mail address that is not one of the school's own: a private person's address must not be public",
        ),
    ),
    (
        Kind::Upn,
        report(
            "upn",
            "upn",
            Severity::High,
            "A Unique Pupil Number (check letter per the DfE's UPN guide)",
            "A Unique Pupil Number: it identifies one child in every school record",
        ),
    ),
    (
        Kind::Uln,
        report(
            "uln",
            "uln",
            Severity::High,
            "A Unique Learner Number with the words that go with it",
            "A Unique Learner Number: it identifies one learner in every exam record",
        ),
    ),
    (
        Kind::NhsNumber,
        report(
            "nhs-number",
            "nhs_number",
            Severity::High,
            "An NHS, CHI or Health and Care number with the words that go with it",
            "An NHS number: it opens one person's health records",
        ),
    ),
    (
        Kind::NationalInsurance,
        report(
            "national-insurance-number",
            "national_insurance",
            Severity::High,
            "A National Insurance number",
            "A National Insurance number: it identifies one person for tax and benefits",
        ),
    ),
    (
        Kind::Iban,
        report(
            "iban",
            "iban",
            Severity::High,
            "An international bank account number",
            "An international bank account number: check whether it may be public, and take it out if not",
        ),
    ),
    (
        Kind::PaymentCard,
        report(
            "payment-card",
            "payment_card",
            Severity::Critical,
            "A payment card number",
            "A payment card number: anybody who reads it could pay with it",
        ),
    ),
    (
        Kind::DrivingLicence,
        report(
            "driving-licence",
            "driving_licence",
            Severity::High,
            "A driving licence number",
            "A driving licence number: it identifies one person and holds the date of birth",
        ),
    ),
    (
        Kind::Passport,
        report(
            "passport-number",
            "passport",
            Severity::High,
            "A passport number with the words that go with it",
            "A passport number: it identifies one person",
        ),
    ),
    (
        Kind::BankAccount,
        report(
            "bank-details",
            "bank_account",
            Severity::High,
            "A sort code or account number",
            "Bank details: put them where only the people who must pay can see them",
        ),
    ),
    (
        Kind::Handle,
        report(
            "social-handle",
            "handle",
            Severity::Medium,
            "A private person's account name on a social or gaming platform",
            "A private person's account name: strangers could use it to get in touch",
        ),
    ),
    (
        Kind::Credential,
        report(
            "credential",
            "credential",
            Severity::Critical,
            "A login, password, PIN or code that lets a stranger in",
            "A password or access code: anybody who reads it could get in. Change it and send the new one privately",
        ),
    ),
    (
        Kind::Address,
        report(
            "street-address",
            "address",
            Severity::High,
            "A home address that is not the school's own",
            "An address that is not the school's own: it says where somebody lives",
        ),
    ),
    (
        Kind::VehicleRegistration,
        report(
            "vehicle-registration",
            "vehicle_registration",
            Severity::Medium,
            "A vehicle's registration number",
            "A number plate: it points at the person who drives the car",
        ),
    ),
    (
        Kind::DateOfBirth,
        report(
            "date-of-birth",
            "date_of_birth",
            Severity::High,
            "A private person's date of birth",
            "A date of birth: together with a name it identifies one person",
        ),
    ),
    (
        Kind::Birthday,
        report(
            "birthday",
            "birthday",
            Severity::Medium,
            "A birthday that gives a child's date of birth away",
            "A child's birthday and age: with the day of the post it gives the full date of birth",
        ),
    ),
    (
        Kind::Location,
        report(
            "location",
            "location",
            Severity::High,
            "Coordinates, a map link or another exact position",
            "An exact position on the map: it says where somebody can be found",
        ),
    ),
    (
        Kind::LiveLocation,
        report(
            "live-location",
            "location",
            Severity::Medium,
            "Where children are at this moment",
            "This says where children are right now: post it when they are back",
        ),
    ),
    (
        Kind::Routine,
        report(
            "child-routine",
            "routine",
            Severity::High,
            "When and where a child or a group of children can be found again and again",
            "This says when and where children can be found: leave out the time or the place",
        ),
    ),
    (
        Kind::Health,
        report(
            "child-health",
            "health",
            Severity::High,
            "Something about the health of one identifiable person",
            "Something about one person's health: it is private, even where it is kindly meant",
        ),
    ),
    (
        Kind::Sensitive,
        report(
            "child-sensitive",
            "sensitive",
            Severity::High,
            "Special needs, behaviour, care, immigration, free meals or results of one identifiable child",
            "Something private about one child, such as support, behaviour, care, meals or results",
        ),
    ),
    (
        Kind::Ip,
        report(
            "ip-address",
            "ip",
            Severity::Medium,
            "A computer's network address",
            "A computer's network address: it can lead to one household",
        ),
    ),
];
