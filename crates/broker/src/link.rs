//! One connection: dialled with a time limit, asked with a time limit, and cut for certain. Rebuilding it is the
//! supervisors' work.

use crate::{
    BrokerError, BrokerSettings,
    settings::{CLOSE_LIMIT, CONNECT_LIMIT, OPERATION_LIMIT},
};
use async_rs::TokioRuntime;
use lapin::{
    Channel, Connection, ConnectionProperties, ErrorKind,
    tcp::{AsyncTcpStream, OwnedTLSConfig},
    uri::AMQPUri,
};
use std::{
    io,
    net::{Shutdown, TcpStream},
    os::fd::AsFd as _,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// Why a question to the broker has no answer.
#[derive(Debug)]
pub(crate) enum Wrong {
    /// None in time.
    Late,
    /// The broker, the connection or the library said no.
    Said(lapin::Error),
}

impl Wrong {
    /// The AMQP reply code, when the broker said no: 403, 404, 405, 406 and so on.
    pub(crate) fn code(&self) -> Option<u16> {
        match self {
            Self::Said(error) => match error.kind() {
                ErrorKind::ProtocolError(error) => Some(error.get_id()),
                _ => None,
            },
            Self::Late => None,
        }
    }

    /// Whether a message on its way to us could not be read, so that the connection had to end.
    pub(crate) fn is_unreadable(&self) -> bool {
        matches!(self, Self::Said(error) if matches!(error.kind(), ErrorKind::ParsingError(_)))
    }

    /// What happened, in words of our own: the broker's may name anything.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Late => "the broker does not answer".to_owned(),
            Self::Said(error) => match error.kind() {
                ErrorKind::ProtocolError(error) => {
                    format!("the broker ended it with code {}", error.get_id())
                }
                ErrorKind::MissingHeartbeatError => "the broker has fallen silent".to_owned(),
                ErrorKind::ParsingError(_) => {
                    "something from the broker could not be read".to_owned()
                }
                ErrorKind::IOError(error) => format!("the connection broke ({})", error.kind()),
                _ => "the connection is gone".to_owned(),
            },
        }
    }
}

impl From<Wrong> for BrokerError {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Late => Self::TimedOut,
            Wrong::Said(_) => Self::NotConnected(wrong.sentence()),
        }
    }
}

/// Asks the broker one thing, for as long as one question may take.
pub(crate) async fn ask<T>(question: impl Future<Output = lapin::Result<T>>) -> Result<T, Wrong> {
    ask_for(OPERATION_LIMIT, question).await
}

/// Asks the broker one thing with a limit of its own.
pub(crate) async fn ask_for<T>(
    limit: Duration,
    question: impl Future<Output = lapin::Result<T>>,
) -> Result<T, Wrong> {
    match tokio::time::timeout(limit, question).await {
        Ok(answer) => answer.map_err(Wrong::Said),
        Err(_) => Err(Wrong::Late),
    }
}

/// Our own hand on the socket. lapin's thread waits for ever on a peer that accepts and then says nothing; shutting the
/// socket down is what ends it.
#[derive(Debug, Clone, Default)]
struct Cutter(Arc<Mutex<Socket>>);

#[derive(Debug, Default)]
struct Socket {
    cut: bool,
    stream: Option<TcpStream>,
}

impl Cutter {
    /// Takes hold of a new socket, or ends it at once when the cut came first.
    fn hold(&self, stream: TcpStream) -> io::Result<()> {
        let mut socket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if socket.cut {
            return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
        }
        socket.stream = Some(stream);
        Ok(())
    }

    fn cut(&self) {
        let mut socket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        socket.cut = true;
        if let Some(stream) = socket.stream.take() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.cutter.cut();
    }
}

/// A connection. Dropping it cuts the socket.
#[derive(Debug)]
pub(crate) struct Link {
    connection: Connection,
    cutter: Cutter,
}

impl Link {
    /// Connects; takes `CONNECT_LIMIT` at most and leaves nothing behind when it fails. `role` is added to the name that
    /// the broker shows.
    pub(crate) async fn dial(settings: &BrokerSettings, role: &str) -> Result<Self, BrokerError> {
        let uri = settings.uri()?;
        let tls = OwnedTLSConfig {
            identity: None,
            cert_chain: settings.authority()?,
        };
        let name = format!("{} ({role})", settings.name);
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let cutter = Cutter::default();
        let socket = cutter.clone();
        let connecting = Connection::connector(
            uri.clone(),
            TokioRuntime::tokio_current(),
            async move |uri, runtime| {
                open_socket(&uri, &runtime, &tls, &socket)
                    .await
                    .map_err(lapin::Error::from)
            },
            properties,
        );
        match ask_for(CONNECT_LIMIT, connecting).await {
            Ok(connection) => Ok(Self { connection, cutter }),
            Err(wrong) => {
                cutter.cut();
                Err(explain_dial(&uri, &wrong))
            }
        }
    }

    /// Opens a channel.
    pub(crate) async fn channel(&self) -> Result<Channel, Wrong> {
        ask(self.connection.create_channel()).await
    }

    /// Whether the connection is up, as far as is known without asking.
    pub(crate) fn is_up(&self) -> bool {
        self.connection.status().connected()
    }

    /// Whether the broker has said that it takes no messages now.
    pub(crate) fn is_blocked(&self) -> bool {
        self.connection.status().blocked()
    }

    /// Ends the connection now, whoever still holds it. The broker takes back what was not acked.
    pub(crate) fn cut(&self) {
        self.cutter.cut();
    }

    /// Says goodbye; the socket is cut in any case.
    pub(crate) async fn close(&self) {
        let _ = ask_for(CLOSE_LIMIT, self.connection.close(200, "bye".into())).await;
        self.cutter.cut();
    }
}

/// Opens the socket, keeps a hand on it, and puts TLS on top where the address asks for it.
async fn open_socket(
    uri: &AMQPUri,
    runtime: &TokioRuntime,
    tls: &OwnedTLSConfig,
    cutter: &Cutter,
) -> io::Result<AsyncTcpStream<<async_rs::Tokio as async_rs::traits::Reactor>::TcpStream>> {
    let late = || io::Error::from(io::ErrorKind::TimedOut);
    let host = uri.authority.host.trim_matches(['[', ']']).to_owned();
    let address = runtime.to_socket_addrs((host, uri.authority.port));
    let stream = tokio::time::timeout(CONNECT_LIMIT, AsyncTcpStream::connect(runtime, address))
        .await
        .map_err(|_| late())??;
    if let AsyncTcpStream::Plain(plain) = &stream {
        let _ = plain.get_ref().set_nodelay(true);
        let copy = plain.get_ref().as_fd().try_clone_to_owned()?;
        cutter.hold(TcpStream::from(copy))?;
    }
    if BrokerSettings::is_tls(uri) {
        let handshake = stream.into_tls(&uri.authority.host, tls.as_ref());
        return tokio::time::timeout(CONNECT_LIMIT, handshake)
            .await
            .map_err(|_| late())?;
    }
    Ok(stream)
}

/// Says why there is no connection, and what to look at. Names host, port and vhost, never user or password.
fn explain_dial(uri: &AMQPUri, wrong: &Wrong) -> BrokerError {
    let place = format!("{}:{}", uri.authority.host, uri.authority.port);
    let sentence = match wrong {
        Wrong::Late => format!(
            "{place} does not answer as a RabbitMQ broker does; check address, port and network"
        ),
        Wrong::Said(error) => match error.kind() {
            ErrorKind::ProtocolError(said) if said.get_id() == 403 => {
                format!("the broker at {place} refuses this user or password")
            }
            ErrorKind::ProtocolError(said) if said.get_id() == 530 => format!(
                "the broker at {place} has no vhost {:?}, or this user may not use it",
                uri.vhost
            ),
            ErrorKind::IOError(error) => explain_socket(&place, error),
            ErrorKind::InvalidProtocolVersion(_) | ErrorKind::ParsingError(_) => {
                format!("what listens at {place} is not a RabbitMQ broker")
            }
            _ => format!("the broker at {place} closed the connection while it was being opened"),
        },
    };
    BrokerError::NotConnected(sentence)
}

fn explain_socket(place: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            format!("nothing listens at {place}; is the broker running?")
        }
        io::ErrorKind::TimedOut => {
            format!("{place} does not answer; check address, port and network")
        }
        io::ErrorKind::ConnectionAborted
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::UnexpectedEof => format!(
            "{place} closed the connection while it was being opened; is it a RabbitMQ broker, and is amqp:// or amqps:// right?"
        ),
        _ => format!("no connection to {place}: {error}"),
    }
}
