//! Hosts that want to be taken for another: look-alike letters, a familiar name in the wrong place, a letter off.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;

use super::{
    host::Host,
    known::{BORROWED, CHEAP, LURES},
    trusted::TRUSTED,
};
use crate::fold::fold;

/// Names shorter than this are a letter away from too many honest ones.
const LONG_NAME: usize = 8;
/// Names shorter than this are not compared by shape.
const SHAPED_NAME: usize = 4;

/// Why a host is not what it seems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Letters of another script that look like Latin ones.
    Letters,
    /// It could be taken for this host.
    Host(String),
}

/// One host whose name is watched.
#[derive(Debug, Clone)]
struct Known {
    host: String,
    /// The host with hyphens for dots.
    hyphened: String,
    name: String,
    suffix: String,
    /// Whether it is the school's own.
    own: bool,
}

/// The hosts whose names are watched.
#[derive(Debug, Clone, Default)]
pub(super) struct Watched {
    hosts: Vec<Known>,
    /// The shape of a name to the hosts that have it.
    shapes: HashMap<String, Vec<usize>>,
    /// The shape of a whole host, its dots left out, to the host, where that is long enough.
    joined: HashMap<String, usize>,
    /// Hosts by the length of their name in letters, for names long enough to be a letter off.
    by_length: HashMap<usize, Vec<usize>>,
}

impl Watched {
    pub(super) fn new(own: &[String]) -> Self {
        let mut watched = Self::default();
        for host in own.iter().filter_map(|own| Host::parse(own)) {
            watched.add(&host, true);
        }
        for host in TRUSTED.iter().filter_map(|host| Host::parse(host)) {
            watched.add(&host, false);
        }
        watched
    }

    fn add(&mut self, host: &Host, own: bool) {
        let (name, suffix) = host.name_and_suffix();
        let (index, letters) = (self.hosts.len(), name.chars().count());
        if letters >= SHAPED_NAME {
            self.shapes.entry(shape(name)).or_default().push(index);
        }
        if letters >= LONG_NAME {
            self.by_length.entry(letters).or_default().push(index);
        }
        // "oak.school" without its dot is an honest name
        if host.as_str().len() >= LONG_NAME && !matches!(suffix, "school" | "academy") {
            let joined = shape(&host.as_str().replace('.', ""));
            self.joined.entry(joined).or_insert(index);
        }
        self.hosts.push(Known {
            host: host.as_str().to_owned(),
            hyphened: host.as_str().replace('.', "-"),
            name: name.to_owned(),
            suffix: suffix.to_owned(),
            own,
        });
    }

    /// What the host could be taken for. The caller has seen to it that it is none of the watched ones itself.
    pub(super) fn likeness(&self, host: &Host) -> Option<Likeness> {
        let readable = readable(host.as_str());
        if !readable.is_ascii() {
            return self.foreign(&readable);
        }
        self.misplaced(host.as_str())
            .or_else(|| self.hyphened(host))
            .or_else(|| self.shaped(host))
            .or_else(|| self.letter_off(host))
            .or_else(|| borrowed(host))
            .map(Likeness::Host)
    }

    /// Letters of other scripts: a familiar host in disguise, or a name of mixed scripts.
    fn foreign(&self, host: &str) -> Option<Likeness> {
        let plain = Host::parse(&host.split('.').map(latin).collect::<Vec<_>>().join("."))?;
        let is = |known: &str| plain.is_within(known);
        if let Some(known) = self.hosts.iter().find(|known| is(&known.host)) {
            return Some(Likeness::Host(known.host.clone()));
        }
        let latin_ending = host.rsplit('.').next().is_some_and(str::is_ascii);
        let odd = |label: &str| mixes_scripts(label) || latin_ending && hides_latin(label);
        let odd = host.split('.').any(odd);
        if odd {
            return Some(Likeness::Letters);
        }
        self.shaped(&plain).map(Likeness::Host)
    }

    /// `bbc.co.uk.evil.example`, `www.gov.uk-refund.example`: a familiar host to the left of the real one.
    fn misplaced(&self, host: &str) -> Option<String> {
        let labels = from_parts(host, b'.');
        let found = self.hosts.iter().find(|known| {
            labels.iter().any(|from| {
                let rest = from.strip_prefix(known.host.as_str());
                rest.is_some_and(|rest| rest.starts_with(['.', '-']))
            })
        });
        found.map(|known| known.host.clone())
    }

    /// `gov-uk.example`, `www-bbc-co-uk.example`: a familiar host with hyphens for dots.
    fn hyphened(&self, host: &Host) -> Option<String> {
        let labels = host.as_str().split('.').filter(|label| label.contains('-'));
        let labels: Vec<_> = labels.map(|label| from_parts(label, b'-')).collect();
        let found = self.hosts.iter().find(|known| {
            let own_name = known.own && known.name.len() >= SHAPED_NAME;
            labels.iter().any(|parts| {
                is_part(parts, &known.hyphened) || own_name && lured(parts[0], &known.name)
            })
        });
        found.map(|known| known.host.clone())
    }

    /// `faceb00k.example`, `st-hi1das.example`: the same shape in other signs.
    fn shaped(&self, host: &Host) -> Option<String> {
        let (name, suffix) = host.name_and_suffix();
        let shape = shape(name);
        if let Some(index) = self.joined.get(&shape) {
            return self.hosts.get(*index).map(|known| known.host.clone());
        }
        self.shapes.get(&shape)?.iter().find_map(|index| {
            let known = self.hosts.get(*index)?;
            let bare = |name: &str| name.replace('-', "");
            // a hyphen more or less, or another suffix, may be somebody else's honest name
            let only_hyphens = bare(name) == bare(&known.name);
            let deceives = !only_hyphens || name != known.name && suffix == known.suffix;
            deceives.then(|| known.host.clone())
        })
    }

    /// `parentpy.com`: one letter off a long name, under the same suffix. A plural is somebody else's.
    fn letter_off(&self, host: &Host) -> Option<String> {
        let (name, suffix) = host.name_and_suffix();
        let letters = name.chars().count();
        let near = (letters.saturating_sub(1)..=letters + 1)
            .filter_map(|length| self.by_length.get(&length));
        near.flatten().find_map(|index| {
            let known = self.hosts.get(*index)?;
            let plural = |a: &str, b: &str| a.strip_suffix('s') == Some(b) && !b.ends_with('s');
            let off = suffix == known.suffix
                && !plural(name, &known.name)
                && !plural(&known.name, name)
                && strsim::osa_distance(name, &known.name) == 1;
            off.then(|| known.host.clone())
        })
    }
}

/// `paypal-login.example`, `facebook.secure-account.example`, `facebook.xyz`: a name that others cannot have.
fn borrowed(host: &Host) -> Option<String> {
    let (name, suffix) = host.name_and_suffix();
    let below = host
        .as_str()
        .strip_suffix(host.registered())
        .unwrap_or_default();
    let words = || name.split('-').chain(below.split(['.', '-']));
    let brand = words().find(|word| BORROWED.contains(word))?;
    let lures = words().any(|word| LURES.contains(&word));
    let cheap = name == brand && CHEAP.contains(&suffix);
    (lures || cheap).then(|| (*brand).to_owned())
}

/// The text from each of its parts on, the first one whole.
fn from_parts(text: &str, mark: u8) -> Vec<&str> {
    let behind = memchr::memchr_iter(mark, text.as_bytes()).map(|at| at + 1);
    std::iter::once(0)
        .chain(behind)
        .map(|at| &text[at..])
        .collect()
}

/// Whether a label is the hyphened host, alone or between hyphens. The label is given from each of its parts on.
fn is_part(parts: &[&str], joined: &str) -> bool {
    parts.iter().any(|from| {
        let rest = from.strip_prefix(joined);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}

/// Whether a label is the school's own name with a word that asks for a password or money.
fn lured(label: &str, name: &str) -> bool {
    let rest = label
        .strip_prefix(name)
        .and_then(|rest| rest.strip_prefix('-'))
        .or_else(|| {
            label
                .strip_suffix(name)
                .and_then(|rest| rest.strip_suffix('-'))
        });
    rest.is_some_and(|rest| rest.split('-').any(|word| LURES.contains(&word)))
}

/// A name reduced to what the eye sees: `0` and `o` are the same, and so are `rn` and `m`.
fn shape(name: &str) -> String {
    let joined: String = name
        .chars()
        .filter(|c| *c != '-' && *c != '_')
        .map(|c| match c {
            '0' => 'o',
            '1' | 'i' | '|' => 'l',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '7' => 't',
            '8' => 'b',
            c => c,
        })
        .collect();
    joined.replace("rn", "m").replace("vv", "w")
}

/// A host with its `xn--` labels in the letters that a browser shows.
pub(super) fn readable(host: &str) -> String {
    let label = |label: &str| {
        let decoded = label
            .strip_prefix("xn--")
            .and_then(idna::punycode::decode_to_string);
        decoded.unwrap_or_else(|| label.to_owned()).to_lowercase()
    };
    host.split('.').map(label).collect::<Vec<_>>().join(".")
}

/// A label in Latin letters, as it is read at a glance.
fn latin(label: &str) -> String {
    let folded = fold(label).text().to_owned();
    folded.chars().map(|c| latin_twin(c).unwrap_or(c)).collect()
}

/// Letters of other scripts and the Latin ones they are taken for.
const TWINS: &[(&str, char)] = &[
    ("аα", 'a'),
    ("ьв", 'b'),
    ("сϲ", 'c'),
    ("ԁ", 'd'),
    ("еєε", 'e'),
    ("ց", 'g'),
    ("һհ", 'h'),
    ("іι", 'i'),
    ("јϳ", 'j'),
    ("кκ", 'k'),
    ("ӏ", 'l'),
    ("м", 'm'),
    ("пոη", 'n'),
    ("оοօ", 'o'),
    ("рρ", 'p'),
    ("ԛզ", 'q'),
    ("г", 'r'),
    ("ѕ", 's'),
    ("тτ", 't'),
    ("υս", 'u'),
    ("νѵ", 'v'),
    ("ԝω", 'w'),
    ("хχ", 'x'),
    ("уүγ", 'y'),
];

/// The Latin letter that a Cyrillic, Greek or Armenian one is taken for.
fn latin_twin(c: char) -> Option<char> {
    let found = TWINS.iter().find(|(foreign, _)| foreign.contains(c));
    found.map(|(_, twin)| *twin)
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
    Armenian,
    Other,
}

fn script(c: char) -> Option<Script> {
    match c {
        'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Some(Script::Latin),
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some(Script::Greek),
        '\u{400}'..='\u{52f}' => Some(Script::Cyrillic),
        '\u{530}'..='\u{58f}' => Some(Script::Armenian),
        c if c.is_alphabetic() => Some(Script::Other),
        _ => None,
    }
}

/// Whether a label has Latin letters next to Greek, Cyrillic or Armenian ones; with Japanese they stand honestly.
fn mixes_scripts(label: &str) -> bool {
    let scripts: Vec<Script> = label.nfc().filter_map(script).collect();
    let has = |wanted: Script| scripts.contains(&wanted);
    [Script::Cyrillic, Script::Greek, Script::Armenian]
        .into_iter()
        .filter(|s| has(*s))
        .count()
        + usize::from(has(Script::Latin))
        > 1
}

/// Whether every letter of a label is a foreign one that is taken for a Latin one.
fn hides_latin(label: &str) -> bool {
    let mut letters = label.nfc().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some()
        && label.chars().count() > 2
        && letters.all(|c| !c.is_ascii() && latin_twin(c).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_for(host: &str) -> Option<Likeness> {
        let own = ["st-hildas.example".to_owned()];
        Watched::new(&own).likeness(&Host::parse(host).unwrap())
    }

    #[test]
    fn copies_of_familiar_hosts_are_seen() {
        for (host, known) in [
            ("bbc.co.uk.evil.example", "bbc.co.uk"),
            ("www.gov.uk-refund.example", "gov.uk"),
            (
                "st-hildas.example.parent-verify.example",
                "st-hildas.example",
            ),
            ("gov-uk.example", "gov.uk"),
            ("www-bbc-co-uk.example", "bbc.co.uk"),
            ("faceb00k.example", "facebook.com"),
            ("paypa1.com", "paypal.com"),
            ("rnicrosoft.com", "microsoft.com"),
            ("st-hi1das.example", "st-hildas.example"),
            ("sthildas.example", "st-hildas.example"),
            ("sthi1das-example.com", "st-hildas.example"),
            ("st-hildass.example", "st-hildas.example"),
            ("st-hildas-login.example", "st-hildas.example"),
            ("parentpy.com", "parentpay.com"),
            ("faecbook.com", "facebook.com"),
            ("natwest-secure.example", "natwest"),
            ("facebook.account-verify.example", "facebook"),
            ("roblox.xyz", "roblox"),
            ("fаcebook.com", "facebook.com"),
            ("xn--fcebook-2fg.com", "facebook.com"),
        ] {
            assert_eq!(
                taken_for(host),
                Some(Likeness::Host(known.to_owned())),
                "{host}"
            );
        }
        for host in ["exаmple-shop.com", "аррӏе.xyz", "οmega.example"] {
            assert_eq!(taken_for(host), Some(Likeness::Letters), "{host}");
        }
    }

    #[test]
    fn honest_neighbours_are_left_alone() {
        for host in [
            "st-johns.example",
            "st-hilda.example",
            "st-hildas-pta.example",
            "st-hildas.org",
            "sthildas.org.uk",
            "münchen.de",
            "café-rosa.example",
            "правительство.рф",
            "例え.jp",
            "facebook.de",
            "paypal.me",
            "google.fr",
            "barclaycard.co.uk",
            "parentpays.com",
            "theguardians.com",
            "visitlincoln.com",
            "sky-blue.example",
            "nhsproviders.org",
            "nhs-heroes.org",
            "bbcearth.com",
            "skyscanner.net",
            "amazonrainforest.org",
            "ministryofsport.com",
            "wexbournefc.co.uk",
            "mybank.co.uk",
            "live-music.co.uk",
            "office-angels.com",
            "scouts.example",
            "thenationalacademy.example",
        ] {
            assert_eq!(taken_for(host), None, "{host}");
        }
    }
}
