//! `POST items/{id}/decisions` and `POST items/{id}/release`: a decision by a program or a page, and "still approved,
//! now?" asked at the moment of publishing.

use axum::{
    Extension, Json,
    extract::{Request, State},
    http::StatusCode,
};
use schoolgate_model::{ItemKind, Redacted, SchoolId};
use schoolgate_policy::{Refusal, person::may_see, person_change};
use schoolgate_school::service::Right;
use schoolgate_store::{Decided, Release};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    Console,
    access::Caller,
    asked::Named,
    limits::Desk,
    pages::{self, Actor},
    problem::Problem,
    submit::read_body,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DecisionBody {
    kind: ItemKind,
    revision: u32,
    version: u32,
    decision: String,
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    school: Option<String>,
    #[serde(default)]
    note: Option<Redacted<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseBody {
    #[serde(default)]
    kind: Option<ItemKind>,
    #[serde(default)]
    school: Option<String>,
    revision: u32,
    #[serde(default)]
    hashes: Vec<String>,
}

/// What a decision needs to name an item by.
fn unknown() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "unknown_item",
        "there is no such item",
    )
}

fn unprocessable(code: &'static str, detail: &'static str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}

/// A small JSON body. What is wrong with it is said without repeating it.
async fn body<T: DeserializeOwned>(desk: &Desk, request: Request) -> Result<T, Problem> {
    let bytes = read_body(request, desk.limits.body).await?;
    serde_json::from_slice(&bytes).map_err(|_| {
        unprocessable(
            "invalid_body",
            "the body is not a JSON object with the fields of this address",
        )
    })
}

pub(crate) async fn decide(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Named(id): Named,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let console = &desk.console;
    if let Caller::Local { .. } = caller {
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "unauthorised",
            "a decision needs somebody who takes it: sign in, or send a token with the right `decide`",
        ));
    }
    caller.demand_anywhere(Right::Decide)?;
    let wanted: DecisionBody = body(&desk, request).await?;
    let school = console
        .schools
        .resolve(wanted.school.as_deref())
        .ok_or_else(unknown)?;
    caller.demand(Right::Decide, &school)?;
    let decision = pages::decision(&wanted.decision, wanted.to.as_deref().unwrap_or(""))
        .ok_or_else(|| {
            unprocessable(
                "unknown_decision",
                "`decision` is approve, reject, acknowledge or escalate; escalate takes `to`: slt, dsl or head",
            )
        })?;
    let note = wanted.note.filter(|note| !note.expose().trim().is_empty());
    if note.as_ref().is_some_and(|note| {
        note.expose().chars().count() > pages::MAX_NOTE_CHARS || note.expose().contains('\0')
    }) {
        return Err(unprocessable(
            "invalid_body",
            "`note` is too long or holds NUL",
        ));
    }
    let store = &console.store;
    let fault = |error| Problem::store(&error);
    let state = store
        .verdict(school.as_str(), wanted.kind, &id, Some(wanted.revision))
        .await
        .map_err(fault)?
        .ok_or_else(unknown)?;
    let opened = pages::read_item(console, &state.item_key)
        .await
        .map_err(fault)?
        .ok_or_else(unknown)?;
    let actor = actor(console, &caller, &school);
    let matter = opened.matter();
    // what somebody may not see is not there
    may_see(&actor.person(), &matter).map_err(|_| unknown())?;
    if matter.version != wanted.version {
        return Err(stale(matter.version));
    }
    let change = person_change(
        &actor.person(),
        &matter,
        decision,
        note,
        console.clock.now(),
    )
    .map_err(refused)?;
    match store
        .decide(&state.item_key, wanted.version, &change)
        .await
        .map_err(fault)?
    {
        Decided::Written { version } => Ok(Json(json!({
            "id": id, "kind": wanted.kind, "school": school, "revision": wanted.revision,
            "decision": decision.kind().code(), "version": version,
        }))),
        Decided::Stale { version, .. } => Err(stale(version)),
        Decided::NotLatest { .. } => Err(refused(Refusal::NotLatest)),
        Decided::Closed => Err(refused(Refusal::Closed)),
        Decided::NotScreened => Err(unknown()),
        Decided::RemovedPicture => Err(Problem::new(
            StatusCode::CONFLICT,
            "removed_picture",
            pages::REMOVED_PICTURE,
        )),
    }
}

fn actor(console: &Console, caller: &Caller, school: &SchoolId) -> Actor {
    match caller {
        Caller::Person(visitor) => Actor::visitor(&console.schools, visitor, school),
        Caller::Holder(token) => Actor::token(&token.name),
        // never asked: a decision needs somebody who takes it
        Caller::Local { .. } => Actor::token("local"),
    }
}

fn stale(version: u32) -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "stale_version",
        format!("the item has changed since; its version is {version} now"),
    )
}

fn refused(refusal: Refusal) -> Problem {
    let status = match refusal {
        Refusal::NotYours
        | Refusal::OwnDraft
        | Refusal::UnknownAuthor
        | Refusal::OtherApprover
        | Refusal::HandedOn
        | Refusal::OnlyDsl => StatusCode::FORBIDDEN,
        _ => StatusCode::CONFLICT,
    };
    Problem::new(status, refusal.code(), refusal.sentence())
}

pub(crate) async fn release(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Named(id): Named,
    request: Request,
) -> Result<Json<Value>, Problem> {
    caller.demand_anywhere(Right::Read)?;
    let wanted: ReleaseBody = body(&desk, request).await?;
    let school = desk
        .console
        .schools
        .resolve(wanted.school.as_deref())
        .ok_or_else(unknown)?;
    caller.demand(Right::Read, &school)?;
    let kind = wanted.kind.unwrap_or(ItemKind::Draft);
    let release = desk
        .console
        .store
        .still_approved(school.as_str(), kind, &id, wanted.revision, &wanted.hashes)
        .await
        .map_err(|error| Problem::store(&error))?;
    match release {
        Release::Approved { by } => Ok(Json(json!({
            "id": id, "kind": kind, "school": school, "revision": wanted.revision,
            "approved": true, "by": if by.is_some() { "person" } else { "machine" },
        }))),
        Release::Refused(refusal) => Err(Problem::new(
            StatusCode::CONFLICT,
            refusal.code(),
            "exactly this is not approved now; do not publish it",
        )),
    }
}
