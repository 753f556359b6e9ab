//! From a cookie to somebody who is signed in, and the guard before every page. Signing in itself is not here.

use axum::{
    body::{Body, HttpBody as _, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use schoolgate_darkroom::sha256_hex;
use schoolgate_model::SchoolId;
use schoolgate_store::{EVERY_SCHOOL, Session, StoreError};

use tokio::time::timeout;

use super::{
    cookie,
    fault::PageFault,
    origin,
    visitor::{Part, Visitor},
};
use crate::{Console, access, limits::Desk};

/// Lets a page through for somebody who is signed in; sends everybody else to the sign-in.
pub(crate) async fn guard(mut request: Request, next: Next) -> Response {
    let known = request.extensions_mut().remove::<Known>();
    match known.and_then(|known| known.0) {
        Some(visitor) => {
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        None => to_sign_in(&request).into_response(),
    }
}

/// Answers pages only under a name of ours: the public address, or this machine's without a proxy.
pub(crate) async fn own_host(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let console = &desk.console;
    let public = console.public_url.as_deref().and_then(origin::host_of);
    let host = request.headers().get(header::HOST);
    let is_public = public.is_some() && host.and_then(|host| host.to_str().ok()) == public;
    if is_public || access::is_this_machine(request.headers()) {
        next.run(request).await
    } else {
        PageFault::WrongHost.into_response()
    }
}

/// The largest form, bytes.
const MAX_FORM_BYTES: usize = 64 * 1024;
/// The largest form of somebody who is not signed in yet.
const MAX_SIGN_IN_BYTES: usize = 8 * 1024;

/// Who asks, found out once for each request.
#[derive(Clone)]
struct Known(Option<Visitor>);

/// Lets a request for a page through when it is whole and there is a place for it. Who is not signed in has places of
/// their own.
pub(crate) async fn place(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let mut request = match whole(&desk, request).await {
        Ok(request) => request,
        Err(fault) => return fault.into_response(),
    };
    let known = match visitor(&desk.console, request.headers()).await {
        Ok(known) => known,
        Err(error) => return PageFault::from(error).into_response(),
    };
    let place = match known {
        Some(_) => desk.request_place().await,
        None => desk.stranger_place().await,
    };
    match place {
        Some(_place) => {
            request.extensions_mut().insert(Known(known));
            next.run(request).await
        }
        None => PageFault::Busy.into_response(),
    }
}

/// The request with its whole body, which is a form: small, and there soon.
async fn whole(desk: &Desk, request: Request) -> Result<Request, PageFault> {
    let most = match request.uri().path() {
        "/sign-in" => MAX_SIGN_IN_BYTES,
        _ => MAX_FORM_BYTES,
    };
    let (parts, body) = request.into_parts();
    if body.size_hint().lower() > most as u64 {
        return Err(PageFault::TooLarge);
    }
    let patience = desk.limits.small_body.min(desk.limits.body);
    let bytes = match timeout(patience, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return Err(PageFault::TooLarge),
        Err(_) => return Err(PageFault::TooSlow),
    };
    Ok(Request::from_parts(parts, Body::from(bytes)))
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
