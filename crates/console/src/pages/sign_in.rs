//! Signing in and out. Guessing is slow, the answer tells nothing about who exists, and only hashes are stored.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, Timestamp};
use schoolgate_darkroom::sha256_hex;
use schoolgate_policy::AuditEntry;
use schoolgate_store::{EVERY_SCHOOL, NewSession, StoreError, User};
use serde::Deserialize;
use serde_json::json;

use super::{
    cookie,
    fault::{PageFault, html},
    form::Posted,
    origin::CallerHash,
    session,
    shell::Shell,
    visitor::Visitor,
};
use crate::{Console, asked::Asked, limits::Desk, password::MAX_PASSWORD_CHARS};

/// Failed sign-ins with one login from one address after which it is not tried from there any more,
const MOST_BY_PAIR: u64 = 10;
/// with one login from anywhere, so that nobody is locked out by a stranger soon,
const MOST_BY_LOGIN: u64 = 100;
/// and from one address with any login, behind which a whole school may be,
const MOST_BY_ADDRESS: u64 = 100;
/// within this time.
const FAILURE_SPAN: SignedDuration = SignedDuration::from_mins(15);
/// The longest e-mail address there is.
const MAX_LOGIN_CHARS: usize = 254;
/// Who the trail says tried, where the login is nobody's.
const NOBODY: &str = "-";

const WRONG: &str = "The e-mail address or the password is wrong.";
const TOO_MANY: &str = "There were too many tries with this address. Wait 15 minutes, or ask your administrator for a new password.";

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    shell: Shell,
    schools: String,
    login: String,
    next: String,
    fault: Option<&'static str>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    next: Option<String>,
}

/// The page. Who is signed in already goes on.
pub(crate) async fn page(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Asked(wish): Asked<Wish>,
) -> Result<Response, PageFault> {
    let next = own_path(wish.next.as_deref().unwrap_or("/")).to_owned();
    if session::visitor(&desk.console, &headers).await?.is_some() {
        return Ok(Redirect::to(&next).into_response());
    }
    Ok(form(&desk.console, String::new(), next, None))
}

fn form(console: &Console, login: String, next: String, fault: Option<&'static str>) -> Response {
    let schools = match console.schools.only() {
        Some(school) => school.name.clone(),
        None => "your schools".to_owned(),
    };
    html(&SignInPage {
        shell: Shell::bare(),
        schools,
        login,
        next,
        fault,
    })
}

/// An address of ours, or the start: nobody is sent elsewhere by a link.
fn own_path(wished: &str) -> &str {
    let ours = wished.starts_with('/')
        && !wished.starts_with("//")
        && wished
            .bytes()
            .all(|byte| (b'!'..=b'~').contains(&byte) && byte != b'\\');
    if ours { wished } else { "/" }
}

/// Takes login and password.
pub(crate) async fn sign_in(
    State(desk): State<Desk>,
    CallerHash(address): CallerHash,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, PageFault> {
    let console = &desk.console;
    let login = posted.text("login").to_lowercase();
    let next = own_path(posted.raw("next")).to_owned();
    let refused = |status, fault| {
        let page = form(console, login.clone(), next.clone(), Some(fault));
        Ok((status, page).into_response())
    };
    if login.is_empty() || login.chars().count() > MAX_LOGIN_CHARS {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, WRONG);
    }
    if locked(console, &login, &address).await? {
        return refused(StatusCode::TOO_MANY_REQUESTS, TOO_MANY);
    }
    match known(&desk, &login, posted.raw("password"), &address).await? {
        Some(user) if !locked(console, &login, &address).await? => {
            let old = cookie::read(&headers, console.is_secure());
            start(console, &user, old, &next).await
        }
        Some(_) => refused(StatusCode::TOO_MANY_REQUESTS, TOO_MANY),
        None => {
            failed(console, &login, &address).await?;
            tracing::warn!("a sign-in did not work");
            refused(StatusCode::UNPROCESSABLE_ENTITY, WRONG)
        }
    }
}

/// Counts a sign-in that did not work, and says so in the trail: whose account it was, where there is one, and when
/// that closed the login.
pub(super) async fn failed(console: &Console, login: &str, address: &str) -> Result<(), PageFault> {
    let store = &console.store;
    let user = store.user_by_login(login).await?.map(|user| user.id);
    store
        .sign_in_failed(login, address, console.clock.now())
        .await?;
    note(console, user.as_deref(), "sign_in_failed").await?;
    if locked(console, login, address).await? {
        note(console, user.as_deref(), "sign_in_locked").await?;
    }
    Ok(())
}

/// A line about a sign-in, which belongs to no school.
async fn note(console: &Console, user: Option<&str>, action: &str) -> Result<(), StoreError> {
    let entry = AuditEntry {
        at: console.clock.now(),
        actor: user.unwrap_or(NOBODY).to_owned(),
        action: action.to_owned(),
        detail: json!({}).to_string(),
    };
    console.store.audit_append(EVERY_SCHOOL, None, &entry).await
}

/// Whether a login has failed too often. It is asked again after the password was compared, so that many tries at
/// once tell no more than many in a row.
pub(super) async fn locked(
    console: &Console,
    login: &str,
    address: &str,
) -> Result<bool, PageFault> {
    let now = console.clock.now();
    let since = now.checked_sub(FAILURE_SPAN).unwrap_or(Timestamp::MIN);
    let failures = console
        .store
        .sign_in_failures(login, address, since)
        .await?;
    Ok(failures.pair >= MOST_BY_PAIR
        || failures.login >= MOST_BY_LOGIN
        || failures.address >= MOST_BY_ADDRESS)
}

/// The account, where the password is right. An unknown login, a disabled one and a wrong password take the same time.
async fn known(
    desk: &Desk,
    login: &str,
    password: &str,
    address: &str,
) -> Result<Option<User>, PageFault> {
    let user = desk.console.store.user_by_login(login).await?;
    let user = user.filter(|user| user.disabled_at.is_none());
    let fits = password.chars().count() <= MAX_PASSWORD_CHARS;
    let hash = user
        .as_ref()
        .filter(|_| fits)
        .map(|user| user.password_hash.expose().clone());
    let password = if fits { password } else { "" };
    let right = desk
        .hasher
        .matches(address, password.to_owned(), hash)
        .await;
    match right {
        Ok(right) => Ok(user.filter(|_| right)),
        Err(_) => Err(PageFault::Crowded),
    }
}

/// A fresh session with a fresh token; one that this browser had before ends.
async fn start(
    console: &Console,
    user: &User,
    old: Option<&str>,
    next: &str,
) -> Result<Response, PageFault> {
    let (now, store) = (console.clock.now(), &console.store);
    if let Some(old) = old {
        store.session_end(&sha256_hex(old.as_bytes())).await?;
    }
    let token = cookie::hex(&(console.new_secret)());
    let session = NewSession {
        token_hash: sha256_hex(token.as_bytes()),
        user_id: user.id.clone(),
        form_token: cookie::hex(&(console.new_secret)()),
    };
    if !store.session_start(&session, now).await? {
        return Err(PageFault::Forbidden);
    }
    store.sign_in_worked(user.login.expose()).await?;
    note(console, Some(&user.id), "signed_in").await?;
    tracing::info!(user = %user.id, "signed in");
    let mut response = Redirect::to(next).into_response();
    if let Some(cookie) = cookie::set(&token, console.is_secure()) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Ends the session, and asks the browser to forget what it kept.
pub(crate) async fn sign_out(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    _posted: Posted,
) -> Result<Response, PageFault> {
    desk.console.store.session_end(&visitor.token_hash).await?;
    note(&desk.console, Some(&visitor.id), "signed_out").await?;
    let mut response = Redirect::to("/sign-in").into_response();
    let headers = response.headers_mut();
    if let Some(cookie) = cookie::clear(desk.console.is_secure()) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    headers.insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for good in ["/", "/items/k?list=for-you"] {
            assert_eq!(own_path(good), good);
        }
        for bad in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "/a b",
            "/\r\nx",
        ] {
            assert_eq!(own_path(bad), "/", "{bad}");
        }
    }
}
