//! What a person reads when a page cannot be shown. Nothing of the request comes back.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use schoolgate_store::StoreError;

use super::shell::Shell;

/// Why there is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageFault {
    /// Nothing there, or nothing that this person may know of: both read the same.
    NotFound,
    /// The role does not go that far.
    Forbidden,
    /// The form is not from one of our pages, or from an earlier sign-in.
    StaleForm,
    /// A form field is missing or unreadable.
    BadForm,
    /// The form is larger than any of ours.
    TooLarge,
    /// The form did not come to its end in time.
    TooSlow,
    /// The name in the address bar is not one of ours.
    WrongHost,
    /// Too many requests at once.
    Busy,
    /// Too many passwords at once.
    Crowded,
    /// The store cannot be asked.
    Store,
    /// A fault of ours.
    Internal,
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage {
    shell: Shell,
    title: &'static str,
    text: &'static str,
}

impl PageFault {
    const fn words(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "There is nothing here",
                "The item may have been decided or replaced, or it is not for your role.",
            ),
            Self::Forbidden => (
                StatusCode::FORBIDDEN,
                "This is not for your role",
                "If you need it for your work, ask your administrator.",
            ),
            Self::StaleForm => (
                StatusCode::FORBIDDEN,
                "That page was too old",
                "Nothing was changed. Open the page again and repeat what you did.",
            ),
            Self::BadForm => (
                StatusCode::BAD_REQUEST,
                "That could not be read",
                "Nothing was changed. Go back, fill in every field and send it again.",
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "That was too much at once",
                "Nothing was changed. Go back, shorten it and send it again.",
            ),
            Self::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "That did not come through",
                "Nothing was changed. Check the connection, go back and send it again.",
            ),
            Self::WrongHost => (
                StatusCode::FORBIDDEN,
                "Please use the proper address",
                "Without a configured public address Schoolgate answers only under 127.0.0.1 or localhost.",
            ),
            Self::Busy => (
                StatusCode::TOO_MANY_REQUESTS,
                "Too much is going on at once",
                "Nothing was changed. Wait a few seconds and try again.",
            ),
            Self::Crowded => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Too many people are signing in",
                "Wait a few seconds and try again. Nothing is wrong with your password.",
            ),
            Self::Store => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The store cannot be reached",
                "Nothing was changed. Try again in a moment; if it stays like this, tell whoever looks after the service.",
            ),
            Self::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong here",
                "It is our fault, not yours. Try again; if it stays like this, tell whoever looks after the service.",
            ),
        }
    }
}

impl From<StoreError> for PageFault {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "the store could not be used");
        Self::Store
    }
}

impl IntoResponse for PageFault {
    fn into_response(self) -> Response {
        let (status, title, text) = self.words();
        let page = FaultPage {
            shell: Shell::bare(),
            title,
            text,
        };
        let mut response = (status, html(&page)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// A page as an answer.
pub(crate) fn html(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            let mut response = text.into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            response
        }
        Err(_) => {
            tracing::error!("a page could not be written");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "the page could not be written",
            )
                .into_response()
        }
    }
}
