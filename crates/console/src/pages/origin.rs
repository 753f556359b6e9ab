//! Whether a form was posted from one of our own pages. The form's token says so too; this works without a session.

use axum::http::{HeaderMap, header};

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
    fn a_host_is_what_stands_between_the_slashes() {
        assert_eq!(host_of("https://a.example:8443/x"), Some("a.example:8443"));
        assert_eq!(host_of("a.example"), None);
        assert_eq!(host_of("https:///x"), None);
    }
}
