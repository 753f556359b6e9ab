//! What to think of one link: every way in which it hides or fakes where it leads.

use super::{
    LinkSettings,
    alike::Likeness,
    extract::{Link, Scheme},
    host::Host,
    known::{PROGRAMS, SHORTENERS},
};

/// What is wrong with a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trick {
    Denied,
    Script,
    UserInfo,
    Address,
    Letters,
    LookAlike(String),
    Mismatch(String),
    Download,
    Shortener,
    /// A shortener that was followed to a trusted host.
    KnownShortener,
    Disguised,
    OddPort,
    NotHttps,
}

/// Everything that is wrong with a link, gravest first.
pub(super) fn tricks(link: &Link, settings: &LinkSettings) -> Vec<Trick> {
    let Some(host) = &link.host else {
        return vec![Trick::Script];
    };
    let mut tricks = Vec::new();
    if link.user_info {
        tricks.push(Trick::UserInfo);
    }
    if settings.is_trusted(host) {
        return tricks;
    }
    tricks.extend(of_host(host, settings));
    if let Some((shown, _)) = &link.shown
        && shown.registered() != host.registered()
    {
        tricks.push(Trick::Mismatch(shown.as_str().to_owned()));
    }
    if starts_program(&link.path) {
        tricks.push(Trick::Download);
    }
    if is_shortener(host, &link.path) {
        tricks.push(Trick::Shortener);
    }
    if link.disguised {
        tricks.push(Trick::Disguised);
    }
    if link.port.is_some_and(|port| !matches!(port, 80 | 443)) {
        tricks.push(Trick::OddPort);
    }
    if matches!(link.scheme, Scheme::Http | Scheme::Ftp) {
        tricks.push(Trick::NotHttps);
    }
    tricks
}

/// What the host alone says.
fn of_host(host: &Host, settings: &LinkSettings) -> Option<Trick> {
    if settings.is_denied(host) {
        return Some(Trick::Denied);
    }
    if host.is_address() {
        return Some(Trick::Address);
    }
    settings
        .watched
        .likeness(host)
        .map(|likeness| match likeness {
            Likeness::Letters => Trick::Letters,
            Likeness::Host(known) => Trick::LookAlike(known),
        })
}

/// What is wrong with a place that a link leads on to.
pub(super) fn tricks_behind(host: &Host, path: &str, settings: &LinkSettings) -> Vec<Trick> {
    if settings.is_trusted(host) {
        return Vec::new();
    }
    let mut tricks: Vec<Trick> = of_host(host, settings).into_iter().collect();
    if starts_program(path) {
        tricks.push(Trick::Download);
    }
    tricks
}

/// Whether an address is one that can lead anywhere. Two old paths of one service lead to its own maps and forms.
pub(super) fn is_shortener(host: &Host, path: &str) -> bool {
    let listed = SHORTENERS.iter().any(|short| host.is_within(short));
    let own_path =
        host.as_str() == "goo.gl" && (path.starts_with("/maps/") || path.starts_with("/forms/"));
    listed && !own_path && path.trim_matches('/').chars().next().is_some()
}

/// Whether a path ends, or a query hands over, the name of a program or an archive.
fn starts_program(path: &str) -> bool {
    let address = path.split('#').next().unwrap_or_default();
    let (file, query) = address.split_once('?').unwrap_or((address, ""));
    let named = file.rsplit('/').next().unwrap_or_default();
    let handed = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(_, value)| value);
    std::iter::once(named).chain(handed).any(|name| {
        let name = name.trim_end_matches(['.', ' ']);
        name.rsplit_once('.').is_some_and(|(before, ending)| {
            !before.is_empty() && PROGRAMS.contains(&ending.to_ascii_lowercase().as_str())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_from_documents() {
        for path in [
            "/a/setup.exe",
            "/f.ZIP",
            "/x.docm#top",
            "/get?file=pack.msi&x=1",
            "/a.pdf.exe",
            "/list.tar.gz",
        ] {
            assert!(starts_program(path), "{path}");
        }
        for path in [
            "/menu.pdf",
            "/photo.jpg",
            "/letter.docx",
            "/",
            "",
            "/exe",
            "/v1.2/page",
            "/?q=exe",
            "/.zip/a",
        ] {
            assert!(!starts_program(path), "{path}");
        }
    }
}
