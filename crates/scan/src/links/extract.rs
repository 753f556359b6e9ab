//! Finds the links in a text, written in any of the ways people write them, and takes each one apart.
//! What to think of a link is said in `judge`.

use std::ops::Range;

use super::{host::Host, known::ENDINGS, known::SHORTENERS, view::View};

/// How far the words around a link are looked at for the text that is shown in its place.
const SHOWN_REACH: usize = 300;

/// How a link begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// `https://`
    Https,
    /// `http://`
    Http,
    /// `ftp://`
    Ftp,
    /// No scheme: `www.` or a bare domain.
    None,
    /// `javascript:`, `data:`: no address at all but a program or a page of its own.
    Script,
}

/// One link.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// Where it stands in the view.
    pub range: Range<usize>,
    pub scheme: Scheme,
    /// Where it leads; a script leads nowhere.
    pub host: Option<Host>,
    /// Whether something stands before an `@` that could be taken for the host.
    pub user_info: bool,
    pub port: Option<u32>,
    /// Path and query.
    pub path: String,
    /// Whether its dots or its scheme were written so that programs do not see a link.
    pub disguised: bool,
    /// A host in the words that are shown in the link's place, and the range of words and link together.
    pub shown: Option<(Host, Range<usize>)>,
}

impl Link {
    /// The address as a program would ask for it.
    pub(super) fn address(&self) -> Option<String> {
        let scheme = match self.scheme {
            Scheme::Https => "https",
            Scheme::Http | Scheme::None => "http",
            Scheme::Ftp | Scheme::Script => return None,
        };
        let host = self.host.as_ref()?;
        let port = self
            .port
            .map_or_else(String::new, |port| format!(":{port}"));
        let slash = if self.path.starts_with('/') { "" } else { "/" };
        Some(format!(
            "{scheme}://{}{port}{slash}{}",
            host.as_str(),
            self.path
        ))
    }
}

/// Every link, in order.
pub(super) fn links(view: &View) -> Vec<Link> {
    let mut found: Vec<Link> = Vec::new();
    let mut at = 0;
    while let Some(c) = view.get(at) {
        if !is_name_char(c) {
            at += 1;
            continue;
        }
        let end = run(view, at);
        let link = schemed(view, at, end).or_else(|| bare(view, at, end));
        match link {
            Some(mut link) => {
                at = link.range.end.max(end);
                link.shown = shown(view, &link.range);
                found.push(link);
            }
            // the words before an `@` are no host, and neither is what follows them: that is a mail address
            None if view.get(end) == Some('@') => at = run(view, end + 1).max(end + 1),
            None => at = end.max(at + 1),
        }
    }
    found
}

/// The first host in a stretch of text.
fn first_host(view: &View, range: Range<usize>) -> Option<Host> {
    let mut at = range.start;
    while at < range.end {
        let end = run(view, at).min(range.end);
        let named =
            beginning(view, at, end).and_then(|(_, _, _, from)| authority(view, from, true));
        let named = named.or_else(|| authority(view, bare_name(view, at, end, None)?.start, false));
        if let Some(named) = named {
            return Some(named.host);
        }
        at = end.max(at + 1);
    }
    None
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '.' | '_')
}

/// Where the letters, digits, dots and hyphens that begin at `from` end.
fn run(view: &View, from: usize) -> usize {
    let mut end = from;
    while view.get(end).is_some_and(is_name_char) {
        end += 1;
    }
    end
}

/// A link whose scheme ends at `end`.
fn schemed(view: &View, from: usize, end: usize) -> Option<Link> {
    if view.get(end) != Some(':') {
        return None;
    }
    if let Some(start) = script_before(view, from, end) {
        return script(view, start, end);
    }
    let (start, scheme, disguised, behind) = beginning(view, from, end)?;
    let mut link = authority(view, behind, true)?.followed(view);
    link.range.start = start;
    link.scheme = scheme;
    link.disguised |= disguised;
    Some(link)
}

/// Where a scheme before the colon at `end` begins, which one it is, whether it is disguised, and what follows its
/// slashes. Browsers take one slash or a backslash too.
fn beginning(view: &View, from: usize, end: usize) -> Option<(usize, Scheme, bool, usize)> {
    if view.get(end) != Some(':') {
        return None;
    }
    let (start, scheme, disguised) = scheme_before(view, from, end)?;
    let slashes = (end + 1..end + 4).take_while(|at| view.get(*at).is_some_and(is_slash));
    let slashes = slashes.count();
    (slashes > 0).then_some((start, scheme, disguised, end + 1 + slashes))
}

fn is_slash(c: char) -> bool {
    matches!(c, '/' | '\\')
}

/// The scheme that a run of letters ends with, and where it begins: "seehttps" ends with one.
fn scheme_before(view: &View, from: usize, end: usize) -> Option<(usize, Scheme, bool)> {
    let ends_with = |word: &str| {
        let start = end.checked_sub(word.len())?;
        (start >= from && view.says(start, word)).then_some(start)
    };
    for (word, scheme, disguised) in [
        ("https", Scheme::Https, false),
        ("http", Scheme::Http, false),
        ("hxxps", Scheme::Https, true),
        ("hxxp", Scheme::Http, true),
        ("ftp", Scheme::Ftp, false),
    ] {
        if let Some(start) = ends_with(word) {
            return Some((start, scheme, disguised));
        }
    }
    None
}

/// Where `javascript`, `vbscript` or `data` begins, if that is the whole word before the colon.
fn script_before(view: &View, from: usize, end: usize) -> Option<usize> {
    let is = |word: &&str| end - from == word.len() && view.says(from, word);
    let word = ["javascript", "vbscript", "data"]
        .iter()
        .find(|word| is(word));
    word.map(|_| from)
}

/// `javascript:alert(1)` and `data:text/html,...`; "the data: 5 of 7" is prose.
fn script(view: &View, start: usize, colon: usize) -> Option<Link> {
    let after = view.get(colon + 1)?;
    let is_data = view.says(start, "data");
    let near = (colon + 1..colon + 80).take_while(|at| view.get(*at).is_some_and(is_address_char));
    let body = view
        .text(colon + 1..colon + 1 + near.count())
        .to_lowercase();
    let typed = ["text/", "application/", "image/svg", ";base64,", "image/"]
        .iter()
        .any(|kind| body.starts_with(kind) || *kind == ";base64," && body.contains(kind));
    let runs = body.contains(['(', '=', '%']) && !after.is_whitespace();
    let is_link = if is_data {
        typed && body.contains(',')
    } else {
        runs
    };
    is_link.then(|| Link {
        range: start..address_end(view, colon + 1),
        scheme: Scheme::Script,
        host: None,
        user_info: false,
        port: None,
        path: String::new(),
        disguised: false,
        shown: None,
    })
}

/// Where an address that goes on at `from` ends, without the punctuation of the sentence around it.
fn address_end(view: &View, from: usize) -> usize {
    let mut end = from;
    let (mut round, mut square) = (0_i64, 0_i64);
    while let Some(c) = view.get(end).filter(|c| is_address_char(*c)) {
        match c {
            '(' => round += 1,
            ')' => round -= 1,
            '[' => square += 1,
            ']' => square -= 1,
            _ => {}
        }
        // "[text](address)and more": the bracket that closes the address was opened before it
        if round < 0 || square < 0 || (c == ':' && glued_scheme(view, from, end)) {
            break;
        }
        end += 1;
    }
    if view.get(end) == Some(':') {
        end = scheme_before(view, from, end).map_or(end, |(start, ..)| start);
    }
    while end > from {
        match view.before(end) {
            Some('.' | ',' | ';' | ':' | '!' | '?' | '\'' | '"' | '*' | '_' | '~' | '…' | '’') => {
                end -= 1
            }
            Some('(' | '[') => end -= 1,
            _ => break,
        }
    }
    end
}

/// Whether the second of two addresses without a space between them begins before the colon at `colon`.
fn glued_scheme(view: &View, from: usize, colon: usize) -> bool {
    let follows =
        view.get(colon + 1).is_some_and(is_slash) && view.get(colon + 2).is_some_and(is_slash);
    let start = ["https", "http"].iter().find_map(|word| {
        let start = colon.checked_sub(word.len())?;
        (start > from && view.says(start, word)).then_some(start)
    });
    // an address inside a path or a query is part of it
    let inside = |start| {
        view.before(start)
            .is_some_and(|c| matches!(c, '/' | '=' | '?' | '&' | ':' | '%' | '#' | ',' | '\\'))
    };
    follows && start.is_some_and(|start| !inside(start))
}

fn is_address_char(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && !matches!(
            c,
            '<' | '>' | '"' | '`' | '{' | '}' | '|' | '“' | '”' | '«' | '»'
        )
}

/// What stands between the slashes of a scheme and the path.
struct Authority {
    /// Host and port in the view.
    range: Range<usize>,
    host: Host,
    port: Option<u32>,
    user_info: bool,
    disguised: bool,
}

impl Authority {
    /// The link with the path that follows.
    fn followed(self, view: &View) -> Link {
        let named = self.range.end;
        let stop = if path_follows(view, named) {
            address_end(view, named)
        } else {
            named
        };
        let path = view.text(named..stop);
        Link {
            range: self.range.start..stop,
            scheme: Scheme::None,
            host: Some(self.host),
            // programs disagree about what a backslash before an `@` means
            user_info: self.user_info || path.starts_with('\\') && path.contains('@'),
            port: self.port,
            path,
            disguised: self.disguised,
            shown: None,
        }
    }
}

/// Reads a host and its port and, behind a scheme, what stands before an `@`.
fn authority(view: &View, from: usize, with_user: bool) -> Option<Authority> {
    let user = (from..)
        .take_while(|_| with_user)
        .map_while(|at| view.get(at).filter(|c| is_user_char(*c)).map(|c| (at, c)))
        .filter(|(_, c)| *c == '@')
        .last();
    let named = user.map_or(from, |(at, _)| at + 1);
    let whole = host_end(view, named);
    let mut end = whole;
    while end > named && matches!(view.before(end), Some('.' | '-' | '_')) {
        end -= 1;
    }
    // a last dot before a path belongs to the host
    if view.get(whole).is_some_and(is_slash) {
        end = whole;
    }
    let (name, escaped) = unescaped(&view.text(named..end));
    let host = Host::parse(&name)?;
    let digits = run(view, end + 1);
    let port = (view.get(end) == Some(':'))
        .then(|| view.text(end + 1..digits).parse().ok())
        .flatten();
    Some(Authority {
        range: from..if port.is_some() { digits } else { end },
        host,
        port,
        user_info: user.is_some(),
        disguised: escaped || view.is_disguised(named..end),
    })
}

/// Whether a character may stand before the `@` of an address.
fn is_user_char(c: char) -> bool {
    c.is_alphanumeric() || "-._~!$&'*+;=:%@".contains(c)
}

fn host_end(view: &View, from: usize) -> usize {
    let bracket = view.get(from) == Some('[');
    let belongs = |c: char| match bracket {
        true => c.is_ascii_hexdigit() || matches!(c, '[' | ':' | '.' | '%'),
        false => is_name_char(c) || c == '%',
    };
    let mut end = from;
    while view.get(end).is_some_and(belongs) {
        end += 1;
    }
    end + usize::from(bracket && view.get(end) == Some(']'))
}

/// A host with its `%` signs resolved, and whether there were any: honest hosts have none.
fn unescaped(name: &str) -> (String, bool) {
    if !name.contains('%') || name.starts_with('[') {
        return (name.to_owned(), false);
    }
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    let whole = String::from_utf8_lossy(&bytes).into_owned();
    // what follows an escaped `@` is where it leads
    let leads = whole.rsplit('@').next().unwrap_or_default().to_owned();
    (leads, true)
}

/// A link without a scheme in the run `from..end`.
fn bare(view: &View, from: usize, end: usize) -> Option<Link> {
    let path = view.get(end + 1).filter(|_| path_follows(view, end));
    let path = path.or_else(|| path_follows(view, end).then_some('/'));
    let name = bare_name(view, from, end, path)?;
    let mut link = authority(view, name.start, false)?.followed(view);
    if link.disguised && spelled_mail(view, name.start) {
        link.disguised = false;
    }
    Some(link)
}

/// Where the host of a link without a scheme stands in the run `from..end`. `path` is the first character of the path
/// that follows.
fn bare_name(view: &View, from: usize, end: usize, path: Option<char>) -> Option<Range<usize>> {
    if view.before(from) == Some('@') || view.get(end) == Some('@') {
        return None;
    }
    // "wait...bit.ly/x": what stands behind the last of several dots
    let edge = |at: usize| view.get(at).is_some_and(|c| matches!(c, '.' | '-' | '_'));
    let mut stop = end;
    while stop > from && edge(stop - 1) {
        stop -= 1;
    }
    let dots = |at: &usize| view.get(*at) == Some('.') && view.get(at - 1) == Some('.');
    let mut start = (from + 1..stop).rev().find(dots).map_or(from, |at| at + 1);
    while start < stop && edge(start) {
        start += 1;
    }
    let written = view.text(start..stop);
    if !written.contains('.') {
        return None;
    }
    let host = accepted(&written, path.filter(|_| stop == end))?;
    Some(stop - host.chars().count()..stop)
}

fn path_follows(view: &View, end: usize) -> bool {
    let next = view.get(end + 1);
    match view.get(end) {
        Some('/') => true,
        Some(':') => next.is_some_and(|c| c.is_ascii_digit()),
        Some('?' | '#') => next.is_some_and(char::is_alphanumeric),
        Some('\\') => next.is_some(),
        _ => false,
    }
}

/// The part of a word with dots that is a host: all of it, or what stands from `www.` on.
fn accepted(written: &str, path: Option<char>) -> Option<&str> {
    let www = written.to_ascii_lowercase();
    let www = www.find("www.").filter(|at| {
        *at == 0
            || written
                .get(..*at)
                .is_some_and(|before| before.ends_with('.'))
    });
    if let Some(at) = www {
        let host = written.get(at..)?;
        return (Host::parse(host).is_some() && host.matches('.').count() >= 2).then_some(host);
    }
    let host = Host::parse(written)?;
    let (before, ending) = written.rsplit_once('.')?;
    if host.is_address() {
        // "1.2.3.4/5" is a version or a sum
        let login = path.is_some_and(char::is_alphabetic);
        return (login && written.matches('.').count() == 3).then_some(written);
    }
    let has_path = path.is_some();
    let known = is_ending(before, ending)
        || has_path && SHORTENERS.iter().any(|short| host.is_within(short));
    let named = has_path || before.chars().any(char::is_alphabetic);
    (known && named && !written.contains('_')).then_some(written)
}

/// Whether a word ends as hosts do. "at home.Com" and "school.Uk" are the ends of sentences.
fn is_ending(before: &str, ending: &str) -> bool {
    let small = ending.chars().all(char::is_lowercase);
    let capital = before.chars().all(|c| !c.is_lowercase());
    let foreign = !ending.is_ascii()
        && ending.chars().all(char::is_alphabetic)
        && matches!(ending, "рф" | "укр" | "中国" | "бг");
    (small || capital)
        && (ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
            || foreign
            || ending.starts_with("xn--"))
}

/// Whether "office (at)" or "office at" stands before a spelled-out host: a mail address, which is another check's.
fn spelled_mail(view: &View, start: usize) -> bool {
    let before = view.text(start.saturating_sub(8)..start);
    let before = before
        .trim_end()
        .trim_end_matches([')', ']', '}'])
        .trim_end()
        .to_ascii_lowercase();
    before.ends_with('@')
        || before
            .strip_suffix("at")
            .is_some_and(|rest| rest.ends_with(['(', '[', '{', ' ']))
}

/// The host in the words that a link's place shows: `[bbc.co.uk](https://...)`, `<a href="https://...">bbc.co.uk</a>`.
fn shown(view: &View, link: &Range<usize>) -> Option<(Host, Range<usize>)> {
    let (words, whole) = markdown(view, link).or_else(|| anchor(view, link))?;
    Some((first_host(view, words)?, whole))
}

type Shown = (Range<usize>, Range<usize>);

fn markdown(view: &View, link: &Range<usize>) -> Option<Shown> {
    let bracket = link.start.checked_sub(2)?;
    if view.get(bracket) != Some(']') || view.get(bracket + 1) != Some('(') {
        return None;
    }
    let first = bracket.saturating_sub(SHOWN_REACH);
    let open = (first..bracket)
        .rev()
        .find(|at| view.get(*at) == Some('['))?;
    // a picture's description may name any site, and so may a picture that is a link itself
    let picture = view.before(open) == Some('!')
        || (open..bracket).any(|at| matches!(view.get(at), Some(']' | '<')));
    if picture {
        return None;
    }
    let closed = usize::from(view.get(link.end) == Some(')'));
    Some((open + 1..bracket, open..link.end + closed))
}

fn anchor(view: &View, link: &Range<usize>) -> Option<Shown> {
    let quoted = usize::from(
        view.before(link.start)
            .is_some_and(|c| matches!(c, '"' | '\'')),
    );
    let attribute = link.start.checked_sub(quoted + 5)?;
    if !view.says(attribute, "href=") {
        return None;
    }
    let reach = (link.end + SHOWN_REACH).min(view.len());
    let find = |from: usize, wanted: char| (from..reach).find(|at| view.get(*at) == Some(wanted));
    let words = find(link.end, '>')? + 1;
    let end = find(words, '<').unwrap_or(reach);
    Some((words..end, link.start..end))
}
