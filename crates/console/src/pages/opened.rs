//! One item, opened by somebody who may see it. What may not be seen is not there.

use std::sync::Arc;

use schoolgate_model::{Audience, Item, Redacted, Role, SchoolId, wire::parse_submission};
use schoolgate_policy::{
    Matter, Person,
    person::{approvers, may_see, within_sight},
};
use schoolgate_school::Schools;
use schoolgate_store::{ReviewView, StoreError};

use super::visitor::Visitor;
use crate::Console;

/// Somebody who decides: a person who is signed in, or a program with a token.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    /// What the audit trail keeps.
    pub(crate) id: String,
    /// The e-mail address; empty for a program.
    pub(crate) login: Redacted<String>,
    /// The roles at the item's school.
    pub(crate) roles: Vec<Role>,
    /// The ids of the same person on the school's staff list.
    also: Vec<String>,
}

impl Actor {
    /// A visitor at one school.
    pub(crate) fn visitor(schools: &Schools, visitor: &Visitor, school: &SchoolId) -> Self {
        Self {
            id: visitor.id.clone(),
            login: visitor.login.clone(),
            roles: visitor.roles_at(school),
            also: schools.staff_ids(school, visitor.login.expose()),
        }
    }

    /// A program with the right to decide: no more than a moderator.
    pub(crate) fn token(name: &str) -> Self {
        Self {
            id: format!("token:{name}"),
            login: Redacted::default(),
            roles: vec![Role::Moderator],
            also: Vec::new(),
        }
    }

    /// As the policy asks for it.
    pub(crate) fn person(&self) -> Person<'_> {
        Person {
            id: &self.id,
            login: &self.login,
            roles: &self.roles,
            also: &self.also,
        }
    }
}

/// An item with everything that a page or a decision asks of it.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) view: ReviewView,
    pub(crate) item: Item,
    approvers: Vec<Audience>,
}

impl Opened {
    /// As the policy asks for it.
    pub(crate) fn matter(&self) -> Matter<'_> {
        let stored = &self.view.verdict;
        let clock_runs = stored.window.as_ref().is_some_and(|window| {
            window.acknowledged_at.is_none() && window.superseded_by.is_none()
        });
        Matter {
            envelope: &self.item.envelope,
            verdict: &stored.verdict,
            state: stored.review.state,
            version: stored.review.version,
            held: self.view.held,
            restricted: self.view.restricted,
            handed: self.view.handed(),
            clock_runs,
            conflicted: stored.conflicted,
            is_latest: stored.is_latest,
            approvers: &self.approvers,
        }
    }

    /// The school's slug.
    pub(crate) fn school(&self) -> &SchoolId {
        &self.item.envelope.school
    }

    /// Whether somebody sees it as their own draft alone: then not who else was told, nor what they said about it.
    pub(crate) fn is_only_own(&self, actor: &Actor) -> bool {
        !within_sight(&actor.person(), &self.matter())
    }

    fn new(schools: &Schools, view: ReviewView) -> Option<Self> {
        let school = SchoolId::from(view.item.school.as_str());
        let snapshot = Arc::clone(schools.get(&school)?);
        let submission = parse_submission(&view.item.body).ok()?;
        let item = submission.into_item(school, view.item.revision, view.item.arrived_at);
        let verdict = &view.verdict.verdict;
        let platform = item.envelope.platform.as_deref();
        let approvers = approvers(&snapshot.settings, verdict, platform);
        Some(Self {
            view,
            item,
            approvers,
        })
    }
}

/// The item, where the visitor may see it.
pub(crate) async fn by_visitor(
    console: &Console,
    visitor: &Visitor,
    key: &str,
) -> Result<Option<(Opened, Actor)>, StoreError> {
    let Some(opened) = read(console, key).await? else {
        return Ok(None);
    };
    let actor = Actor::visitor(&console.schools, visitor, opened.school());
    let sees = may_see(&actor.person(), &opened.matter()).is_ok();
    Ok(sees.then_some((opened, actor)))
}

/// The item, whoever asks: the caller must ask what they may see.
pub(crate) async fn read(console: &Console, key: &str) -> Result<Option<Opened>, StoreError> {
    // no engine takes it, and nothing has such a key
    if key.contains('\0') {
        return Ok(None);
    }
    let view = console.store.review(key).await?;
    Ok(view.and_then(|view| Opened::new(&console.schools, view)))
}
