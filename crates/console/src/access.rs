//! Who may do what: bearer tokens scoped to school and right, or, without tokens, this machine only. Somebody who is
//! signed in may use the API from a page of ours, with the rights of the roles.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use schoolgate_model::SchoolId;
use schoolgate_school::service::{Right, Token};
use sha2::{Digest as _, Sha256};

use crate::{
    limits::Desk,
    pages::{self, Visitor},
    problem::Problem,
};

/// The caller, after the guard.
#[derive(Debug, Clone)]
pub(crate) enum Caller {
    /// No tokens are configured and the request names this machine.
    Local {
        /// Somebody has an account, so what is restricted is for them to open and not for every program here.
        has_people: bool,
    },
    /// The token's school and rights.
    Holder(Token),
    /// Somebody who is signed in.
    Person(Box<Visitor>),
}

impl Caller {
    pub(crate) fn may(&self, right: Right, school: &SchoolId) -> bool {
        match self {
            Self::Local { .. } => true,
            Self::Holder(token) => token.rights.contains(&right) && token.school == *school,
            // what a person sees of an item depends on the item, so only the addresses that ask for it are open; and
            // a session never speaks for the platform, whose word for authors and times would be believed
            Self::Person(visitor) => match right {
                Right::Decide => visitor.sight_at(school).any(),
                Right::Submit | Right::Read => false,
            },
        }
    }

    pub(crate) fn demand(&self, right: Right, school: &SchoolId) -> Result<(), Problem> {
        self.may(right, school).then_some(()).ok_or_else(|| {
            Problem::new(
                StatusCode::FORBIDDEN,
                "forbidden",
                "this token does not allow that for this school",
            )
        })
    }

    /// Refuses a token that has the right for no school at all, before anything else is looked at.
    pub(crate) fn demand_anywhere(&self, right: Right) -> Result<(), Problem> {
        match self {
            Self::Local { .. } => Ok(()),
            Self::Holder(token) => self.demand(right, &token.school),
            Self::Person(_) => Ok(()),
        }
    }
}

/// Lets a request through with its [`Caller`], or answers 401, 403 or 415.
pub(crate) async fn guard(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let tokens = &desk.console.tokens;
    let caller = match person(&desk, request.method().clone(), request.headers().clone()).await {
        Ok(Some(visitor)) => Ok(Caller::Person(Box::new(visitor))),
        Ok(None) if tokens.is_empty() => this_machine(&desk, request.headers().clone()).await,
        Ok(None) => holder(tokens, request.headers()),
        Err(problem) => Err(problem),
    };
    match caller.and_then(|caller| typed(&request).map(|()| caller)) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Without tokens: this machine, as long as nobody has an account with everything.
async fn this_machine(desk: &Desk, headers: HeaderMap) -> Result<Caller, Problem> {
    local(&headers)?;
    let has_people = desk.console.store.has_users().await;
    Ok(Caller::Local {
        has_people: has_people.map_err(|error| Problem::store(&error))?,
    })
}

/// Somebody who is signed in and says nothing of a token. What changes anything must come from a page of ours.
async fn person(
    desk: &Desk,
    method: Method,
    headers: HeaderMap,
) -> Result<Option<Visitor>, Problem> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Ok(None);
    }
    let visitor = pages::signed_in(&desk.console, &headers)
        .await
        .map_err(|error| Problem::store(&error))?;
    let reads = matches!(method, Method::GET | Method::HEAD);
    let public_url = desk.console.public_url.as_deref();
    if visitor.is_some() && !reads && !pages::is_own_page(&headers, public_url) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "foreign_page",
            "this was not sent by a page of this service",
        ));
    }
    Ok(visitor)
}

/// Whether a request names this machine and no other site's page sent it.
pub(crate) fn is_this_machine(headers: &HeaderMap) -> bool {
    local(headers).is_ok()
}

/// For health: the same machine rule as everywhere, but never a token, which a probe does not have.
pub(crate) async fn probe(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    if desk.console.tokens.is_empty()
        && let Err(problem) = local(request.headers())
    {
        return problem.into_response();
    }
    next.run(request).await
}

/// A page in somebody's browser can post plain text to any address; it cannot say `application/json` unasked.
fn typed(request: &Request) -> Result<(), Problem> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let json = content_type
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .eq_ignore_ascii_case("application/json");
    if request.method() == Method::GET || request.method() == Method::HEAD || json {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "content_type",
        "send the item with `Content-Type: application/json`",
    ))
}

/// What only a proxy says. Whoever stands behind one is not this machine, whatever host the proxy names.
const FORWARDED: [&str; 3] = ["forwarded", "via", "x-real-ip"];

/// Whether a proxy handed the request on.
fn is_forwarded(headers: &HeaderMap) -> bool {
    headers
        .keys()
        .any(|name| name.as_str().starts_with("x-forwarded-") || FORWARDED.contains(&name.as_str()))
}

/// Whether the one `Host` is a loopback name. A second one would leave open which of them counts.
pub(crate) fn names_loopback(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().unwrap_or(""),
        _ => "",
    };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    };
    matches!(name, "127.0.0.1" | "localhost" | "::1")
}

/// Without tokens a request must come straight from here and name a loopback host, so that a name that was re-pointed
/// at us, another site's page, and everybody behind a proxy is refused.
fn local(headers: &HeaderMap) -> Result<(), Problem> {
    let cross_site = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site" || site == "same-site");
    if names_loopback(headers) && !cross_site && !is_forwarded(headers) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "loopback_only",
        "without tokens this service answers only on this machine, without a proxy, under 127.0.0.1 or localhost",
    ))
}

fn holder(tokens: &[Token], headers: &HeaderMap) -> Result<Caller, Problem> {
    let refused = || {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "unauthorised",
            "send a valid token",
        )
    };
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(refused)?;
    let secret = match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim().to_owned(),
        Some((scheme, pair)) if scheme.eq_ignore_ascii_case("basic") => {
            basic_password(pair.trim()).ok_or_else(refused)?
        }
        _ => return Err(refused()),
    };
    let hash: String = Sha256::digest(secret.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    // comparing hashes leaks nothing about the token that timing could tell
    tokens
        .iter()
        .find(|token| token.sha256 == hash)
        .cloned()
        .map(Caller::Holder)
        .ok_or_else(refused)
}

/// Browsers ask for a user and a password: any user, the token as password.
fn basic_password(pair: &str) -> Option<String> {
    use base64::Engine as _;
    let plain = base64::engine::general_purpose::STANDARD
        .decode(pair)
        .ok()?;
    String::from_utf8(plain)
        .ok()?
        .split_once(':')
        .map(|(_, password)| password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn without_tokens_only_this_machine_is_answered() {
        for host in ["127.0.0.1:8080", "localhost", "[::1]:8080"] {
            assert!(local(&headers("host", host)).is_ok(), "{host}");
        }
        for host in [
            "school.example",
            "192.168.0.4:8080",
            "localhost.evil.example",
            "",
        ] {
            assert!(local(&headers("host", host)).is_err(), "{host}");
        }
    }

    #[test]
    fn without_tokens_nobody_behind_a_proxy_is_this_machine() {
        for name in [
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "via",
            "x-real-ip",
        ] {
            let mut headers = headers("host", "127.0.0.1:8080");
            assert!(local(&headers).is_ok());
            headers.insert(name, "203.0.113.9".parse().unwrap());
            assert!(local(&headers).is_err(), "{name}");
        }
    }

    #[test]
    fn a_token_is_known_by_its_hash_and_bound_to_its_school() {
        let sha256 = Sha256::digest(b"secret")
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let tokens = [Token {
            name: "t".into(),
            sha256,
            school: SchoolId::from("a"),
            rights: vec![Right::Submit],
            place: (1, 1),
        }];
        let caller = holder(&tokens, &headers("authorization", "Bearer secret")).unwrap();
        assert!(caller.may(Right::Submit, &SchoolId::from("a")));
        assert!(!caller.may(Right::Read, &SchoolId::from("a")));
        assert!(!caller.may(Right::Submit, &SchoolId::from("b")));
        assert!(holder(&tokens, &headers("authorization", "Basic dXNlcjpzZWNyZXQ=")).is_ok());
        for wrong in [
            "Bearer other",
            "Bearer",
            "secret",
            "Basic !!",
            "Digest secret",
        ] {
            assert!(
                holder(&tokens, &headers("authorization", wrong)).is_err(),
                "{wrong}"
            );
        }
    }
}
