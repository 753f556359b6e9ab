//! Sending mail: by SMTP, or into a folder of `.eml` files where there is no mail server yet.

use std::{path::PathBuf, time::Duration};

use anyhow::Context as _;
use lettre::{
    AsyncFileTransport, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::authentication::Credentials,
};

use schoolgate_school::service::{MailRoute, MailSettings};

use crate::letter::Letter;

/// How long one mail may take, from connecting to the server's 250.
const SMTP_TIMEOUT: Duration = Duration::from_secs(30);

enum Road {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf, AsyncFileTransport<Tokio1Executor>),
}

/// Sends letters.
pub struct Mailer {
    road: Road,
    from: Mailbox,
}

impl Mailer {
    /// Sets the mailer up.
    ///
    /// # Errors
    /// A bad address or URL, a password that cannot be read, a folder that cannot be made.
    pub fn new(settings: &MailSettings) -> anyhow::Result<Self> {
        let from: Mailbox = settings
            .from
            .parse()
            .context("[mail] from is not a mail address")?;
        let road = match &settings.route {
            MailRoute::Smtp(url) => {
                let password = settings
                    .password()
                    .map_err(|fault| anyhow::anyhow!("{fault}"))?;
                let login = settings
                    .user
                    .clone()
                    .zip(password.map(schoolgate_model::Redacted::into_inner));
                Road::Smtp(smtp(url, login)?)
            }
            MailRoute::Folder(folder) => {
                std::fs::create_dir_all(folder).context("the [mail] folder cannot be made")?;
                Road::Folder(folder.clone(), AsyncFileTransport::new(folder))
            }
        };
        Ok(Self { road, from })
    }

    /// The domain of the sender, for Message-IDs.
    pub fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// Sends one letter to one person: a mailbox that is refused must not cost another person theirs.
    ///
    /// # Errors
    /// A stable code: `bad_address`, `smtp_refused`, `smtp_unreachable`, `folder`.
    pub async fn send(
        &self,
        letter: &Letter,
        to: &str,
        message_id: &str,
    ) -> Result<(), &'static str> {
        let to: Mailbox = to.parse().map_err(|_| "bad_address")?;
        let message = Message::builder()
            .from(self.from.clone())
            .subject(letter.subject.as_str())
            .message_id(Some(message_id.to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .to(to);
        let message = message
            .body(letter.body.clone())
            .map_err(|_| "bad_address")?;
        match &self.road {
            Road::Smtp(server) => {
                match tokio::time::timeout(SMTP_TIMEOUT, server.send(message)).await {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) if error.is_permanent() || error.is_transient() => {
                        Err("smtp_refused")
                    }
                    Ok(Err(_)) | Err(_) => Err("smtp_unreachable"),
                }
            }
            Road::Folder(folder, files) => {
                let name = files.send(message).await.map_err(|_| "folder")?;
                tracing::trace!(folder = %folder.display(), mail = %name, "mail written");
                Ok(())
            }
        }
    }
}

/// `smtps://` speaks TLS from the start; `smtp://` must turn to TLS, except to this machine.
fn smtp(
    url: &str,
    login: Option<(String, String)>,
) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    let (scheme, rest) = url
        .split_once("://")
        .context("[mail] smtp must look like smtp://host:587")?;
    let (host, port) = rest
        .trim_end_matches('/')
        .rsplit_once(':')
        .context("[mail] smtp needs a port")?;
    let port: u16 = port.parse().context("[mail] smtp has a bad port")?;
    let builder = match (scheme, host) {
        ("smtps", _) => AsyncSmtpTransport::<Tokio1Executor>::relay(host)?,
        (_, "127.0.0.1" | "localhost" | "[::1]") => {
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.trim_matches(['[', ']']))
        }
        _ => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)?,
    };
    let builder = builder.port(port).timeout(Some(SMTP_TIMEOUT));
    Ok(match login {
        Some((user, password)) => builder
            .credentials(Credentials::new(user, password))
            .build(),
        None => builder.build(),
    })
}
