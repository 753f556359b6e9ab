//! Where the broker is and how long we wait for it.

use crate::BrokerError;
use lapin::uri::{AMQPScheme, AMQPUri};
use schoolgate_model::Redacted;
use std::{fs, path::PathBuf, time::Duration};

/// From the first packet to an open connection.
pub(crate) const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// Any single question to the broker.
pub(crate) const OPERATION_LIMIT: Duration = Duration::from_secs(5);
/// From the call of `publish` to the confirm.
pub(crate) const PUBLISH_LIMIT: Duration = Duration::from_secs(5);
/// Between two probes. With the limit of one question this finds a silent network within 10 s.
pub(crate) const PROBE_EVERY: Duration = Duration::from_secs(5);
/// A connection that is blocked for longer is rebuilt: it may be blocked by something that is over.
pub(crate) const BLOCKED_LIMIT: Duration = Duration::from_secs(30);
/// Messages that wait at the broker while we could take more: so long is chance, longer is a fault.
pub(crate) const IDLE_LIMIT: Duration = Duration::from_secs(10);
/// How long closing may take when the service stops.
pub(crate) const CLOSE_LIMIT: Duration = Duration::from_secs(5);
/// Seconds between heartbeats. The default of 60 would leave us blind for two minutes.
const HEARTBEAT: u16 = 10;

/// Where the broker is and as whom we speak to it.
#[derive(Debug, Clone)]
pub struct BrokerSettings {
    /// `amqp://user:password@host:port/vhost` or `amqps://...`; without a vhost, `/`.
    pub url: Redacted<String>,
    /// Shown in the broker's list of connections.
    pub name: String,
    /// PEM file with the certificate authority to trust instead of the system's, for `amqps://`.
    pub ca_file: Option<PathBuf>,
}

impl BrokerSettings {
    /// Settings with the system's certificate authorities.
    pub fn new(url: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            url: Redacted::new(url.into()),
            name: name.into(),
            ca_file: None,
        }
    }

    /// The host and port, for people; never the user or the password.
    ///
    /// # Errors
    /// `Settings` when the address is no `amqp://` or `amqps://` address.
    pub fn place(&self) -> Result<String, BrokerError> {
        let uri = self.uri()?;
        Ok(format!("{}:{}", uri.authority.host, uri.authority.port))
    }

    /// Reads the address. The parser's own message would repeat the password, so it is not passed on.
    pub(crate) fn uri(&self) -> Result<AMQPUri, BrokerError> {
        let wrong = || {
            BrokerError::Settings(
                "the broker's address is not of the form amqp://user:password@host:port/vhost"
                    .to_owned(),
            )
        };
        let mut uri: AMQPUri = self.url.expose().trim().parse().map_err(|_| wrong())?;
        // A URL parser gives an IP address in brackets or nothing; an empty vhost is never meant.
        if uri.authority.host.is_empty() {
            return Err(wrong());
        }
        if uri.vhost.is_empty() {
            uri.vhost = "/".to_owned();
        }
        uri.query.heartbeat = Some(HEARTBEAT);
        Ok(uri)
    }

    /// Reads the certificate file, if there is one.
    pub(crate) fn authority(&self) -> Result<Option<String>, BrokerError> {
        let Some(file) = &self.ca_file else {
            return Ok(None);
        };
        let text = fs::read_to_string(file).map_err(|error| {
            BrokerError::Settings(format!(
                "the broker's certificate file {} cannot be read: {error}",
                file.display()
            ))
        })?;
        if !text.contains("BEGIN CERTIFICATE") {
            return Err(BrokerError::Settings(format!(
                "the broker's certificate file {} holds no certificate in PEM form",
                file.display()
            )));
        }
        Ok(Some(text))
    }

    /// Whether the address asks for TLS.
    pub(crate) fn is_tls(uri: &AMQPUri) -> bool {
        matches!(uri.scheme, AMQPScheme::AMQPS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, place: Option<&str>, vhost: &str) {
        let settings = BrokerSettings::new(url, "test");
        assert_eq!(settings.place().ok().as_deref(), place, "{url}");
        if place.is_some() {
            assert_eq!(settings.uri().unwrap().vhost, vhost, "{url}");
        }
    }

    #[test]
    fn the_address_is_read_and_a_missing_vhost_is_the_usual_one() {
        check("amqp://u:p@rabbit:5673", Some("rabbit:5673"), "/");
        check("amqp://u:p@rabbit/", Some("rabbit:5672"), "/");
        check(
            "amqp://u:p@127.0.0.1:25000/%2f",
            Some("127.0.0.1:25000"),
            "/",
        );
        check(
            "amqps://rabbit.example/school",
            Some("rabbit.example:5671"),
            "school",
        );
        check("http://rabbit", None, "");
        check("rabbit:5672", None, "");
    }

    #[test]
    fn a_wrong_address_and_the_settings_never_show_the_password() {
        for url in ["amqp://u:geheim@ho st", "ampq://u:geheim@host"] {
            let settings = BrokerSettings::new(url, "test");
            let said = format!("{} {settings:?}", settings.place().unwrap_err());
            assert!(!said.contains("geheim"), "{said}");
        }
    }
}
