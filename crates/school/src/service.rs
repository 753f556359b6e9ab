//! `schoolgate.toml`: how the service runs, with environment over file over compiled-in defaults. Flags are the
//! binary's; secrets are only referred to here, never written.

mod bucket;
mod file;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
};

pub use bucket::BucketKeys;
use schoolgate_model::{ConfigFault, Redacted, SchoolId};
use serde::Deserialize;

/// The commented sample: every setting with its default, as `schoolgate init` writes it.
pub const SAMPLE: &str = include_str!("../../../config/schoolgate.toml");

const FILE: &str = "schoolgate.toml";
const DEFAULT_DATA: &str = "data";
const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Hand in items and events.
    Submit,
    /// Read verdicts and cleaned pictures.
    Read,
    /// Decide as a moderator would.
    Decide,
}

/// One bearer token of the HTTP API. Only its fingerprint is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What people call it; shown in the audit trail.
    pub name: String,
    /// SHA-256 of the token, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// The one school that it is for.
    pub school: SchoolId,
    /// What it may do.
    pub rights: Vec<Right>,
    /// Line and column in the file.
    pub place: (usize, usize),
}

/// Where alert mails go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailRoute {
    /// A mail server: `smtp://host:port` (STARTTLS where offered) or `smtps://host:port`.
    Smtp(String),
    /// A folder that gets one `.eml` file for each mail.
    Folder(PathBuf),
}

/// `[mail]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// Server or folder.
    pub route: MailRoute,
    /// The sender's address.
    pub from: String,
    /// The name to sign in with.
    pub user: Option<String>,
    /// Where the password is.
    pub password_file: Option<PathBuf>,
    /// What links in mails begin with, without a slash at the end.
    pub public_url: Option<String>,
}

/// Everything that `schoolgate.toml` and the environment say.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceSettings {
    /// The folder of store and media.
    pub data: PathBuf,
    /// `sqlite://FILE` or `postgres://...`; `None` = `schoolgate.db` in the data folder, whatever that ends up to be.
    pub database: Option<Redacted<String>>,
    /// `amqp://...` or `amqps://...`; `None` = no broker. Without the password where that stands in a file.
    pub broker: Option<Redacted<String>>,
    /// Where the broker's password is.
    pub broker_password_file: Option<PathBuf>,
    /// The certificate authority of the broker, where it is a private one: PEM.
    pub broker_ca_file: Option<PathBuf>,
    /// Where the console and the HTTP API listen.
    pub listen: SocketAddr,
    /// Pictures named by `path` lie below this folder.
    pub media_root: Option<PathBuf>,
    /// The bucket of clean copies; `None` = they are kept in the data folder.
    pub bucket: Option<BucketKeys>,
    /// How alerts are mailed; `None` = not at all, which `doctor` shows as a fault.
    pub mail: Option<MailSettings>,
    /// The tokens of the HTTP API.
    pub tokens: Vec<Token>,
    /// How log lines are written.
    pub log_format: LogFormat,
}

impl fmt::Debug for ServiceSettings {
    /// Leaves tokens out: their fingerprints are nobody's business in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceSettings")
            .field("data", &self.data)
            .field("listen", &self.listen)
            .field("media_root", &self.media_root)
            .field("log_format", &self.log_format)
            .field("tokens", &self.tokens.len())
            .finish_non_exhaustive()
    }
}

impl Default for ServiceSettings {
    fn default() -> Self {
        Self {
            data: PathBuf::from(DEFAULT_DATA),
            database: None,
            broker: None,
            broker_password_file: None,
            broker_ca_file: None,
            listen: DEFAULT_LISTEN,
            media_root: None,
            bucket: None,
            mail: None,
            tokens: Vec::new(),
            log_format: LogFormat::Text,
        }
    }
}

impl ServiceSettings {
    /// Reads `schoolgate.toml`, where there is one, and puts the environment on top. Relative paths of the file start
    /// at the configuration folder, those of the environment at the current one.
    ///
    /// # Errors
    /// Every fault of the file and the environment.
    pub fn load(
        config_dir: &Path,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Vec<ConfigFault>> {
        let mut settings = Self::default();
        let mut faults = Vec::new();
        match std::fs::read(config_dir.join(FILE)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => faults.push(ConfigFault::whole(
                FILE,
                format!("cannot be read: {}", error.kind()),
            )),
            Ok(bytes) => match file::read(config_dir, &bytes) {
                Ok(read) => settings = read,
                Err(found) => faults.extend(found),
            },
        }
        faults.extend(settings.overlay(env));
        if faults.is_empty() {
            Ok(settings)
        } else {
            Err(faults)
        }
    }

    /// The store's URL.
    pub fn database_url(&self) -> Redacted<String> {
        self.database.clone().unwrap_or_else(|| {
            Redacted::new(format!(
                "sqlite://{}",
                self.data.join("schoolgate.db").display()
            ))
        })
    }

    /// Pictures named by `path` lie below this folder: `inbox` in the data folder where nothing else is said.
    pub fn inbox(&self) -> PathBuf {
        self.media_root
            .clone()
            .unwrap_or_else(|| self.data.join("inbox"))
    }

    /// The broker's URL with its password, which is read from its file here.
    ///
    /// # Errors
    /// The password file cannot be read or is empty.
    pub fn broker_url(&self) -> Result<Option<Redacted<String>>, ConfigFault> {
        let (Some(url), Some(path)) = (&self.broker, &self.broker_password_file) else {
            return Ok(self.broker.clone());
        };
        let password = secret_in(path)?;
        Ok(Some(Redacted::new(with_password(
            url.expose(),
            password.expose(),
        ))))
    }

    /// Faults of tokens whose school is not configured.
    pub fn token_faults(&self, is_school: impl Fn(&SchoolId) -> bool) -> Vec<ConfigFault> {
        self.tokens
            .iter()
            .filter(|token| !is_school(&token.school))
            .map(|token| {
                let message = format!(
                    "the token is for `{}`, which is not configured",
                    token.school
                );
                ConfigFault::at(FILE, token.place.0, token.place.1, message)
                    .hint("name a folder under schools/")
            })
            .collect()
    }

    /// Faults of a door that people reach from elsewhere: without tokens the API answers this machine, and behind a
    /// proxy everybody could look like it.
    pub fn door_faults(&self) -> Vec<ConfigFault> {
        let mail = self.mail.as_ref();
        let url = mail.and_then(|mail| mail.public_url.as_deref());
        let is_public = url.is_some_and(|url| url.starts_with("https://"));
        if !is_public || !self.tokens.is_empty() {
            return Vec::new();
        }
        let message = "the console is reached over https (`public_url`), but there are no tokens, so the API would be \
                       open to whoever reaches the proxy";
        vec![
            ConfigFault::whole(FILE, message)
                .hint("add one [[http.token]], or take `public_url` out to use this machine only"),
        ]
    }

    /// Puts the environment on top. An empty variable counts as none.
    fn overlay(&mut self, env: &dyn Fn(&str) -> Option<String>) -> Vec<ConfigFault> {
        let set = |name: &str| env(name).filter(|value| !value.trim().is_empty());
        let mut faults = Vec::new();
        if let Some(data) = set("SCHOOLGATE_DATA") {
            self.data = PathBuf::from(data);
        }
        if let Some(database) = set("SCHOOLGATE_DATABASE") {
            match database_scheme(&database) {
                Some(_) => self.database = Some(Redacted::new(database)),
                None => faults.push(
                    ConfigFault::whole("SCHOOLGATE_DATABASE", "this is not a store")
                        .hint(DATABASE_HINT),
                ),
            }
        }
        if let Some(broker) = set("SCHOOLGATE_BROKER") {
            if is_broker(&broker) {
                self.broker = Some(Redacted::new(broker));
                // the environment says everything, or the file does
                self.broker_password_file = None;
            } else {
                faults.push(
                    ConfigFault::whole("SCHOOLGATE_BROKER", "this is not a broker")
                        .hint(BROKER_HINT),
                );
            }
        }
        if let Some(bucket) = &mut self.bucket
            && let Some(secret) = set("SCHOOLGATE_MEDIA_SECRET_KEY")
        {
            bucket.secret = Some(Redacted::new(secret.trim().to_owned()));
        }
        if let Some(listen) = set("SCHOOLGATE_LISTEN") {
            match listen.trim().parse() {
                Ok(listen) => self.listen = listen,
                Err(_) => faults.push(
                    ConfigFault::whole("SCHOOLGATE_LISTEN", "this is not an address")
                        .hint(LISTEN_HINT),
                ),
            }
        }
        faults
    }
}

impl MailSettings {
    /// Reads the password from its file, without the line break at the end.
    ///
    /// # Errors
    /// The file cannot be read or is empty.
    pub fn password(&self) -> Result<Option<Redacted<String>>, ConfigFault> {
        let Some(path) = &self.password_file else {
            return Ok(None);
        };
        secret_in(path).map(Some)
    }
}

/// Reads a secret from its file, without the line break at the end.
fn secret_in(path: &Path) -> Result<Redacted<String>, ConfigFault> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        ConfigFault::whole(
            &shown,
            format!("the password cannot be read: {}", error.kind()),
        )
    })?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(ConfigFault::whole(shown, "the password file is empty"));
    }
    Ok(Redacted::new(secret.to_owned()))
}

/// Puts a password behind the user of a URL, percent-encoded.
fn with_password(url: &str, password: &str) -> String {
    use std::fmt::Write as _;
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (user, place) = rest.split_once('@').unwrap_or(("guest", rest));
    let mut encoded = String::new();
    for byte in password.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // writing to a string cannot fail
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("{scheme}://{user}:{encoded}@{place}")
}

const DATABASE_HINT: &str = "write sqlite://FILE or postgres://user@host/name";
const BROKER_HINT: &str = "write amqp://user@host:5672 or amqps://user@host:5671";
const LISTEN_HINT: &str = "write an address and a port, such as 127.0.0.1:8080";

/// The scheme of a store's URL, where it is one that the store knows.
fn database_scheme(url: &str) -> Option<&'static str> {
    ["sqlite", "postgres", "postgresql"]
        .into_iter()
        .find(|scheme| {
            url.strip_prefix(scheme)
                .and_then(|rest| rest.strip_prefix("://"))
                .is_some_and(|rest| !rest.is_empty())
        })
}

/// Whether a URL is one that a broker can be reached by.
pub fn is_broker(url: &str) -> bool {
    ["amqp://", "amqps://"].into_iter().any(|scheme| {
        url.strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty())
    })
}
