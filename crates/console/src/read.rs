//! What can be read back: an item's verdict, a clean picture.

use axum::{
    Extension, Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use schoolgate_model::{ItemKind, SchoolId};
use schoolgate_policy::AuditEntry;
use schoolgate_school::service::Right;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Console,
    access::Caller,
    asked::{Asked, Named},
    limits::Desk,
    pages,
    problem::Problem,
    view,
};

#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    school: Option<String>,
    kind: Option<ItemKind>,
    revision: Option<u32>,
}

pub(crate) async fn get_item(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Named(id): Named,
    Asked(which): Asked<Which>,
) -> Result<Json<Value>, Problem> {
    let unknown = || {
        Problem::new(
            StatusCode::NOT_FOUND,
            "unknown_item",
            "there is no such item",
        )
    };
    caller.demand_anywhere(Right::Read)?;
    let (store, schools) = (&desk.console.store, &desk.console.schools);
    let school: SchoolId = schools
        .resolve(which.school.as_deref())
        .ok_or_else(unknown)?;
    caller.demand(Right::Read, &school)?;
    let kinds = which
        .kind
        .map_or(vec![ItemKind::Draft, ItemKind::Comment], |kind| vec![kind]);
    for kind in kinds {
        let state = store
            .item_state(school.as_str(), kind, &id)
            .await
            .map_err(|error| Problem::store(&error))?;
        let Some(state) = state else { continue };
        let (revision, stored) = match which.revision {
            None => (state.revision, state.verdict),
            Some(revision) if revision > state.revision => return Err(unknown()),
            Some(revision) => {
                let stored = store
                    .verdict(school.as_str(), kind, &id, Some(revision))
                    .await;
                (revision, stored.map_err(|error| Problem::store(&error))?)
            }
        };
        let verdict = match stored {
            Some(stored) => {
                // a person may have handed it to the safeguarding lead or the head since
                let view = store.review(&stored.item_key).await;
                let view = view.map_err(|error| Problem::store(&error))?;
                let restricted = view.is_none_or(|view| view.restricted.is_some());
                if restricted || view::is_restricted(&stored.verdict) {
                    note_view(&desk.console, &caller, &school, &stored.item_key, revision).await?;
                }
                Some(view::for_reader(&caller, stored.verdict, restricted)?)
            }
            None => None,
        };
        return Ok(Json(json!({
            "id": id,
            "kind": kind,
            "school": school,
            "revision": revision,
            "latest_revision": state.revision,
            "state": if verdict.is_some() { "screened" } else { "waiting" },
            "verdict": verdict,
        })));
    }
    Err(unknown())
}

/// Writes into the audit trail that a program looked at an item that is for a few people alone.
async fn note_view(
    console: &Console,
    caller: &Caller,
    school: &SchoolId,
    key: &str,
    revision: u32,
) -> Result<(), Problem> {
    let actor = match caller {
        Caller::Holder(token) => format!("token:{}", token.name),
        Caller::Person(visitor) => visitor.id.clone(),
        Caller::Local { .. } => "local".to_owned(),
    };
    let entry = AuditEntry {
        at: console.clock.now(),
        actor,
        action: "viewed".to_owned(),
        detail: json!({ "revision": revision }).to_string(),
    };
    let written = console
        .store
        .audit_append(school.as_str(), Some(key), &entry);
    written.await.map_err(|error| Problem::store(&error))
}

pub(crate) async fn get_media(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Named(sha256): Named,
) -> Result<Response, Problem> {
    let unknown = || {
        Problem::new(
            StatusCode::NOT_FOUND,
            "unknown_media",
            "there is no such clean picture",
        )
    };
    caller.demand_anywhere(Right::Read)?;
    if is_removed(&desk.console, &caller, &sha256).await? {
        return Err(Problem::new(
            StatusCode::GONE,
            "removed_media",
            "this picture has been removed and is not kept any more",
        ));
    }
    if !may_have(&desk.console, &caller, &sha256).await? {
        return Err(unknown());
    }
    let media = desk.console.media.clone();
    let bytes = tokio::task::spawn_blocking(move || media.get(&sha256))
        .await
        .ok()
        .flatten()
        .ok_or_else(unknown)?;
    let kind = pages::media_kind(&bytes);
    Ok((
        [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_DISPOSITION, "attachment"),
        ],
        bytes,
    )
        .into_response())
}

/// Whether a school that the caller may read has removed this picture.
async fn is_removed(console: &Console, caller: &Caller, sha256: &str) -> Result<bool, Problem> {
    let slugs = console.schools.by_slug.keys();
    for school in slugs.filter(|school| caller.may(Right::Read, school)) {
        let stone = console.store.tombstone(school.as_str(), sha256).await;
        if stone.map_err(|error| Problem::store(&error))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an item of a school that the caller may read is approved now, open to everybody, and names this picture.
async fn may_have(console: &Console, caller: &Caller, sha256: &str) -> Result<bool, Problem> {
    let slugs = console.schools.by_slug.keys();
    for school in slugs.filter(|school| caller.may(Right::Read, school)) {
        let views = console.store.approved_with(school.as_str(), sha256).await;
        let views = views.map_err(|error| Problem::store(&error))?;
        if views
            .iter()
            .any(|view| !pages::is_suspect(&view.verdict.verdict))
        {
            return Ok(true);
        }
    }
    Ok(false)
}
