//! The relational rule: name x picture x consent x channel (rules O1, I1, I4; DOMAIN 3.2). A name that several pupils
//! share counts as the strictest pupil it could be. Which word a situation gets is the policy's, not this file's.

use schoolgate_model::{Category, Consent, Finding, ItemKind, PupilId};

use super::{Input, Subject, is_doubtful_reading};
use crate::settings::{NameWithImage, rules};

/// A situation that a pupil's name is in: the rule whose policy line decides, and the category above it.
pub(super) type Situation = (&'static str, Category);

const NOT_RESOLVED: Situation = (rules::NAME_NOT_RESOLVED, Category::ScreeningIncomplete);
const DO_NOT_PUBLISH: Situation = (rules::DO_NOT_PUBLISH_REFERENCE, Category::DoNotPublish);
const WITHOUT_CONSENT: Situation = (rules::NAME_WITHOUT_CONSENT, Category::Consent);
const BOTH_WITHOUT_CONSENT: Situation = (rules::NAME_WITH_IMAGE_WITHOUT_CONSENT, Category::Consent);
const WITH_IMAGE: Situation = (rules::NAME_WITH_IMAGE, Category::PupilName);
const ADDRESSED: Situation = (rules::ADDRESSED_TO_PUPIL, Category::PupilName);
const GIVEN_WITH_IMAGE: Situation = (rules::GIVEN_NAME_WITH_IMAGE, Category::PupilName);

/// Whether the finding ties the words to one child. Every name rule but the given name does, unknown rules too.
fn identifies(finding: &Finding) -> bool {
    finding.rule.as_str() != rules::PUPIL_GIVEN_NAME
}

/// The pupils that the finding could mean.
fn ids(finding: &Finding) -> impl Iterator<Item = &PupilId> {
    let alone = finding
        .pupil_id
        .iter()
        .filter(|id| !finding.pupil_ids.contains(id));
    finding.pupil_ids.iter().chain(alone)
}

/// Whether all pupils it could mean are known to have agreed. More pupils than are listed have not.
struct Agreed<'a> {
    subjects: Vec<&'a Subject>,
    all_listed: bool,
}

impl Agreed<'_> {
    fn to(&self, which: impl Fn(&Subject) -> Consent) -> bool {
        self.all_listed
            && self
                .subjects
                .iter()
                .all(|subject| which(subject).is_granted())
    }

    fn to_name(&self) -> bool {
        self.to(|subject| subject.name)
    }

    fn to_name_with_picture(&self) -> bool {
        self.to(|subject| subject.name_with_picture)
    }

    fn to_given_name_with_picture(&self) -> bool {
        self.to(|subject| subject.given_name_with_picture) && self.to(|subject| subject.picture)
    }

    fn to_everything(&self) -> bool {
        self.to_name() && self.to_name_with_picture() && self.to(|subject| subject.picture)
    }
}

/// The situations of one pupil's name; empty where the name by itself is all there is to say.
pub(super) fn situations(finding: &Finding, input: &Input<'_>) -> Vec<Situation> {
    let draft = input.envelope.kind == ItemKind::Draft;
    // Nobody's consent can be looked up for a child who is on no list.
    if finding.rule.as_str() == rules::UNLISTED_CHILD_NAME {
        return Vec::new();
    }
    if !draft && !identifies(finding) {
        return Vec::new();
    }
    let looked_up: Option<Vec<&Subject>> = ids(finding)
        .map(|id| input.subjects.pupils.get(id))
        .collect();
    let Some(subjects) = looked_up.filter(|subjects| !subjects.is_empty()) else {
        return vec![NOT_RESOLVED];
    };
    let listed = subjects.len();
    let all_listed = finding
        .pupil_count
        .is_none_or(|count| usize::try_from(count).is_ok_and(|count| count <= listed));
    let agreed = Agreed {
        subjects,
        all_listed,
    };
    let mut situations = Vec::new();
    if draft && finding.kind.as_deref() == Some("handle") {
        situations.push(ADDRESSED);
    }
    if agreed
        .subjects
        .iter()
        .any(|subject| subject.do_not_publish == Some(true))
    {
        situations.push(DO_NOT_PUBLISH);
    }
    if is_doubtful_reading(finding) {
        return situations;
    }
    situations.extend(match (draft, identifies(finding)) {
        (true, true) => identified_in_draft(&agreed, input),
        (true, false) => given_in_draft(&agreed, input),
        (false, _) => identified_in_comment(&agreed, input),
    });
    situations
}

fn identified_in_draft(agreed: &Agreed<'_>, input: &Input<'_>) -> Vec<Situation> {
    let mut situations = Vec::new();
    if !input.has_picture {
        if !agreed.to_name() {
            situations.push(WITHOUT_CONSENT);
        }
        return situations;
    }
    if input.settings.name_with_image() != NameWithImage::ByConsent {
        situations.push(WITH_IMAGE);
    }
    if !agreed.to_everything() {
        situations.push(BOTH_WITHOUT_CONSENT);
    }
    situations
}

fn given_in_draft(agreed: &Agreed<'_>, input: &Input<'_>) -> Vec<Situation> {
    let never = input.settings.name_with_image() == NameWithImage::Never;
    let held = input.has_picture && (never || !agreed.to_given_name_with_picture());
    held.then_some(GIVEN_WITH_IMAGE).into_iter().collect()
}

fn identified_in_comment(agreed: &Agreed<'_>, input: &Input<'_>) -> Vec<Situation> {
    if !agreed.to_name() {
        vec![WITHOUT_CONSENT]
    } else if input.has_picture && !agreed.to_name_with_picture() {
        vec![BOTH_WITHOUT_CONSENT]
    } else {
        Vec::new()
    }
}

/// The finding that says which words could mean a pupil who must not be published.
pub(super) fn do_not_publish_finding(finding: &Finding, input: &Input<'_>) -> Finding {
    let listed = |id: &&PupilId| {
        input
            .subjects
            .pupils
            .get(*id)
            .is_some_and(|subject| subject.do_not_publish == Some(true))
    };
    let pupils: Vec<PupilId> = ids(finding).filter(listed).cloned().collect();
    Finding {
        rule: schoolgate_model::RuleId::fixed(rules::DO_NOT_PUBLISH_REFERENCE),
        category: Category::DoNotPublish,
        kind: None,
        severity: schoolgate_model::Severity::High,
        pupil_id: pupils.first().cloned(),
        pupil_count: (pupils.len() > 1).then(|| u32::try_from(pupils.len()).unwrap_or(u32::MAX)),
        pupil_ids: pupils,
        message: "These words could mean a pupil who must not be published".to_owned(),
        ..finding.clone()
    }
}
