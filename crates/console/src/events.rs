//! `POST events`: what the school or the platform did.

use axum::{
    Extension, Json,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use schoolgate_model::wire::parse_event;
use schoolgate_ops::metrics::received;
use schoolgate_school::service::Right;
use schoolgate_store::{EventReceipt, NewEvent};
use serde_json::json;

use crate::{access::Caller, limits::Desk, problem::Problem, submit::read_body};

pub(crate) async fn post_event(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Problem> {
    caller.demand_anywhere(Right::Submit)?;
    let body = read_body(request, desk.limits.body).await?;
    let unprocessable =
        |code, detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
    let event =
        parse_event(&body).map_err(|error| unprocessable("invalid_event", error.message))?;
    let school = desk
        .console
        .schools
        .resolve(event.school.as_deref())
        .ok_or_else(|| {
            unprocessable(
                "unknown_school",
                "`school` is not a school of this service".to_owned(),
            )
        })?;
    caller.demand(Right::Submit, &school)?;
    let now = desk.console.clock.now();
    let row = NewEvent::from_submission(&school, &event, body.into(), now);
    let receipts = desk
        .console
        .store
        .receive_events(&[row])
        .await
        .map_err(|error| Problem::store(&error))?;
    let (status, result) = match receipts.into_iter().next() {
        Some(EventReceipt::New { .. }) => ("received", "new"),
        Some(EventReceipt::UnknownItem) => ("waits_for_item", "unknown"),
        Some(EventReceipt::Duplicate) => ("duplicate", "duplicate"),
        Some(EventReceipt::Conflict) => {
            received("http", "event", "conflict");
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "conflicting_event",
                "this event id is known with other content",
            ));
        }
        None => return Err(Problem::internal("the store gave no receipt")),
    };
    received("http", "event", result);
    let answer = json!({ "id": event.id, "kind": "event", "school": school, "status": status });
    Ok((StatusCode::ACCEPTED, Json(answer)).into_response())
}
