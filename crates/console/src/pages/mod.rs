//! The moderators' desk: pages for people who are signed in. Every page is one file with its struct, its handler and
//! its tests; what may be seen and decided is asked of the policy, never decided in a template.

mod account;
mod answered;
mod bulk;
mod cookie;
mod day;
mod decide;
mod deciding;
mod done;
mod fault;
mod files;
mod form;
mod history;
mod item;
mod keeping;
mod lists;
mod marks;
mod opened;
mod origin;
mod people;
mod permission;
mod permissions;
mod queue;
mod reading;
mod report;
mod said;
mod session;
mod shell;
mod shots;
mod sign_in;
mod subjects;
mod visitor;
mod words;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};

use crate::limits::Desk;

pub(crate) use decide::{MAX_NOTE_CHARS, REMOVED_PICTURE, decision};
/// Whether an item's pictures are never shown.
pub(crate) use reading::is_suspect;
/// What a clean copy is.
pub(crate) use shots::kind as media_kind;

pub(crate) use opened::{Actor, read as read_item};
pub use people::is_address;
pub(crate) use session::visitor as signed_in;
pub(crate) use visitor::Visitor;

/// Whether a request was sent by a page of ours.
pub(crate) use origin::is_own as is_own_page;

/// The pages. All but the sign-in and the files need somebody who is signed in.
pub(crate) fn routes(desk: &Desk) -> Router {
    let guarded = Router::new()
        .route("/", get(queue::start))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/account", get(account::page))
        .route("/account/password", post(account::password))
        .route("/comments", get(queue::comments))
        .route(
            "/comments/acknowledge",
            get(bulk::page).post(bulk::acknowledge),
        )
        .route("/drafts", get(queue::drafts))
        .route("/for-you", get(queue::for_you))
        .route("/items/{key}", get(item::page))
        .route("/items/{key}/decision", post(decide::decide))
        .route("/items/{key}/leave", post(item::leave))
        .route("/items/{key}/seen", post(item::seen))
        .route("/items/{key}/pictures/{number}", get(item::picture))
        .route("/items/{key}/file-details", post(item::file_details))
        .route(
            "/items/{key}/pictures/{number}/keep-back",
            get(keeping::page).post(keeping::post),
        )
        .route("/items/{key}/known/{sha256}", get(shots::known_copy))
        .route(
            "/items/{key}/subjects",
            get(subjects::page).post(subjects::post),
        )
        .route("/items/{key}/answered", get(answered::page))
        .route(
            "/permissions",
            get(permissions::page).post(permissions::find),
        )
        .route("/people", get(people::page).post(people::add))
        .route("/people/{id}/roles", post(people::roles))
        .route("/people/{id}/password", post(people::password))
        .route("/people/{id}/disable", post(people::disable))
        .route("/day", get(day::page))
        .layer(from_fn(session::guard));
    let open = Router::new().route("/sign-in", get(sign_in::page).post(sign_in::sign_in));
    guarded
        .merge(open)
        .layer(from_fn_with_state(desk.clone(), session::place))
        .layer(from_fn_with_state(desk.clone(), session::own_host))
        .with_state(desk.clone())
}

/// The files that every page needs, whoever looks.
pub(crate) fn files() -> Router {
    Router::new().route("/static/{name}", get(files::get))
}
