//! Whether a form was posted from one of our own pages. The form's token says so too; this works without a session.

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use schoolgate_darkroom::sha256_hex;

use crate::{connections::Peer, limits::Desk};

/// Tells whether the browser says that the request comes from a page of this very origin. A request that says nothing
/// is no browser's, and no reason to trust it.
pub(crate) fn is_own(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text(header::HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    let Some(origin) = text(header::ORIGIN) else {
        return site.is_some();
    };
    // a page without a referrer posts with this origin; then the site decides alone
    if origin == "null" {
        return site.is_some();
    }
    let host = text(header::HOST).unwrap_or("");
    let named = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    named.is_some_and(|named| named.eq_ignore_ascii_case(host)) || public_url == Some(origin)
}

/// The host of an address such as `https://school.example/x`, with its port where it has one.
pub(crate) fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?', '#'])
        .next()
        .filter(|host| !host.is_empty())
}

/// What stands for the address that a request comes from, hashed.
pub(crate) struct CallerHash(pub(crate) String);

impl FromRequestParts<Desk> for CallerHash {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
        let is_proxied = desk.console.public_url.is_some();
        let address = caller(&parts.headers, peer, is_proxied);
        Ok(Self(sha256_hex(address.as_bytes())))
    }
}

/// The address that a request comes from. Where people come through a proxy of this machine that is what the proxy
/// says last; what stands before it was said by the caller. Somebody with IPv6 has a whole network of addresses.
fn caller(headers: &HeaderMap, peer: Option<IpAddr>, is_proxied: bool) -> String {
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let said = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .filter(|_| is_proxied && peer.is_loopback())
        .and_then(|line| line.to_str().ok())
        .and_then(|line| line.rsplit(',').next())
        .and_then(|hop| hop.trim().parse::<IpAddr>().ok());
    match said.unwrap_or(peer).to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_ours_may_post() {
        let cases: [(&[(&'static str, &str)], bool); 10] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "http://127.0.0.1:8080")], true),
            (&[("origin", "https://desk.school.example")], true),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "null")], false),
            (
                &[("origin", "null"), ("sec-fetch-site", "same-origin")],
                true,
            ),
            (&[], false),
        ];
        for (lines, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("host", "127.0.0.1:8080".parse().unwrap());
            for (name, value) in lines {
                headers.insert(*name, value.parse().unwrap());
            }
            assert_eq!(
                is_own(&headers, Some("https://desk.school.example")),
                expected,
                "{lines:?}"
            );
        }
    }

    #[test]
    fn a_caller_is_the_peer_or_what_our_own_proxy_says_last() {
        let mut headers = HeaderMap::new();
        let from = |headers: &HeaderMap, peer: &str, is_proxied| {
            caller(headers, peer.parse().ok(), is_proxied)
        };
        assert_eq!(from(&headers, "127.0.0.1", true), "127.0.0.1");
        headers.append("x-forwarded-for", "192.0.2.1".parse().unwrap());
        let line = "198.51.100.1, 203.0.113.9";
        headers.append("x-forwarded-for", line.parse().unwrap());
        assert_eq!(from(&headers, "127.0.0.1", true), "203.0.113.9");
        assert_eq!(from(&headers, "::1", true), "203.0.113.9");
        assert_eq!(from(&headers, "127.0.0.1", false), "127.0.0.1");
        assert_eq!(from(&headers, "192.0.2.7", true), "192.0.2.7");
        assert_eq!(from(&headers, "::ffff:192.0.2.7", true), "192.0.2.7");
        let one = from(&headers, "2001:db8:0:1::1", true);
        assert_eq!(one, from(&headers, "2001:db8:0:1::2", true));
        assert_ne!(one, from(&headers, "2001:db8:0:2::1", true));
    }

    #[test]
    fn a_host_is_what_stands_between_the_slashes() {
        assert_eq!(host_of("https://a.example:8443/x"), Some("a.example:8443"));
        assert_eq!(host_of("a.example"), None);
        assert_eq!(host_of("https:///x"), None);
    }
}
