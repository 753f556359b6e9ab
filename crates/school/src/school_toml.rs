//! `school.toml`: what a school says about itself. Reading it needs no other file; whether editors are current
//! staff is asked afterwards, with the staff list.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use schoolgate_model::{Audience, ConfigFault, ReadWords, Staff};
use schoolgate_policy::{
    settings::{PRESETS, preset},
    window::{AppliesTo, Closure, WindowMode, WindowSettings},
};
use serde::Deserialize;
use toml::Spanned;

use crate::toml_file::{at, is_address, is_host, parse, with_choices};

const DIVISIONS: &[&str] = &["england-and-wales", "scotland", "northern-ireland"];

/// A closure longer than this is a slip of the pen, and the search for the next working day would not cross it.
const LONGEST_CLOSURE_DAYS: i32 = 365;

/// An older list is no list.
const LONGEST_LIST_AGE_DAYS: u32 = 366;

/// `[own]`: the school's own details.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// Phone numbers, as written.
    pub phones: Vec<String>,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// Postcodes.
    pub postcodes: Vec<String>,
    /// Addresses, a line each.
    pub addresses: Vec<String>,
    /// Mail and web domains; their subdomains count too.
    pub domains: Vec<String>,
}

/// `[links]`: where links may lead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// Domains that are never a finding, beyond the school's own and the shipped ones.
    pub allow: Vec<String>,
    /// Domains that are always one, except the school's own.
    pub deny: Vec<String>,
    /// Whether the links of drafts are followed before screening.
    pub follow: bool,
}

/// `[pictures]`: what the school asks of the look at its pictures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pictures {
    /// Whether the words in pictures are read.
    pub words: ReadWords,
    /// Whether faces are counted.
    pub head_count: bool,
    /// Whether every clean copy is made of the pixels alone.
    pub re_encode: bool,
    /// How old the pupil list may be, in days; 0 = it does not matter, `None` = nothing was said.
    pub list_max_age_days: Option<u32>,
    /// When the pupil list was brought up to date, and where that stands in the file.
    pub synchronised: Option<(Date, (usize, usize))>,
}

/// One `[[account]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEntry {
    /// The platform, lower case.
    pub platform: String,
    /// The platform's own id.
    pub id: String,
    /// The handle without `@`.
    pub handle: Option<String>,
    /// Staff ids of those who may post.
    pub editors: Vec<String>,
    /// Line and column of the entry in its file.
    pub place: (usize, usize),
}

/// A school's own file, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolFile {
    /// The school's name.
    pub name: String,
    /// A preset of the policy.
    pub preset: Option<String>,
    /// Class names beyond those in the register.
    pub classes: Vec<String>,
    /// Own details.
    pub own: Own,
    /// Where links may lead.
    pub links: Links,
    /// What is asked of the look at pictures.
    pub pictures: Pictures,
    /// The response window's rules, with the bank-holiday division.
    pub window: WindowSettings,
    /// The official accounts.
    pub accounts: Vec<AccountEntry>,
    /// Audience to addresses, in ladder order.
    pub contacts: BTreeMap<Audience, Vec<String>>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawMode {
    #[default]
    AsWritten,
    RollForward,
}

impl From<RawMode> for WindowMode {
    fn from(mode: RawMode) -> Self {
        match mode {
            RawMode::AsWritten => Self::AsWritten,
            RawMode::RollForward => Self::RollForward,
        }
    }
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawAppliesTo {
    #[default]
    All,
    NeedsResponse,
}

impl From<RawAppliesTo> for AppliesTo {
    fn from(applies_to: RawAppliesTo) -> Self {
        match applies_to {
            RawAppliesTo::All => Self::All,
            RawAppliesTo::NeedsResponse => Self::NeedsResponse,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSchool {
    name: Spanned<String>,
    division: Option<Spanned<String>>,
    preset: Option<Spanned<String>>,
    #[serde(default)]
    classes: Vec<Spanned<String>>,
    #[serde(default)]
    own: RawOwn,
    #[serde(default)]
    links: RawLinks,
    #[serde(default)]
    pictures: RawPictures,
    #[serde(default)]
    window: RawWindow,
    #[serde(default)]
    account: Vec<Spanned<RawAccount>>,
    #[serde(default)]
    contacts: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawOwn {
    phones: Vec<Spanned<String>>,
    emails: Vec<Spanned<String>>,
    postcodes: Vec<Spanned<String>>,
    addresses: Vec<Spanned<String>>,
    domains: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawLinks {
    allow: Vec<Spanned<String>>,
    deny: Vec<Spanned<String>>,
    follow: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawPictures {
    words: Option<Spanned<String>>,
    head_count: bool,
    re_encode: bool,
    list_max_age_days: Option<Spanned<i64>>,
    synchronised: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawWindow {
    mode: RawMode,
    applies_to: RawAppliesTo,
    closures: Vec<Spanned<RawClosure>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClosure {
    from: Spanned<String>,
    to: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAccount {
    platform: Spanned<String>,
    id: Spanned<String>,
    handle: Option<Spanned<String>>,
    #[serde(default)]
    editors: Vec<Spanned<String>>,
}

/// Parses and checks a `school.toml`. The error is one fault where the file is not TOML of the right shape, else
/// every fault of it.
pub fn parse_school(file: &str, text: &str) -> Result<SchoolFile, Vec<ConfigFault>> {
    let raw: RawSchool = parse(file, text).map_err(|fault| vec![fault])?;
    let mut checker = Checker {
        file,
        text,
        faults: Vec::new(),
    };
    let school = SchoolFile {
        preset: raw.preset.map(|name| checker.preset(name)),
        classes: checker.filled(raw.classes, "a class name"),
        own: checker.own(raw.own),
        links: checker.links(raw.links),
        pictures: checker.pictures(raw.pictures),
        window: WindowSettings {
            mode: raw.window.mode.into(),
            applies_to: raw.window.applies_to.into(),
            division: checker.division(raw.division),
            closures: checker.closures(raw.window.closures),
        },
        accounts: checker.accounts(raw.account),
        contacts: checker.contacts(raw.contacts),
        name: checker.one_filled(raw.name, "the name"),
    };
    let mut faults = checker.faults;
    faults.sort_by_key(|fault| (fault.line, fault.column));
    if faults.is_empty() {
        Ok(school)
    } else {
        Err(faults)
    }
}

/// Warns of accounts with fewer than two editors who are staff on the day `today` (rule A3).
pub fn editor_warnings(
    file: &str,
    school: &SchoolFile,
    staff: &[Staff],
    today: Date,
) -> Vec<ConfigFault> {
    let current: BTreeSet<&str> = staff
        .iter()
        .filter(|member| member.end_date.is_none_or(|end| end >= today))
        .map(|member| member.id.as_str())
        .collect();
    let mut warnings = Vec::new();
    for account in &school.accounts {
        let editors: BTreeSet<&str> = account
            .editors
            .iter()
            .map(String::as_str)
            .filter(|editor| current.contains(editor))
            .collect();
        if editors.len() < 2 {
            let message = format!(
                "the {} account has {} current staff as editors and needs at least two",
                account.platform,
                editors.len()
            );
            let (line, column) = account.place;
            warnings.push(
                ConfigFault::at(file, line, column, message)
                    .hint("name two members of staff.csv in `editors`"),
            );
        }
    }
    warnings
}

struct Checker<'t> {
    file: &'t str,
    text: &'t str,
    faults: Vec<ConfigFault>,
}

impl Checker<'_> {
    fn place<T>(&self, value: &Spanned<T>, message: impl Into<String>) -> ConfigFault {
        at(self.file, self.text, value.span(), message)
    }

    fn fault<T>(&mut self, value: &Spanned<T>, message: impl Into<String>, hint: &str) {
        let fault = self.place(value, message).hint(hint);
        self.faults.push(fault);
    }

    fn one_filled(&mut self, value: Spanned<String>, what: &str) -> String {
        if value.get_ref().trim().is_empty() {
            let fault = self.place(&value, format!("{what} is empty"));
            self.faults.push(fault);
        }
        value.into_inner().trim().to_owned()
    }

    fn filled(&mut self, values: Vec<Spanned<String>>, what: &str) -> Vec<String> {
        values
            .into_iter()
            .map(|value| self.one_filled(value, what))
            .collect()
    }

    fn preset(&mut self, name: Spanned<String>) -> String {
        if preset(name.get_ref()).is_none() {
            let known: Vec<&str> = PRESETS.iter().map(|(known, _)| *known).collect();
            let fault = self.place(&name, format!("there is no preset `{}`", name.get_ref()));
            self.faults
                .push(with_choices(fault, name.get_ref(), &known));
        }
        name.into_inner()
    }

    fn division(&mut self, division: Option<Spanned<String>>) -> String {
        let Some(division) = division else {
            return DIVISIONS[0].to_owned();
        };
        if !DIVISIONS.contains(&division.get_ref().as_str()) {
            let message = format!("there is no division `{}`", division.get_ref());
            let fault = self.place(&division, message);
            self.faults
                .push(with_choices(fault, division.get_ref(), DIVISIONS));
        }
        division.into_inner()
    }

    fn own(&mut self, own: RawOwn) -> Own {
        for phone in &own.phones {
            let digits = phone.get_ref().chars().filter(char::is_ascii_digit).count();
            if digits < 3 {
                self.fault(
                    phone,
                    "this is not a phone number",
                    "write it with its area code",
                );
            }
        }
        for email in &own.emails {
            if !is_address(email.get_ref().trim()) {
                self.fault(
                    email,
                    "this is not a mail address",
                    "write name@school.example",
                );
            }
        }
        for domain in &own.domains {
            let bare = domain.get_ref().trim().to_lowercase();
            if !is_host(&bare) {
                self.fault(domain, "this is not a domain", "write st-saviours.example");
            } else if is_shared(&bare) {
                let hint = "name single addresses in `emails`";
                self.fault(domain, "this domain is shared with strangers", hint);
            }
        }
        Own {
            phones: plain(own.phones),
            emails: plain(own.emails),
            postcodes: self.filled(own.postcodes, "a postcode"),
            addresses: self.filled(own.addresses, "an address"),
            domains: plain(own.domains),
        }
    }

    fn links(&mut self, links: RawLinks) -> Links {
        let denied: Vec<String> = links.deny.iter().map(|d| domain(d.get_ref())).collect();
        for allowed in &links.allow {
            if denied.contains(&domain(allowed.get_ref())) {
                let hint = "keep it in one of the two lists";
                self.fault(allowed, "this domain is both allowed and denied", hint);
            }
            if is_registry(&domain(allowed.get_ref())) {
                let hint = "name the site itself";
                self.fault(allowed, "anybody can have a site under this domain", hint);
            }
        }
        for written in links.allow.iter().chain(&links.deny) {
            if !is_host(&domain(written.get_ref())) {
                let hint = "write the site without https:// and path, such as st-saviours.example";
                self.fault(written, "this is not a domain", hint);
            }
        }
        Links {
            allow: plain(links.allow),
            deny: plain(links.deny),
            follow: links.follow,
        }
    }

    fn pictures(&mut self, pictures: RawPictures) -> Pictures {
        Pictures {
            words: pictures
                .words
                .map(|words| self.read_words(&words))
                .unwrap_or_default(),
            head_count: pictures.head_count,
            re_encode: pictures.re_encode,
            list_max_age_days: pictures
                .list_max_age_days
                .and_then(|days| self.list_max_age_days(&days)),
            synchronised: pictures.synchronised.and_then(|written| {
                let place = ConfigFault::place(self.text, written.span().start);
                Some((self.date(&written)?, place))
            }),
        }
    }

    fn read_words(&mut self, written: &Spanned<String>) -> ReadWords {
        let known = ReadWords::ALL
            .into_iter()
            .find(|known| known.code() == written.get_ref());
        known.unwrap_or_else(|| {
            let codes: Vec<&str> = ReadWords::ALL.iter().map(|known| known.code()).collect();
            let message = format!("`{}` is not one of {}", written.get_ref(), codes.join(", "));
            let fault = self.place(written, message);
            self.faults
                .push(with_choices(fault, written.get_ref(), &codes));
            ReadWords::Required
        })
    }

    fn list_max_age_days(&mut self, days: &Spanned<i64>) -> Option<u32> {
        let most = i64::from(LONGEST_LIST_AGE_DAYS);
        let allowed = u32::try_from(*days.get_ref())
            .ok()
            .filter(|days| i64::from(*days) <= most);
        if allowed.is_none() {
            let hint = format!("write 1 to {most} days, or 0 where the age does not matter");
            self.fault(days, "this is not an age for a list", &hint);
        }
        allowed
    }

    fn closures(&mut self, closures: Vec<Spanned<RawClosure>>) -> Vec<Closure> {
        let mut ranges = Vec::new();
        for closure in closures {
            let span = closure.span();
            let RawClosure { from, to } = closure.into_inner();
            let (Some(from), Some(to)) = (self.date(&from), self.date(&to)) else {
                continue;
            };
            if from > to {
                let fault = at(
                    self.file,
                    self.text,
                    span,
                    "the closure ends before it begins",
                );
                self.faults.push(fault.hint("swap `from` and `to`"));
            } else if (to - from).get_days() > LONGEST_CLOSURE_DAYS {
                let fault = at(
                    self.file,
                    self.text,
                    span,
                    "the closure is longer than a year",
                );
                self.faults.push(fault.hint("check the years"));
            }
            ranges.push(Closure { from, to });
        }
        ranges
    }

    fn date(&mut self, written: &Spanned<String>) -> Option<Date> {
        let date = written.get_ref().parse().ok();
        if date.is_none() || written.get_ref().len() != 10 {
            self.fault(written, "this is not a date", "write it as 2026-12-21");
        }
        date
    }

    fn accounts(&mut self, accounts: Vec<Spanned<RawAccount>>) -> Vec<AccountEntry> {
        let mut seen = BTreeSet::new();
        let mut entries = Vec::new();
        for account in accounts {
            let place = ConfigFault::place(self.text, account.span().start);
            let account = account.into_inner();
            let id_span = account.id.span();
            let entry = AccountEntry {
                platform: self
                    .one_filled(account.platform, "the platform")
                    .to_lowercase(),
                id: self.one_filled(account.id, "the id"),
                handle: account
                    .handle
                    .map(|handle| self.one_filled(handle, "the handle").replace('@', "")),
                editors: self.filled(account.editors, "an editor"),
                place,
            };
            if !seen.insert((entry.platform.clone(), entry.id.clone())) {
                let fault = at(
                    self.file,
                    self.text,
                    id_span,
                    "this account is listed twice",
                );
                self.faults.push(fault.hint("keep one of them"));
            }
            entries.push(entry);
        }
        entries
    }

    fn contacts(
        &mut self,
        contacts: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    ) -> BTreeMap<Audience, Vec<String>> {
        let known: Vec<&str> = Audience::ALL
            .iter()
            .map(|audience| audience.code())
            .collect();
        let mut audiences = BTreeMap::new();
        for (name, people) in contacts {
            for person in &people {
                if !is_address(person.get_ref().trim()) {
                    self.fault(
                        person,
                        "this is not a mail address",
                        "write name@school.example",
                    );
                }
            }
            match Audience::from_code(name.get_ref()) {
                Some(audience) => {
                    audiences.insert(audience, plain(people));
                }
                None => {
                    let message = format!("there is no audience `{}`", name.get_ref());
                    let fault = self.place(&name, message);
                    self.faults
                        .push(with_choices(fault, name.get_ref(), &known));
                }
            }
        }
        audiences
    }
}

fn plain(values: Vec<Spanned<String>>) -> Vec<String> {
    values
        .into_iter()
        .map(|value| value.into_inner().trim().to_owned())
        .collect()
}

/// A domain as it is compared.
fn domain(written: &str) -> String {
    let small = written.trim().to_lowercase();
    small.strip_prefix("www.").unwrap_or(&small).to_owned()
}

/// Domains under which anybody can register a name.
fn is_registry(domain: &str) -> bool {
    matches!(
        domain,
        "co.uk" | "org.uk" | "me.uk" | "ltd.uk" | "plc.uk" | "net.uk"
    )
}

/// Domains that belong to everybody: as a school's own they would let any private address through.
fn is_shared(domain: &str) -> bool {
    const SUFFIXES: &[&str] = &[
        "co.uk",
        "org.uk",
        "ac.uk",
        "sch.uk",
        "gov.uk",
        "me.uk",
        "ltd.uk",
        "plc.uk",
        "net.uk",
        "nhs.uk",
        "police.uk",
    ];
    const MAIL: &[&str] = &[
        "gmail",
        "googlemail",
        "hotmail",
        "outlook",
        "live",
        "msn",
        "yahoo",
        "ymail",
        "icloud",
        "me",
        "aol",
        "btinternet",
        "sky",
        "talktalk",
        "virginmedia",
        "ntlworld",
        "proton",
        "protonmail",
        "gmx",
        "mail",
    ];
    let bare = domain.trim_start_matches("www.");
    let first = bare.split('.').next().unwrap_or_default();
    let rest = bare.strip_prefix(first).unwrap_or_default();
    SUFFIXES.contains(&bare)
        || (MAIL.contains(&first)
            && matches!(rest, ".com" | ".co.uk" | ".net" | ".me" | ".org" | ".uk"))
}
