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
    pub(super) const ALL: [Self; 24] = [
        Self::Phone,
        Self::Postcode,
        Self::Email,
        Self::Upn,
        Self::Uln,
        Self::NhsNumber,
        Self::NationalInsurance,
        Self::Iban,
        Self::PaymentCard,
        Self::DrivingLicence,
        Self::Passport,
        Self::BankAccount,
        Self::Handle,
        Self::Credential,
        Self::Address,
        Self::VehicleRegistration,
        Self::DateOfBirth,
        Self::Birthday,
        Self::Location,
        Self::LiveLocation,
        Self::Routine,
        Self::Health,
        Self::Sensitive,
        Self::Ip,
    ];

    /// Whether it is a stretch of speech that may hold other details, and not one detail.
    pub(super) const fn is_wide(self) -> bool {
        matches!(
            self,
            Self::Birthday | Self::LiveLocation | Self::Routine | Self::Health | Self::Sensitive
        )
    }

    pub(super) const fn report(self) -> Report {
        use Severity::{Critical, High, Medium};
        match self {
            Self::Phone => report("phone-number", "phone", High,
                "A phone number that is not the school's own and not a public helpline",
                "A phone number that is not one of the school's own: a private person's number must not be public"),
            Self::Postcode => report("postcode", "postcode", High,
                "A postcode that is not the school's own",
                "A postcode that is not one of the school's own: with a house it says where somebody lives"),
            Self::Email => report("email-address", "email", High,
                "An e-mail address that is not the school's own",
                "An e-mail address that is not one of the school's own: a private person's address must not be public"),
            Self::Upn => report("upn", "upn", High,
                "A Unique Pupil Number (check letter per the DfE's UPN guide)",
                "A Unique Pupil Number: it identifies one child in every school record"),
            Self::Uln => report("uln", "uln", High,
                "A Unique Learner Number with the words that go with it",
                "A Unique Learner Number: it identifies one learner in every exam record"),
            Self::NhsNumber => report("nhs-number", "nhs_number", High,
                "An NHS, CHI or Health and Care number with the words that go with it",
                "An NHS number: it opens one person's health records"),
            Self::NationalInsurance => report("national-insurance-number", "national_insurance", High,
                "A National Insurance number",
                "A National Insurance number: it identifies one person for tax and benefits"),
            Self::Iban => report("iban", "iban", High,
                "An international bank account number",
                "An international bank account number: check whether it may be public, and take it out if not"),
            Self::PaymentCard => report("payment-card", "payment_card", Critical,
                "A payment card number",
                "A payment card number: anybody who reads it could pay with it"),
            Self::DrivingLicence => report("driving-licence", "driving_licence", High,
                "A driving licence number",
                "A driving licence number: it identifies one person and holds the date of birth"),
            Self::Passport => report("passport-number", "passport", High,
                "A passport number with the words that go with it",
                "A passport number: it identifies one person"),
            Self::BankAccount => report("bank-details", "bank_account", High,
                "A sort code or account number",
                "Bank details: put them where only the people who must pay can see them"),
            Self::Handle => report("social-handle", "handle", Medium,
                "A private person's account name on a social or gaming platform",
                "A private person's account name: strangers could use it to get in touch"),
            Self::Credential => report("credential", "credential", Critical,
                "A login, password, PIN or code that lets a stranger in",
                "A password or access code: anybody who reads it could get in. Change it and send the new one privately"),
            Self::Address => report("street-address", "address", High,
                "A home address that is not the school's own",
                "An address that is not the school's own: it says where somebody lives"),
            Self::VehicleRegistration => report("vehicle-registration", "vehicle_registration", Medium,
                "A vehicle's registration number",
                "A number plate: it points at the person who drives the car"),
            Self::DateOfBirth => report("date-of-birth", "date_of_birth", High,
                "A private person's date of birth",
                "A date of birth: together with a name it identifies one person"),
            Self::Birthday => report("birthday", "birthday", Medium,
                "A birthday that gives a child's date of birth away",
                "A child's birthday and age: with the day of the post it gives the full date of birth"),
            Self::Location => report("location", "location", High,
                "Coordinates, a map link or another exact position",
                "An exact position on the map: it says where somebody can be found"),
            Self::LiveLocation => report("live-location", "location", Medium,
                "Where children are at this moment",
                "This says where children are right now: post it when they are back"),
            Self::Routine => report("child-routine", "routine", High,
                "When and where a child or a group of children can be found again and again",
                "This says when and where children can be found: leave out the time or the place"),
            Self::Health => report("child-health", "health", High,
                "Something about the health of one identifiable person",
                "Something about one person's health: it is private, even where it is kindly meant"),
            Self::Sensitive => report("child-sensitive", "sensitive", High,
                "Special needs, behaviour, care, immigration, free meals or results of one identifiable child",
                "Something private about one child, such as support, behaviour, care, meals or results"),
            Self::Ip => report("ip-address", "ip", Medium,
                "A computer's network address",
                "A computer's network address: it can lead to one household"),
        }
    }
}
