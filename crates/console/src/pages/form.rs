//! A posted form: read in time, from one of our own pages, with this session's token.

use axum::{
    Form,
    extract::{FromRequest, Request},
};

use super::{fault::PageFault, origin, visitor::Visitor};
use crate::limits::Desk;

/// The most fields that a form of ours has,
const MAX_FIELDS: usize = 200;
/// but for the one in which every pupil of a school can be ticked.
const MAX_TICKS: usize = 3_000;

/// The fields of a form that may be believed.
#[derive(Default)]
pub(crate) struct Posted(Vec<(String, String)>);

impl Posted {
    /// The first value of a field, trimmed; empty where there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The first value of a field as it was typed.
    pub(crate) fn raw(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    #[cfg(test)]
    pub(crate) fn made(fields: &[(&str, &str)]) -> Self {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self(fields.iter().map(pair).collect())
    }

    /// Every value of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let is = move |pair: &&(String, String)| pair.0 == name;
        self.0.iter().filter(is).map(|(_, value)| value.as_str())
    }
}

impl FromRequest<Desk> for Posted {
    type Rejection = PageFault;

    async fn from_request(request: Request, desk: &Desk) -> Result<Self, PageFault> {
        if !origin::is_own(request.headers(), desk.console.public_url.as_deref()) {
            return Err(PageFault::StaleForm);
        }
        // before somebody has signed in there is no token, and the origin must do
        let wanted = request
            .extensions()
            .get::<Visitor>()
            .map(|visitor| visitor.form_token.clone());
        let most = match request.uri().path().ends_with("/subjects") {
            true => MAX_TICKS,
            false => MAX_FIELDS,
        };
        // the body is whole already
        let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
        let Form(fields) = form.map_err(|_| PageFault::BadForm)?;
        if fields.len() > most {
            return Err(PageFault::BadForm);
        }
        let posted = Self(fields);
        match wanted {
            Some(wanted) if !same(posted.raw("form_token"), wanted.expose()) => {
                Err(PageFault::StaleForm)
            }
            _ => Ok(posted),
        }
    }
}

/// Compares without telling by its time how much is alike.
fn same(one: &str, other: &str) -> bool {
    let differing = one
        .bytes()
        .zip(other.bytes())
        .fold(0, |found, (a, b)| found | (a ^ b));
    one.len() == other.len() && differing == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_name_and_may_come_more_than_once() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let posted = Posted(vec![
            pair("role", "a"),
            pair("role", "b"),
            pair("note", " x "),
        ]);
        assert_eq!(posted.all("role").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(
            (posted.text("note"), posted.raw("note"), posted.text("none")),
            ("x", " x ", "")
        );
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("abc", "ab") && !same("", "a"));
    }
}
