//! Somebody's own account: who they are here, and a new password.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use schoolgate_darkroom::sha256_hex;
use schoolgate_store::NewSession;
use serde::Deserialize;

use super::{
    cookie,
    done::Done,
    fault::{PageFault, html},
    form::Posted,
    lists,
    origin::CallerHash,
    shell::{Section, Shell},
    sign_in::{failed, locked},
    visitor::Visitor,
};
use crate::{Console, asked::Asked, limits::Desk, password::check_own_password};

const TOO_MANY: &str = "Not changed: there were too many tries. Wait 15 minutes, or ask your administrator for a new password.";

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    shell: Shell,
    name: String,
    login: String,
    roles: String,
    fault: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct After {
    done: Option<String>,
}

pub(crate) async fn page(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Asked(after): Asked<After>,
) -> Result<Response, PageFault> {
    let done = after.done.as_deref().and_then(Done::from_code);
    render(&desk.console, &visitor, done, None).await
}

async fn render(
    console: &Console,
    visitor: &Visitor,
    done: Option<Done>,
    fault: Option<String>,
) -> Result<Response, PageFault> {
    let (mut shell, _) = lists::frame(console, visitor, Section::Elsewhere).await?;
    shell.done = done.map(|done| done.sentence(None, None));
    Ok(html(&AccountPage {
        shell,
        name: visitor.name.expose().clone(),
        login: visitor.login.expose().clone(),
        roles: visitor.parts_in_words(),
        fault,
    }))
}

/// Changes the password. Every other session of the account ends, and this one gets a fresh token.
pub(crate) async fn password(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    CallerHash(address): CallerHash,
    posted: Posted,
) -> Result<Response, PageFault> {
    let (console, store) = (&desk.console, &desk.console.store);
    let refused = async |fault: String| {
        let page = render(console, &visitor, None, Some(fault)).await?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let schools = console.schools.by_slug.values();
    let names = [visitor.login.expose().as_str(), visitor.name.expose()]
        .into_iter()
        .chain(schools.map(|school| school.name.as_str()));
    if let Err(weak) = check_own_password(posted.raw("new"), names) {
        return refused(format!("Not changed: {weak}.")).await;
    }
    let user = store.user_by_id(&visitor.id).await?;
    let user = user.ok_or(PageFault::Forbidden)?;
    let login = visitor.login.expose();
    if locked(console, login, &address).await? {
        return refused(TOO_MANY.to_owned()).await;
    }
    let hash = user.password_hash.expose().clone();
    let right = desk
        .hasher
        .matches(&visitor.id, posted.raw("old").to_owned(), Some(hash))
        .await
        .map_err(|_| PageFault::Crowded)?;
    if !right {
        failed(console, login, &address).await?;
        return refused("Not changed: the password that you have is another one.".to_owned()).await;
    }
    let new = desk
        .hasher
        .hash(
            &visitor.id,
            posted.raw("new").to_owned(),
            (console.new_secret)(),
        )
        .await
        .map_err(|_| PageFault::Crowded)?
        .ok_or(PageFault::Internal)?;
    let now = console.clock.now();
    store
        .user_set_password(&visitor.id, &new, &visitor.id, now)
        .await?;
    let token = cookie::hex(&(console.new_secret)());
    let session = NewSession {
        token_hash: sha256_hex(token.as_bytes()),
        user_id: visitor.id.clone(),
        form_token: cookie::hex(&(console.new_secret)()),
    };
    store.session_start(&session, now).await?;
    let to = format!("/account?done={}", Done::PasswordChanged.code());
    let mut response = Redirect::to(&to).into_response();
    if let Some(cookie) = cookie::set(&token, console.is_secure()) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
