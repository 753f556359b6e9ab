//! Whom a finding is aimed at and whether its writer asks for help, read from the sub-kind or from the rest of the
//! item. Only the words of the sub-kind count, so a wordlist may write `staff`, `threat_staff` or `report-pupil`.

use schoolgate_model::{Category, CommentClass, Finding};

/// Whom it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Pupil,
    Staff,
    Image,
}

impl Target {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Pupil => "pupil",
            Self::Staff => "staff",
            Self::Image => "image",
        }
    }
}

/// The words of a sub-kind that say that the writer tells of what others do.
const REPORTS: &[&str] = &[
    "report", "reports", "reported", "concern", "victim", "witness", "carer", "help", "worried",
];

fn words(finding: &Finding) -> impl Iterator<Item = &str> {
    let kind = finding.kind.as_deref().unwrap_or_default();
    kind.split(|letter: char| !letter.is_alphanumeric())
}

/// The targets that the sub-kind itself names.
pub(crate) fn stated(finding: &Finding) -> Vec<Target> {
    let mut targets: Vec<Target> = words(finding)
        .filter_map(|word| match word {
            "pupil" | "pupils" | "child" | "children" | "student" | "students" => {
                Some(Target::Pupil)
            }
            "staff" | "teacher" | "teachers" | "building" | "event" | "school" | "place" => {
                Some(Target::Staff)
            }
            "image" | "images" | "indecent" | "nude" | "nudes" => Some(Target::Image),
            _ => None,
        })
        .collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}

/// The targets that the rest of the item suggests: the people it names.
pub(crate) fn suggested(findings: &[Finding]) -> Vec<Target> {
    let names = |category: Category| findings.iter().any(|finding| finding.category == category);
    let mut targets = Vec::new();
    if names(Category::PupilName) {
        targets.push(Target::Pupil);
    }
    if names(Category::StaffName) {
        targets.push(Target::Staff);
    }
    targets
}

/// Whether the writer is a victim, carer or witness, or reports or asks for help (contract, section 3).
pub(crate) fn writer_asks_for_help(
    finding: &Finding,
    cues: &[CommentClass],
    asks: Option<bool>,
) -> bool {
    let is = |wanted: &[&str]| words(finding).any(|word| wanted.contains(&word));
    if is_report(finding) {
        return true;
    }
    if is(&[
        "encouragement",
        "incitement",
        "encourage",
        "incite",
        "maker",
        "seeker",
        "offer",
        "request",
    ]) {
        return false;
    }
    if let Some(asks) = asks {
        return asks;
    }
    let cue = |class| cues.contains(&class);
    match finding.category {
        Category::Disclosure | Category::SelfHarm | Category::MissingChild => true,
        // A question from somebody who approaches or trades in children is part of the approach.
        Category::Grooming | Category::Exploitation | Category::Sexual | Category::Doxxing => {
            cue(CommentClass::Complaint)
        }
        _ => {
            cue(CommentClass::Complaint)
                || cue(CommentClass::Query)
                || cue(CommentClass::Safeguarding)
        }
    }
}

/// What a finding is by itself, wherever it stands: whom it concerns.
pub(crate) fn implied_classes(finding: &Finding, targets: &[Target]) -> Vec<CommentClass> {
    use CommentClass::{Abuse, Allegation, Safeguarding, Spam};
    let pupil = targets.contains(&Target::Pupil) || targets.contains(&Target::Image);
    let staff = targets.contains(&Target::Staff);
    match finding.category {
        Category::Disclosure
        | Category::SelfHarm
        | Category::EatingDisorder
        | Category::Grooming
        | Category::Exploitation
        | Category::Drugs
        | Category::Radicalisation
        | Category::MissingChild
        | Category::Weapon
        | Category::Bullying
        | Category::DoNotPublish
        | Category::KnownImage => {
            vec![Safeguarding]
        }
        Category::Threat | Category::Sexual | Category::Doxxing => match (pupil, staff) {
            (true, false) => vec![Safeguarding],
            (false, true) => vec![Abuse],
            _ => vec![Safeguarding, Abuse],
        },
        Category::Hate | Category::Insult if pupil => vec![Safeguarding, Abuse],
        Category::Hate | Category::Insult | Category::StaffAbuse => vec![Abuse],
        // With a child in it the safeguarding lead hears of it too.
        Category::StaffAllegation if pupil => vec![Allegation, Safeguarding],
        Category::StaffAllegation => vec![Allegation],
        Category::Spam => vec![Spam],
        _ => Vec::new(),
    }
}

/// The classes of a comment that a held finding implies. Being unkind to a pupil is abuse, telling of it is a concern;
/// recognising a child is neither.
pub(crate) fn comment_classes(
    finding: &Finding,
    targets: &[Target],
    reports: bool,
) -> Vec<CommentClass> {
    use CommentClass::{Abuse, Allegation, Safeguarding};
    let image = targets.contains(&Target::Image);
    let staff = targets.contains(&Target::Staff);
    match finding.category {
        Category::Sexual if image => vec![Safeguarding],
        Category::Bullying | Category::Hate | Category::Insult | Category::Sexual
            if reports && !staff =>
        {
            vec![Safeguarding]
        }
        Category::Bullying
        | Category::Sexual
        | Category::Doxxing
        | Category::Hate
        | Category::Insult => vec![Abuse],
        Category::StaffAllegation => vec![Allegation],
        Category::DoNotPublish | Category::KnownImage => Vec::new(),
        _ => implied_classes(finding, targets),
    }
}

/// Whether the finding itself says that its writer tells of what others do.
pub(crate) fn is_report(finding: &Finding) -> bool {
    words(finding).any(|word| REPORTS.contains(&word))
}

/// The classes that stay beside those that the findings imply: thanks and questions are part of what an abuser or
/// somebody in need writes, not a second matter.
pub(crate) fn settled(
    mut said: Vec<CommentClass>,
    implied: &[CommentClass],
    report_only: bool,
) -> Vec<CommentClass> {
    use CommentClass::{
        Abuse, Allegation, Complaint, DataRights, Other, Praise, Query, Safeguarding,
    };
    let grave = [Abuse, Allegation, Safeguarding]
        .iter()
        .any(|class| implied.contains(class));
    if grave {
        said.retain(|class| !matches!(class, Praise | Query | DataRights));
    }
    if implied.contains(&Allegation) || implied.contains(&Safeguarding) {
        said.retain(|class| *class != Complaint);
    }
    said.extend(implied);
    // What a member of staff is said to have done is the allegation, not another concern beside it.
    if implied.contains(&Allegation) && report_only {
        said.retain(|class| *class != Safeguarding);
    }
    said.sort_unstable();
    said.dedup();
    if said.len() > 1 {
        said.retain(|class| *class != Other);
    }
    if said.is_empty() {
        said.push(Other);
    }
    said
}
