//! `GET window`: when a comment received then would be due, and why.

use axum::{Extension, Json, extract::State, http::StatusCode};
use jiff::Timestamp;
use schoolgate_policy::response_window;
use schoolgate_school::service::Right;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{access::Caller, asked::Asked, limits::Desk, problem::Problem};

#[derive(Debug, Deserialize)]
pub(crate) struct Question {
    school: Option<String>,
    received: Option<Timestamp>,
}

pub(crate) async fn get_window(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Asked(question): Asked<Question>,
) -> Result<Json<Value>, Problem> {
    let (console, unknown) = (&desk.console, || {
        Problem::new(
            StatusCode::NOT_FOUND,
            "unknown_school",
            "`school` is not a school of this service",
        )
    });
    let school = console
        .schools
        .resolve(question.school.as_deref())
        .ok_or_else(unknown)?;
    // whoever may do anything for a school may know its hours
    let may = [Right::Read, Right::Submit, Right::Decide]
        .into_iter()
        .any(|right| caller.may(right, &school));
    if !may {
        caller.demand(Right::Read, &school)?;
    }
    let snapshot = console.schools.get(&school).ok_or_else(unknown)?;
    let received = question.received.unwrap_or_else(|| console.clock.now());
    let window = response_window(received, true, &snapshot.window, &snapshot.calendar);
    Ok(Json(json!({
        "received_at": window.received_at,
        "due_at": window.due_at,
        "mode": window.mode.code(),
        "division": window.division,
        "why": window.why,
    })))
}
