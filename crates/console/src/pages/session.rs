//! From a cookie to somebody who is signed in, and the guard before every page. Signing in itself is not here.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use schoolgate_darkroom::sha256_hex;
use schoolgate_model::SchoolId;
use schoolgate_store::{EVERY_SCHOOL, Session, StoreError};

use super::{
    cookie,
    fault::PageFault,
    origin,
    visitor::{Part, Visitor},
};
use crate::{Console, access, limits::Desk};

/// Lets a page through for somebody who is signed in; sends everybody else to the sign-in.
pub(crate) async fn guard(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    match visitor(&desk.console, request.headers()).await {
        Ok(Some(visitor)) => {
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        Ok(None) => to_sign_in(&request).into_response(),
        Err(error) => PageFault::from(error).into_response(),
    }
}

/// Answers pages only under a name of ours: without tokens and a public address that is this machine's.
pub(crate) async fn own_host(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let console = &desk.console;
    let public = console.public_url.as_deref().and_then(origin::host_of);
    let host = request.headers().get(header::HOST);
    let is_public = public.is_some() && host.and_then(|host| host.to_str().ok()) == public;
    let any = !console.tokens.is_empty() && public.is_none();
    if any || is_public || access::is_this_machine(request.headers()) {
        next.run(request).await
    } else {
        PageFault::WrongHost.into_response()
    }
}

/// Lets a request for a page through when there is a place for it.
pub(crate) async fn place(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    match desk.request_place().await {
        Some(_place) => next.run(request).await,
        None => PageFault::Busy.into_response(),
    }
}

/// Who is signed in, by the cookie.
pub(crate) async fn visitor(
    console: &Console,
    headers: &HeaderMap,
) -> Result<Option<Visitor>, StoreError> {
    let Some(token) = cookie::read(headers, console.is_secure()) else {
        return Ok(None);
    };
    let token_hash = sha256_hex(token.as_bytes());
    let session = console
        .store
        .session(&token_hash, console.clock.now())
        .await?;
    Ok(session.map(|session| to_visitor(session, token_hash)))
}

fn to_visitor(session: Session, token_hash: String) -> Visitor {
    let user = session.user;
    let parts = user.roles.into_iter().map(|held| Part {
        school: (held.school != EVERY_SCHOOL).then(|| SchoolId::new(held.school)),
        role: held.role,
    });
    Visitor {
        id: user.id,
        login: user.login,
        name: user.name,
        parts: parts.collect(),
        form_token: session.form_token,
        token_hash,
    }
}

/// A page is asked for again after the sign-in; what was posted is not.
fn to_sign_in(request: &Request) -> Redirect {
    let wished = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    if request.method() != Method::GET || wished == "/" {
        return Redirect::to("/sign-in");
    }
    let escaped: String = wished
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect();
    Redirect::to(&format!("/sign-in?next={escaped}"))
}
