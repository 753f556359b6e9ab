//! The file `schoolgate.toml`: its keys, its checks, the place of every fault.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use schoolgate_model::{ConfigFault, Redacted, SchoolId};
use serde::Deserialize;
use toml::Spanned;

use super::{
    BROKER_HINT, BucketKeys, DATABASE_HINT, DEFAULT_DATA, DEFAULT_LISTEN, FILE, LISTEN_HINT,
    LogFormat, MailRoute, MailSettings, Right, ServiceSettings, Token, database_scheme, is_broker,
};
use crate::toml_file::{SLUG_HINT, at, is_address, is_slug, parse, utf8, with_choices};

/// The region where none is named: London.
const DEFAULT_REGION: &str = "eu-west-2";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawService {
    database: Option<Spanned<String>>,
    broker: Option<Spanned<String>>,
    broker_password_file: Option<Spanned<String>>,
    broker_ca_file: Option<Spanned<String>>,
    listen: Option<Spanned<String>>,
    data: Option<Spanned<String>>,
    #[serde(default)]
    log_format: LogFormat,
    #[serde(default)]
    media: RawMedia,
    mail: Option<Spanned<RawMail>>,
    #[serde(default)]
    http: RawHttp,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawMedia {
    root: Option<Spanned<String>>,
    store: Option<Spanned<String>>,
    s3: Option<Spanned<RawBucket>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBucket {
    bucket: Spanned<String>,
    region: Option<Spanned<String>>,
    endpoint: Option<Spanned<String>>,
    prefix: Option<Spanned<String>>,
    path_style: Option<bool>,
    access_key: Spanned<String>,
    secret_key_file: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMail {
    smtp: Option<Spanned<String>>,
    folder: Option<Spanned<String>>,
    from: Spanned<String>,
    user: Option<Spanned<String>>,
    password_file: Option<Spanned<String>>,
    public_url: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawHttp {
    #[serde(default)]
    token: Vec<Spanned<RawToken>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawToken {
    name: Spanned<String>,
    sha256: Spanned<String>,
    school: Spanned<String>,
    rights: Spanned<Vec<Spanned<String>>>,
}

pub(super) fn read(config_dir: &Path, bytes: &[u8]) -> Result<ServiceSettings, Vec<ConfigFault>> {
    let text = utf8(FILE, bytes).map_err(|fault| vec![fault])?;
    let raw: RawService = parse(FILE, text).map_err(|fault| vec![fault])?;
    let mut checker = Checker {
        text,
        base: config_dir,
        faults: Vec::new(),
    };
    let settings = ServiceSettings {
        data: checker
            .path(raw.data)
            .unwrap_or_else(|| PathBuf::from(DEFAULT_DATA)),
        database: checker.database(raw.database),
        broker: checker.broker(raw.broker),
        broker_password_file: checker.path(raw.broker_password_file),
        broker_ca_file: checker.path(raw.broker_ca_file),
        listen: checker.listen(raw.listen),
        media_root: checker.path(raw.media.root),
        bucket: checker.media_store(raw.media.store, raw.media.s3),
        mail: checker.mail(raw.mail),
        tokens: checker.tokens(raw.http.token),
        log_format: raw.log_format,
    };
    let mut faults = checker.faults;
    faults.sort_by_key(|fault| (fault.line, fault.column));
    if faults.is_empty() {
        Ok(settings)
    } else {
        Err(faults)
    }
}

/// Whether a URL carries a password: `scheme://user:password@host` or a `password=` parameter.
fn has_password(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (before_query, query) = rest.split_once('?').unwrap_or((rest, ""));
    let login = before_query.rsplit_once('@').map_or("", |(login, _)| login);
    login.contains(':') || query.split('&').any(|pair| pair.starts_with("password="))
}

struct Checker<'t> {
    text: &'t str,
    base: &'t Path,
    faults: Vec<ConfigFault>,
}

impl Checker<'_> {
    fn fault<T>(&mut self, value: &Spanned<T>, message: impl Into<String>, hint: &str) {
        let fault = at(FILE, self.text, value.span(), message).hint(hint);
        self.faults.push(fault);
    }

    fn filled(&mut self, value: Spanned<String>, what: &str) -> String {
        if value.get_ref().trim().is_empty() {
            let fault = at(FILE, self.text, value.span(), format!("{what} is empty"));
            self.faults.push(fault);
        }
        value.into_inner().trim().to_owned()
    }

    fn path(&mut self, value: Option<Spanned<String>>) -> Option<PathBuf> {
        let path = self.filled(value?, "the path");
        Some(self.base.join(path))
    }

    fn database(&mut self, value: Option<Spanned<String>>) -> Option<Redacted<String>> {
        let value = value?;
        let url = value.get_ref().clone();
        match database_scheme(&url) {
            None => self.fault(&value, "this is not a store", DATABASE_HINT),
            Some(_) if has_password(&url) => {
                let hint = "set SCHOOLGATE_DATABASE in the environment instead";
                self.fault(&value, "a password does not belong in this file", hint);
            }
            Some(_) => {}
        }
        let file = url
            .strip_prefix("sqlite://")
            .filter(|file| !file.starts_with(':'));
        Some(Redacted::new(match file {
            Some(file) => format!("sqlite://{}", self.base.join(file).display()),
            None => url,
        }))
    }

    fn broker(&mut self, value: Option<Spanned<String>>) -> Option<Redacted<String>> {
        let value = value?;
        let url = value.get_ref().trim().to_owned();
        if !is_broker(&url) {
            self.fault(&value, "this is not a broker", BROKER_HINT);
        } else if has_password(&url) {
            let hint = "name its file with `broker_password_file`, or set SCHOOLGATE_BROKER in the environment instead";
            self.fault(&value, "a password does not belong in this file", hint);
        }
        Some(Redacted::new(url))
    }

    fn listen(&mut self, value: Option<Spanned<String>>) -> SocketAddr {
        let Some(value) = value else {
            return DEFAULT_LISTEN;
        };
        value.get_ref().trim().parse().unwrap_or_else(|_| {
            self.fault(&value, "this is not an address", LISTEN_HINT);
            DEFAULT_LISTEN
        })
    }

    /// The bucket, where `store = "s3"` asks for one. One that is described and not asked for is a fault: somebody believes
    /// that it is used.
    fn media_store(
        &mut self,
        store: Option<Spanned<String>>,
        bucket: Option<Spanned<RawBucket>>,
    ) -> Option<BucketKeys> {
        let kind = store
            .as_ref()
            .map_or_else(|| "file".to_owned(), |store| store.get_ref().clone());
        match (kind.as_str(), bucket) {
            ("s3", Some(bucket)) => self.bucket(bucket.into_inner()),
            ("file", None) => None,
            ("file", Some(bucket)) => {
                let why = "the bucket of [media.s3] is not used";
                let fault = at(FILE, self.text, bucket.span(), why);
                self.faults
                    .push(fault.hint("write store = \"s3\" in [media], or take it out"));
                None
            }
            (kind, _) => {
                let store = store?;
                if kind == "s3" {
                    let hint = "describe it in [media.s3]: bucket, access_key, secret_key_file";
                    self.fault(&store, "there is no bucket to keep pictures in", hint);
                } else {
                    let why = format!("pictures cannot be kept in `{kind}`");
                    let fault = at(FILE, self.text, store.span(), why);
                    self.faults.push(with_choices(fault, kind, &["file", "s3"]));
                }
                None
            }
        }
    }

    fn bucket(&mut self, raw: RawBucket) -> Option<BucketKeys> {
        if let Some(endpoint) = &raw.endpoint
            && !is_endpoint(endpoint.get_ref())
        {
            self.fault(
                endpoint,
                "this is not the address of a service that may keep pictures",
                "write https://s3.example; plain http is for this machine only",
            );
        }
        let text = |value: Option<Spanned<String>>| value.map(Spanned::into_inner);
        Some(BucketKeys {
            name: self.filled(raw.bucket, "the bucket's name"),
            region: text(raw.region).unwrap_or_else(|| DEFAULT_REGION.to_owned()),
            path_style: raw.path_style.unwrap_or(raw.endpoint.is_some()),
            endpoint: text(raw.endpoint),
            prefix: text(raw.prefix).unwrap_or_default(),
            access_key: self.filled(raw.access_key, "the key's name"),
            secret_key_file: self.path(raw.secret_key_file),
            secret: None,
        })
    }

    fn mail(&mut self, value: Option<Spanned<RawMail>>) -> Option<MailSettings> {
        let value = value?;
        let span = value.span();
        let mail = value.into_inner();
        if mail.user.is_some() != mail.password_file.is_some() {
            let fault = at(
                FILE,
                self.text,
                span.clone(),
                "`user` and `password_file` belong together",
            );
            self.faults.push(fault.hint("set both or neither"));
        }
        if !is_address(mail.from.get_ref().trim()) {
            self.fault(
                &mail.from,
                "this is not a mail address",
                "write name@school.example",
            );
        }
        let route = match (mail.smtp, mail.folder) {
            (Some(server), None) => Some(MailRoute::Smtp(self.server(server))),
            (None, folder @ Some(_)) => self.path(folder).map(MailRoute::Folder),
            _ => {
                let fault = at(
                    FILE,
                    self.text,
                    span,
                    "mail needs one of `smtp` and `folder`",
                );
                self.faults.push(fault.hint("set exactly one of them"));
                None
            }
        };
        Some(MailSettings {
            route: route?,
            from: mail.from.into_inner().trim().to_owned(),
            user: mail.user.map(|user| self.filled(user, "the user")),
            password_file: self.path(mail.password_file),
            public_url: mail.public_url.map(|url| self.public_url(url)),
        })
    }

    fn server(&mut self, server: Spanned<String>) -> String {
        let url = server.get_ref().trim().to_owned();
        let rest = url
            .strip_prefix("smtp://")
            .or_else(|| url.strip_prefix("smtps://"));
        if has_password(&url) {
            let hint = "use `user` and `password_file`";
            self.fault(&server, "a password does not belong in this file", hint);
        } else if !rest.is_some_and(is_host_and_port) {
            self.fault(
                &server,
                "this is not a mail server",
                "write smtp://host:port",
            );
        }
        url
    }

    fn public_url(&mut self, url: Spanned<String>) -> String {
        let written = url.get_ref().trim();
        let host = written
            .strip_prefix("https://")
            .or_else(|| written.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.contains([' ', '?', '#', '@'])) {
            let hint = "write https://schoolgate.school.example";
            self.fault(&url, "this is not the beginning of a link", hint);
        }
        url.get_ref().trim().trim_end_matches('/').to_owned()
    }

    fn tokens(&mut self, raw: Vec<Spanned<RawToken>>) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::new();
        for token in raw {
            let place = ConfigFault::place(self.text, token.span().start);
            let token = token.into_inner();
            if tokens
                .iter()
                .any(|other| other.name == token.name.get_ref().trim())
            {
                self.fault(
                    &token.name,
                    "two tokens have this name",
                    "give each its own",
                );
            }
            if !is_sha256(token.sha256.get_ref().trim()) {
                let hint = "64 hexadecimal digits, from `printf %s TOKEN | sha256sum`";
                self.fault(&token.sha256, "this is not a SHA-256", hint);
            }
            if !is_slug(token.school.get_ref().trim()) {
                self.fault(
                    &token.school,
                    "this is not a school's folder name",
                    SLUG_HINT,
                );
            }
            tokens.push(Token {
                sha256: token.sha256.into_inner().trim().to_lowercase(),
                school: SchoolId::new(token.school.into_inner().trim()),
                rights: self.rights(token.rights),
                name: self.filled(token.name, "the name"),
                place,
            });
        }
        tokens
    }

    fn rights(&mut self, rights: Spanned<Vec<Spanned<String>>>) -> Vec<Right> {
        if rights.get_ref().is_empty() {
            self.fault(
                &rights,
                "the token may do nothing",
                "one of: submit, read, decide",
            );
        }
        let mut allowed = Vec::new();
        for right in rights.into_inner() {
            match right.get_ref().as_str() {
                "submit" => allowed.push(Right::Submit),
                "read" => allowed.push(Right::Read),
                "decide" => allowed.push(Right::Decide),
                word => {
                    let fault = at(
                        FILE,
                        self.text,
                        right.span(),
                        format!("there is no right `{word}`"),
                    );
                    self.faults
                        .push(with_choices(fault, word, &["submit", "read", "decide"]));
                }
            }
        }
        allowed.sort_unstable();
        allowed.dedup();
        allowed
    }
}

/// An address of a bucket's service: encrypted, or on this machine.
fn is_endpoint(url: &str) -> bool {
    let host = |rest: &str| {
        let end = rest.find('/').unwrap_or(rest.len());
        rest[..end].to_owned()
    };
    if let Some(rest) = url.strip_prefix("https://") {
        return !host(rest).is_empty() && !host(rest).contains('@');
    }
    url.strip_prefix("http://").is_some_and(|rest| {
        let host = host(rest);
        let name = host
            .rsplit_once(':')
            .map_or(host.as_str(), |(name, _)| name);
        matches!(name, "127.0.0.1" | "localhost" | "[::1]")
    })
}

fn is_host_and_port(rest: &str) -> bool {
    let rest = rest.trim_end_matches('/');
    let (host, port) = rest.rsplit_once(':').unwrap_or((rest, "25"));
    !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || "-.[]:".contains(c))
        && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}
