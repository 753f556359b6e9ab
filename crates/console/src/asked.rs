//! What a request asks for in its address. A part that cannot be read is a problem that does not repeat it.

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The part after `?`.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(_) => Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "query",
                "a value after `?` cannot be read",
            )),
        }
    }
}

/// The one part of the path that is a name.
pub(crate) struct Named(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            // no engine takes it, and nothing has such a name
            Ok(Path(name)) if name.contains('\0') => Err(Problem::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "there is nothing at this address",
            )),
            Ok(Path(name)) => Ok(Self(name)),
            Err(_) => Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "path",
                "the address cannot be read: it is not UTF-8 in percent-encoding",
            )),
        }
    }
}
