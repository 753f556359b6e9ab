//! The session's cookie: its name, its attributes, and finding it in a request.

use axum::http::{HeaderMap, HeaderValue, header};

/// The name where the address is https: such a cookie can only have been set by this very host.
const SECURE: &str = "__Host-schoolgate";
/// The name on this machine, where there is no TLS.
const PLAIN: &str = "schoolgate";

/// The value of the session's cookie. Two of them leave open which counts, so they are none.
pub(crate) fn read(headers: &HeaderMap, secure: bool) -> Option<&str> {
    let name = name(secure);
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value);
    match (found.next(), found.next()) {
        (Some(value), None) if is_token(value) => Some(value),
        _ => None,
    }
}

/// The header that sets the cookie. It ends with the browser at the latest; the store ends it sooner.
pub(crate) fn set(token: &str, secure: bool) -> Option<HeaderValue> {
    line(token, "", secure)
}

/// The header that takes the cookie away.
pub(crate) fn clear(secure: bool) -> Option<HeaderValue> {
    line("", "; Max-Age=0", secure)
}

fn line(value: &str, more: &str, secure: bool) -> Option<HeaderValue> {
    let name = name(secure);
    let only_tls = if secure { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{only_tls}{more}");
    HeaderValue::from_str(&line).ok()
}

const fn name(secure: bool) -> &'static str {
    if secure { SECURE } else { PLAIN }
}

fn is_token(value: &str) -> bool {
    value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// 64 hexadecimal digits.
pub(crate) fn hex(bytes: &[u8; 32]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // writing into a string cannot fail
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_once_or_not_at_all() {
        let token = hex(&[0xab; 32]);
        let find = |line: String, secure| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, line.parse().unwrap());
            read(&headers, secure).map(str::to_owned)
        };
        assert_eq!(
            find(format!("a=b; schoolgate={token}"), false),
            Some(token.clone())
        );
        assert_eq!(
            find(format!("__Host-schoolgate={token}"), true),
            Some(token.clone())
        );
        assert_eq!(find(format!("schoolgate={token}"), true), None);
        assert_eq!(
            find(format!("schoolgate={token}; schoolgate={token}"), false),
            None
        );
        assert_eq!(find("schoolgate=short".to_owned(), false), None);
    }

    #[test]
    fn scripts_and_other_sites_never_get_the_cookie() {
        let plain = set("t", false).unwrap();
        assert_eq!(plain, "schoolgate=t; Path=/; HttpOnly; SameSite=Lax");
        let secure = set("t", true).unwrap();
        assert_eq!(
            secure,
            "__Host-schoolgate=t; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(clear(true).unwrap().to_str().unwrap().contains("Max-Age=0"));
    }
}
