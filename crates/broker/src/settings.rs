//! Where the broker is and how long we wait for it.

use crate::BrokerError;
use schoolgate_model::Redacted;
use std::path::PathBuf;

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
        todo!()
    }
}
