//! The API's handlers: take an item, give a verdict, give a clean picture.

use std::time::Duration;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, Query, State, rejection::BytesRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use schoolgate_model::{ItemKind, SchoolId, Verdict, wire::parse_submission};
use schoolgate_school::service::Right;
use schoolgate_store::{NewItem, Receipt};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Console, MAX_WAIT, access::Caller, problem::Problem};

/// How often a waiting request looks for its verdict.
const LOOK_EVERY: Duration = Duration::from_millis(40);

#[derive(Debug, Deserialize)]
pub(crate) struct Wait {
    wait: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    school: Option<String>,
    kind: Option<ItemKind>,
    revision: Option<u32>,
}

pub(crate) async fn post_draft(
    State(console): State<Console>,
    Extension(caller): Extension<Caller>,
    Query(wait): Query<Wait>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    receive(&console, &caller, ItemKind::Draft, &wait, body).await
}

pub(crate) async fn post_comment(
    State(console): State<Console>,
    Extension(caller): Extension<Caller>,
    Query(wait): Query<Wait>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    receive(&console, &caller, ItemKind::Comment, &wait, body).await
}

async fn receive(
    console: &Console,
    caller: &Caller,
    kind: ItemKind,
    wait: &Wait,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let wait = wait.wait.as_deref().map(parse_wait).transpose()?;
    let body = body.map_err(|rejection| {
        Problem::new(
            rejection.status(),
            "body",
            "the request's body is too large or broke off",
        )
    })?;
    let unprocessable =
        |code, detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
    let submission =
        parse_submission(&body).map_err(|error| unprocessable("invalid_item", error.message))?;
    if submission.kind != kind {
        return Err(unprocessable(
            "wrong_kind",
            format!("this address takes a {}", kind.code()),
        ));
    }
    let school = console
        .schools
        .resolve(submission.school.as_deref())
        .ok_or_else(|| {
            unprocessable(
                "unknown_school",
                "`school` is not a school of this service".to_owned(),
            )
        })?;
    caller.demand(Right::Submit, &school)?;

    let id = submission.id.clone();
    let item = NewItem::from_submission(
        (console.new_key)(),
        &school,
        &submission,
        body.to_vec(),
        console.clock.now(),
    );
    let receipts = console
        .store
        .receive(&[item])
        .await
        .map_err(|error| Problem::store(&error))?;
    let (status, key, revision) = match receipts.into_iter().next() {
        Some(Receipt::New { key, revision }) => ("received", key, revision),
        Some(Receipt::Duplicate { key, revision }) => ("duplicate", key, revision),
        Some(Receipt::Conflict { .. }) => {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "conflicting_revision",
                "this revision is known with other content; the item is held for a person",
            ));
        }
        None => {
            return Err(Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "the store gave no receipt",
            ));
        }
    };
    tracing::info!(item_key = %key, kind = kind.code(), status, "item received");
    if let Some(wait) = wait
        && let Some(verdict) = wait_for(console, &key, wait).await?
    {
        return Ok(Json(verdict).into_response());
    }
    let answer =
        json!({"id": id, "kind": kind, "school": school, "revision": revision, "status": status});
    Ok((StatusCode::ACCEPTED, Json(answer)).into_response())
}

/// `5`, `5s` or `500ms`.
fn parse_wait(text: &str) -> Result<Duration, Problem> {
    let bad = || {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "wait",
            "`wait` is a number of seconds such as 5s, at most 30s",
        )
    };
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 1),
        None => (text.strip_suffix('s').unwrap_or(text), 1_000),
    };
    let millis = number
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(unit))
        .ok_or_else(bad)?;
    Ok(Duration::from_millis(millis).min(MAX_WAIT))
}

async fn wait_for(
    console: &Console,
    key: &str,
    wait: Duration,
) -> Result<Option<Verdict>, Problem> {
    let deadline = tokio::time::Instant::now() + wait;
    loop {
        let found = console
            .store
            .verdict_by_key(key)
            .await
            .map_err(|error| Problem::store(&error))?;
        if found.is_some() || tokio::time::Instant::now() >= deadline {
            return Ok(found.map(|stored| stored.verdict));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

pub(crate) async fn get_item(
    State(console): State<Console>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Json<Value>, Problem> {
    let unknown = || {
        Problem::new(
            StatusCode::NOT_FOUND,
            "unknown_item",
            "there is no such item",
        )
    };
    let school: SchoolId = console
        .schools
        .resolve(which.school.as_deref())
        .ok_or_else(unknown)?;
    caller.demand(Right::Read, &school)?;
    let kinds = which
        .kind
        .map_or(vec![ItemKind::Draft, ItemKind::Comment], |kind| vec![kind]);
    for kind in kinds {
        let state = console
            .store
            .item_state(school.as_str(), kind, &id)
            .await
            .map_err(|error| Problem::store(&error))?;
        let Some(state) = state else { continue };
        let (revision, stored) = match which.revision {
            None => (state.revision, state.verdict),
            Some(revision) if revision > state.revision => return Err(unknown()),
            Some(revision) => {
                let stored = console
                    .store
                    .verdict(school.as_str(), kind, &id, Some(revision))
                    .await;
                (revision, stored.map_err(|error| Problem::store(&error))?)
            }
        };
        return Ok(Json(json!({
            "id": id,
            "kind": kind,
            "school": school,
            "revision": revision,
            "latest_revision": state.revision,
            "state": if stored.is_some() { "screened" } else { "waiting" },
            "verdict": stored.map(|stored| stored.verdict),
        })));
    }
    Err(unknown())
}

pub(crate) async fn get_media(
    State(console): State<Console>,
    Extension(caller): Extension<Caller>,
    Path(sha256): Path<String>,
) -> Result<Response, Problem> {
    let unknown = || {
        Problem::new(
            StatusCode::NOT_FOUND,
            "unknown_media",
            "there is no such clean picture",
        )
    };
    let schools: Vec<SchoolId> = console.schools.by_slug.keys().cloned().collect();
    if !schools.iter().any(|school| caller.may(Right::Read, school)) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "this token does not allow reading",
        ));
    }
    let media = console.media.clone();
    let bytes = tokio::task::spawn_blocking(move || media.get(&sha256))
        .await
        .ok()
        .flatten()
        .ok_or_else(unknown)?;
    let kind = if bytes.starts_with(&[0x89, b'P', b'N', b'G']) {
        "image/png"
    } else {
        "image/jpeg"
    };
    Ok((
        [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_DISPOSITION, "attachment"),
        ],
        bytes,
    )
        .into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_seconds_and_bounded() {
        assert_eq!(parse_wait("5s").unwrap(), Duration::from_secs(5));
        assert_eq!(parse_wait("5").unwrap(), Duration::from_secs(5));
        assert_eq!(parse_wait("250ms").unwrap(), Duration::from_millis(250));
        assert_eq!(parse_wait("9999").unwrap(), MAX_WAIT);
        for bad in ["", "s", "-1", "five", "99999999999999999999"] {
            assert!(parse_wait(bad).is_err(), "{bad}");
        }
    }
}
