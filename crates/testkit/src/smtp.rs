//! A small real SMTP server (RFC 5321) on loopback that remembers what it took in and can misbehave on purpose. No TLS,
//! no sign-in, no sending on. Everything is bounded: a client that runs wild is cut off, not stored.

use crate::mail::ReceivedMail;
use crate::ports;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio::task::{JoinHandle, JoinSet};

/// RFC 5321 asks for 1000 octets a line; mails in tests need no more than a few times that.
const MAX_LINE: u64 = 8 * 1024;
const MAX_MESSAGE: usize = 10 * 1024 * 1024;
const MAX_RECIPIENTS: usize = 100;
const MAX_COMMANDS: usize = 2_000;
const MAX_CONNECTIONS: usize = 128;
const MAX_MAILS: usize = 10_000;
const IDLE_LIMIT: Duration = Duration::from_secs(30);

/// How the server treats the mails to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpMode {
    /// Takes every mail.
    Accept,
    /// Answers 451 at the end of the data of the next so many mails, keeps none of those, then accepts.
    Refuse(u32),
    /// Takes the next so many mails and drops the connection without an answer, so that the client cannot know
    /// whether its mail was taken; then accepts.
    DropAfterData(u32),
    /// Refuses this address for ever with 550 and takes mails to everybody else.
    RefuseRecipient(&'static str),
    /// Takes every mail, but waits this long before each answer.
    Slow(Duration),
}

#[derive(Debug)]
struct State {
    mode: SmtpMode,
    mails: Vec<ReceivedMail>,
    refused: u32,
    connections: u64,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running mail server. Dropping it closes the port and every connection.
#[derive(Debug)]
pub struct SmtpSink {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl SmtpSink {
    /// Starts the server on a free loopback port.
    ///
    /// # Errors
    /// When there is no free port, or outside a tokio runtime's I/O.
    pub async fn start(mode: SmtpMode) -> io::Result<Self> {
        let listener = ports::listener()?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let listener = TcpListener::from_std(listener)?;
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                mode,
                mails: Vec::new(),
                refused: 0,
                connections: 0,
            }),
            changed: Notify::new(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            accepting,
        })
    }

    /// Returns where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Changes how the mails to come are treated.
    pub fn set_mode(&self, mode: SmtpMode) {
        self.shared.state().mode = mode;
    }

    /// Returns every mail taken in so far, in order; those whose client was left without an answer too.
    #[must_use]
    pub fn mails(&self) -> Vec<ReceivedMail> {
        self.shared.state().mails.clone()
    }

    /// Returns how many mails were refused with 451.
    #[must_use]
    pub fn refused(&self) -> u32 {
        self.shared.state().refused
    }

    /// Returns how many connections were made.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.shared.state().connections
    }

    /// Waits until at least `count` mails were taken in, and returns them all.
    ///
    /// # Errors
    /// `TimedOut` with the number that had come when the limit passed.
    pub async fn wait_for(&self, count: usize, limit: Duration) -> io::Result<Vec<ReceivedMail>> {
        let enough = async {
            loop {
                // Registered before looking, so that a mail in between wakes us.
                let changed = self.shared.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                let mails = self.mails();
                if mails.len() >= count {
                    return mails;
                }
                changed.await;
            }
        };
        tokio::time::timeout(limit, enough).await.map_err(|_| {
            let came = self.shared.state().mails.len();
            io::Error::new(
                io::ErrorKind::TimedOut,
                format!("{came} of {count} mails came in {limit:?}"),
            )
        })
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Accepts connections; the set ends them all when this task is aborted.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let seats = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut sessions = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file handles, most likely: let some sessions end first.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        while sessions.try_join_next().is_some() {}
        shared.state().connections += 1;
        let Ok(seat) = Arc::clone(&seats).acquire_owned().await else {
            return;
        };
        let shared = Arc::clone(&shared);
        sessions.spawn(async move {
            // A client that goes away in the middle is its own affair.
            let _ = Session::new(stream, shared).serve().await;
            drop(seat);
        });
    }
}

/// Whether a session goes on after a command.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Go,
    End,
}

struct Session {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    shared: Arc<Shared>,
    greeted: bool,
    from: Option<String>,
    to: Vec<String>,
}

impl Session {
    fn new(stream: TcpStream, shared: Arc<Shared>) -> Self {
        let (reader, writer) = stream.into_split();
        Self {
            reader: BufReader::new(reader),
            writer,
            shared,
            greeted: false,
            from: None,
            to: Vec::new(),
        }
    }

    async fn serve(mut self) -> io::Result<()> {
        self.answer("220 sink.example ESMTP").await?;
        for _ in 0..MAX_COMMANDS {
            let Some(line) = self.line().await? else {
                return Ok(());
            };
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            if self.command(&line).await? == Next::End {
                return Ok(());
            }
        }
        self.answer("421 4.7.0 too many commands").await
    }

    async fn command(&mut self, line: &str) -> io::Result<Next> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                self.greet("250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8")
                    .await?
            }
            "HELO" => self.greet("250 sink.example").await?,
            "MAIL" => self.mail(rest).await?,
            "RCPT" => self.recipient(rest).await?,
            "DATA" => return self.data().await,
            "RSET" => {
                self.reset();
                self.answer("250 2.0.0 forgotten").await?;
            }
            "NOOP" => self.answer("250 2.0.0 fine").await?,
            "QUIT" => {
                self.answer("221 2.0.0 goodbye").await?;
                return Ok(Next::End);
            }
            _ => self.answer("502 5.5.1 not spoken here").await?,
        }
        Ok(Next::Go)
    }

    async fn greet(&mut self, answer: &str) -> io::Result<()> {
        self.reset();
        self.greeted = true;
        self.answer(answer).await
    }

    async fn mail(&mut self, rest: &str) -> io::Result<()> {
        let answer = match path_after(rest, "FROM:") {
            _ if !self.greeted => "503 5.5.1 greet first",
            _ if self.from.is_some() => "503 5.5.1 one mail at a time",
            Some(from) => {
                self.from = Some(from);
                "250 2.1.0 sender fine"
            }
            None => "501 5.5.4 MAIL FROM:<address>",
        };
        self.answer(answer).await
    }

    async fn recipient(&mut self, rest: &str) -> io::Result<()> {
        let answer = match path_after(rest, "TO:").filter(|to| !to.is_empty()) {
            _ if self.from.is_none() => "503 5.5.1 MAIL first",
            _ if self.to.len() >= MAX_RECIPIENTS => "452 4.5.3 too many recipients",
            Some(to) if self.refuses(&to) => "550 5.1.1 nobody here",
            Some(to) => {
                self.to.push(to);
                "250 2.1.5 recipient fine"
            }
            None => "501 5.5.4 RCPT TO:<address>",
        };
        self.answer(answer).await
    }

    async fn data(&mut self) -> io::Result<Next> {
        if self.to.is_empty() {
            self.answer("503 5.5.1 RCPT first").await?;
            return Ok(Next::Go);
        }
        self.answer("354 end with a dot").await?;
        let Some(message) = self.message().await? else {
            return Ok(Next::End);
        };
        if message.len() > MAX_MESSAGE {
            self.answer("552 5.3.4 too big").await?;
            return Ok(Next::End);
        }
        let mail = ReceivedMail::parse(
            self.from.as_deref().unwrap_or_default(),
            &self.to,
            &message,
            Instant::now(),
        );
        self.reset();
        let judgement = judge(&mut self.shared.state(), mail);
        self.shared.changed.notify_waiters();
        let answer = match judgement {
            Judgement::Taken => "250 2.0.0 taken",
            Judgement::Refused => "451 4.3.0 try again later",
            Judgement::Full => "452 4.3.1 full",
            Judgement::TakenSilently => return Ok(Next::End),
        };
        self.answer(answer).await?;
        Ok(Next::Go)
    }

    /// Reads up to the lone dot and unstuffs the others; `None` when the client went away first. A message over the
    /// limit stops growing just above it, and its end is not waited for.
    async fn message(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut message = Vec::new();
        loop {
            let Some(line) = self.line().await? else {
                return Ok(None);
            };
            if line == b".\r\n" || line == b".\n" {
                return Ok(Some(message));
            }
            message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            if message.len() > MAX_MESSAGE {
                return Ok(Some(message));
            }
        }
    }

    /// Reads one line with its end; `None` when the client is gone, too slow, or its line is too long.
    async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let mut bounded = (&mut self.reader).take(MAX_LINE);
        let reading = bounded.read_until(b'\n', &mut line);
        match tokio::time::timeout(IDLE_LIMIT, reading).await {
            Ok(read) => read?,
            Err(_) => return Ok(None),
        };
        Ok(line.ends_with(b"\n").then_some(line))
    }

    async fn answer(&mut self, answer: &str) -> io::Result<()> {
        let mode = self.shared.state().mode;
        if let SmtpMode::Slow(pause) = mode {
            tokio::time::sleep(pause).await;
        }
        self.writer
            .write_all(format!("{answer}\r\n").as_bytes())
            .await
    }

    fn refuses(&self, to: &str) -> bool {
        matches!(self.shared.state().mode, SmtpMode::RefuseRecipient(refused) if refused == to)
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }
}

enum Judgement {
    Taken,
    TakenSilently,
    Refused,
    Full,
}

/// Decides over one mail and counts the mode down.
fn judge(state: &mut State, mut mail: ReceivedMail) -> Judgement {
    if state.mails.len() >= MAX_MAILS {
        return Judgement::Full;
    }
    match state.mode {
        SmtpMode::Refuse(left) if left > 0 => {
            state.mode = SmtpMode::Refuse(left - 1);
            state.refused += 1;
            Judgement::Refused
        }
        SmtpMode::DropAfterData(left) if left > 0 => {
            state.mode = SmtpMode::DropAfterData(left - 1);
            mail.answered = false;
            state.mails.push(mail);
            Judgement::TakenSilently
        }
        _ => {
            state.mails.push(mail);
            Judgement::Taken
        }
    }
}

/// Reads `FROM:<a@b>` with its parameters, e.g. `FROM:<a@b> BODY=8BITMIME`; the word's case does not matter.
fn path_after(rest: &str, word: &str) -> Option<String> {
    let start = rest.get(..word.len())?;
    if !start.eq_ignore_ascii_case(word) {
        return None;
    }
    let path = rest[word.len()..].trim_start().strip_prefix('<')?;
    path.split_once('>').map(|(address, _)| address.to_owned())
}

#[cfg(test)]
mod tests;
