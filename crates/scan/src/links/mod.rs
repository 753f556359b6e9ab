//! Links that hide or fake where they lead (rule T4): found however they are written, judged by their host and path, and
//! by what following them showed where the school has that switched on. Nothing is fetched here.

mod alike;
mod extract;
mod host;
mod judge;
mod known;
#[cfg(test)]
mod tests;
mod trusted;
mod view;

use std::collections::BTreeSet;

use schoolgate_model::{
    Category, CheckFailure, CheckName, Finding, LinkFact, LinkFacts, LinkFault, Meter, RuleId,
    Severity, Surface,
};

use self::{
    alike::Watched,
    extract::{Link, links},
    host::Host,
    judge::{Trick, tricks, tricks_behind},
    trusted::TRUSTED,
    view::{View, may_hold_a_link},
};
use crate::SurfaceText;

/// How many links of one item are followed at most.
pub const MAX_FOLLOWED: usize = 20;

/// What a school says about links.
#[derive(Debug, Clone)]
pub struct LinkSettings {
    own: Vec<String>,
    allow: Vec<String>,
    deny: Vec<String>,
    follow: bool,
    watched: Watched,
}

impl Default for LinkSettings {
    fn default() -> Self {
        Self::new(&[], &[], &[], false)
    }
}

impl LinkSettings {
    /// The school's own domains, the ones it trusts beyond the shipped ones, the ones it refuses, and whether links of
    /// drafts are followed. Subdomains count too.
    pub fn new(own: &[String], allow: &[String], deny: &[String], follow: bool) -> Self {
        let tidy = |domains: &[String]| -> Vec<String> {
            let tidy = domains.iter().map(|domain| {
                let small = domain.trim().to_lowercase();
                small.strip_prefix("www.").unwrap_or(&small).to_owned()
            });
            tidy.filter(|domain| !domain.is_empty()).collect()
        };
        let own = tidy(own);
        Self {
            watched: Watched::new(&own),
            own,
            allow: tidy(allow),
            deny: tidy(deny),
            follow,
        }
    }

    /// Whether the school has the links of its drafts followed.
    pub fn follows(&self) -> bool {
        self.follow
    }

    /// The school's own hosts, and those that it or everybody trusts and that it does not refuse.
    fn is_trusted(&self, host: &Host) -> bool {
        within(host, &self.own)
            || !self.is_denied(host)
                && (within(host, &self.allow) || TRUSTED.iter().any(|known| host.is_within(known)))
    }

    fn is_denied(&self, host: &Host) -> bool {
        within(host, &self.deny) && !within(host, &self.own)
    }
}

fn within(host: &Host, domains: &[String]) -> bool {
    domains.iter().any(|domain| host.is_within(domain))
}

/// What the scan of the links says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LinkScan {
    /// Links that hide or fake their target.
    pub findings: Vec<Finding>,
    /// Why a link that had to be followed was not; then the check is incomplete.
    pub not_followed: Option<LinkFault>,
}

/// Scans the texts that people read and the links listed apart. `facts` counts only where `follow` is set.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_links(
    texts: &[SurfaceText],
    facts: &LinkFacts,
    settings: &LinkSettings,
    follow: bool,
    meter: &Meter,
) -> Result<LinkScan, CheckFailure> {
    let mut scan = LinkScan::default();
    for text in texts.iter().filter(|text| is_read(text)) {
        let Some(view) = viewed(text, meter)? else {
            continue;
        };
        for link in links(&view) {
            meter.spend(512 + link.path.len() as u64)?;
            let mut found = tricks(&link, settings);
            let behind = match follow.then(|| followed(&link, facts, settings)).flatten() {
                Some(Ok(fact)) => through(fact, &mut found, settings),
                Some(Err(fault)) => {
                    if !found.iter().any(is_grave) {
                        scan.not_followed = Some(fault);
                    }
                    Vec::new()
                }
                None => Vec::new(),
            };
            let grave = found.iter().chain(&behind).any(is_grave);
            let told = |trick: &&Trick| !grave || is_grave(trick);
            let range = |trick: &Trick| match (trick, &link.shown) {
                (Trick::Mismatch(_), Some((_, whole))) => whole.clone(),
                _ => link.range.clone(),
            };
            for (tricks, leads_on) in [(&found, false), (&behind, true)] {
                for trick in tricks.iter().filter(told) {
                    scan.findings
                        .extend(finding(text, &view, range(trick), trick, leads_on));
                }
            }
        }
    }
    Ok(scan)
}

/// The addresses that have to be asked where they lead: every link that is not trusted, each once.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn links_to_follow(
    texts: &[SurfaceText],
    settings: &LinkSettings,
    meter: &Meter,
) -> Result<Vec<String>, CheckFailure> {
    let mut seen = BTreeSet::new();
    let mut addresses = Vec::new();
    for text in texts.iter().filter(|text| is_read(text)) {
        let Some(view) = viewed(text, meter)? else {
            continue;
        };
        let found = links(&view);
        let open = found.iter().filter_map(|link| address(link, settings));
        for address in open {
            if addresses.len() < MAX_FOLLOWED && seen.insert(address.clone()) {
                addresses.push(address);
            }
        }
    }
    Ok(addresses)
}

fn is_read(text: &SurfaceText) -> bool {
    matches!(
        text.surface(),
        Surface::Text | Surface::Alt | Surface::Caption | Surface::Ocr | Surface::Link
    )
}

/// The text as links are read in it; `None` where no link can be.
fn viewed(text: &SurfaceText, meter: &Meter) -> Result<Option<View>, CheckFailure> {
    let length = text.original().len() as u64;
    meter.spend(length / 16 + 1)?;
    if !may_hold_a_link(text.original()) {
        return Ok(None);
    }
    meter.spend(length.saturating_mul(8))?;
    Ok(Some(View::of(text.original())))
}

/// The address of a link that is to be followed.
fn address(link: &Link, settings: &LinkSettings) -> Option<String> {
    let host = link.host.as_ref()?;
    let open = !link.user_info
        && !host.is_address()
        && !settings.is_trusted(host)
        && !settings.is_denied(host);
    link.address().filter(|_| open)
}

/// What following a link showed; `None` where it is not to be followed.
fn followed<'f>(
    link: &Link,
    facts: &'f LinkFacts,
    settings: &LinkSettings,
) -> Option<Result<&'f LinkFact, LinkFault>> {
    let address = address(link, settings)?;
    Some(match facts.of(&address) {
        Some(fact) => match &fact.fault {
            None => Ok(fact),
            Some(fault) => Err(*fault),
        },
        None => Err(LinkFault::NotFollowed),
    })
}

/// What is wrong behind a link. Where a shortener ends with a host that is trusted, it hides nothing any more.
fn through(fact: &LinkFact, found: &mut [Trick], settings: &LinkSettings) -> Vec<Trick> {
    let mut behind = Vec::new();
    let last = fact.hops.len().saturating_sub(1);
    let mut ends_trusted = false;
    for (index, hop) in fact.hops.iter().enumerate().skip(1) {
        let Some(host) = Host::parse(hop.host.expose()) else {
            continue;
        };
        ends_trusted = index == last && settings.is_trusted(&host);
        for trick in tricks_behind(&host, hop.path.expose(), settings) {
            if !behind.contains(&trick) {
                behind.push(trick);
            }
        }
    }
    if ends_trusted && behind.is_empty() {
        for trick in found.iter_mut().filter(|trick| **trick == Trick::Shortener) {
            *trick = Trick::KnownShortener;
        }
    }
    behind
}

/// Whether a trick is more than a hint.
fn is_grave(trick: &Trick) -> bool {
    !matches!(
        trick,
        Trick::OddPort | Trick::NotHttps | Trick::KnownShortener
    )
}

fn finding(
    text: &SurfaceText,
    view: &View,
    range: std::ops::Range<usize>,
    trick: &Trick,
    leads_on: bool,
) -> Option<Finding> {
    let span = view.original(range)?;
    let (rule, kind, severity, confidence, about) = wording(trick);
    let begin = if leads_on {
        "This link leads on to an address"
    } else {
        "A link"
    };
    let finding = Finding::new(
        CheckName::Links,
        RuleId::fixed(rule),
        Category::UnsafeLink,
        severity,
        confidence,
        format!("{begin} {about}"),
    );
    Some(
        finding
            .with_kind(kind)
            .on(text.surface(), text.media().cloned())
            .at(span, text.slice(span)),
    )
}

type Words = (&'static str, &'static str, Severity, f32, String);

/// Rule, kind, weight and what to say after "A link".
fn wording(trick: &Trick) -> Words {
    use Severity::{High, Info, Medium};
    let (rule, kind, severity, confidence, about) = match trick {
        Trick::Denied => (
            "link-denied",
            "denied",
            High,
            1.0,
            "to a site that the school does not allow",
        ),
        Trick::Script => (
            "link-script",
            "script",
            High,
            0.95,
            "that starts a program instead of opening a page",
        ),
        Trick::UserInfo => (
            "link-user-info",
            "user_info",
            High,
            0.95,
            "that shows one site before an @ sign and opens the one behind it",
        ),
        Trick::Address => (
            "link-ip-address",
            "ip_literal",
            High,
            0.9,
            "to a bare number instead of a name, so nobody can see whose site it is",
        ),
        Trick::Letters => (
            "link-homograph",
            "homograph",
            High,
            0.9,
            "whose name has letters of another alphabet that look like ordinary ones",
        ),
        Trick::LookAlike(known) => {
            let about = format!("that could be taken for {known} and is not");
            return ("link-look-alike", "look_alike", High, 0.85, about);
        }
        Trick::Mismatch(shown) => {
            let about = format!("that shows {shown} and opens another site");
            return ("link-mismatch", "mismatch", High, 0.9, about);
        }
        Trick::Download => (
            "link-download",
            "download",
            High,
            0.9,
            "that downloads a program or an archive instead of opening a page",
        ),
        Trick::Shortener => (
            "link-shortener",
            "shortener",
            Medium,
            0.9,
            "through a shortener, so nobody can see where it leads",
        ),
        Trick::Disguised => (
            "link-disguised",
            "disguised",
            Medium,
            0.8,
            "written so that it does not look like one",
        ),
        Trick::KnownShortener => (
            "link-shortener-followed",
            "shortener",
            Info,
            0.9,
            "through a shortener; it was followed and leads to a site that the school trusts",
        ),
        Trick::OddPort => (
            "link-odd-port",
            "odd_port",
            Info,
            0.9,
            "with an unusual port number",
        ),
        Trick::NotHttps => (
            "link-not-https",
            "not_https",
            Info,
            1.0,
            "without https: what is read and typed there can be seen on the way",
        ),
    };
    (rule, kind, severity, confidence, about.to_owned())
}
