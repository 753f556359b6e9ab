//! Fetches the bytes of one picture by its web address. What the bytes are is only asked as far as a page or a text can
//! be told from a picture at once; reading them is the darkroom's.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Response, StatusCode, Url,
    header::{ACCEPT, ACCEPT_ENCODING, LOCATION},
};
use schoolgate_model::MediumFault;
use tokio::{sync::Semaphore, time::timeout};

use crate::reach::{Closed, Manner, Reach, client_for};

/// How often an address may lead on.
const MAX_HOPS: usize = 5;
/// How many bytes show a page or a text: the marks of all formats that we read are shorter.
const HEAD: usize = 32;

/// How much is fetched, how long and how many at once.
#[derive(Debug, Clone, Copy)]
pub struct PictureLimits {
    /// The largest picture, bytes; counted as they come.
    pub bytes: u64,
    /// How long connecting to one stop may take.
    pub connect: Duration,
    /// How long nothing may come before it is given up.
    pub silence: Duration,
    /// How long the whole way of one picture may take, waiting for its turn included.
    pub whole: Duration,
    /// Pictures in hand at once, in the whole process.
    pub at_once: usize,
}

impl Default for PictureLimits {
    /// 50 MiB, 5 s to connect, 10 s of silence, 30 s in all, four at once.
    fn default() -> Self {
        Self {
            bytes: 50 * 1024 * 1024,
            connect: Duration::from_secs(5),
            silence: Duration::from_secs(10),
            whole: Duration::from_secs(30),
            at_once: 4,
        }
    }
}

/// Fetches pictures from the public internet, over https on port 443 only. Cheap to clone.
#[derive(Clone)]
pub struct PictureFetcher {
    reach: Reach,
    limits: PictureLimits,
    slots: Arc<Semaphore>,
    /// Whether plain http counts too.
    plain: bool,
}

impl std::fmt::Debug for PictureFetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PictureFetcher").finish_non_exhaustive()
    }
}

impl Default for PictureFetcher {
    fn default() -> Self {
        Self::new(Reach::public(), PictureLimits::default(), false)
    }
}

impl PictureFetcher {
    fn new(reach: Reach, limits: PictureLimits, plain: bool) -> Self {
        // the second call in one process finds it done
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            reach,
            limits,
            slots: Arc::new(Semaphore::new(limits.at_once)),
            plain,
        }
    }

    /// For tests: over plain http too, wherever `reach` leads.
    pub fn over_plain_http(reach: Reach, limits: PictureLimits) -> Self {
        Self::new(reach, limits, true)
    }

    /// The bytes behind an address. The fault's words never show the address.
    ///
    /// # Errors
    /// `TooLarge`; everything else is `Unreadable` with a stable code that begins with `fetch_`.
    pub async fn fetch(&self, address: &str) -> Result<Vec<u8>, MediumFault> {
        let fetched = async {
            let _slot = self.slots.acquire().await.map_err(|_| Fault::Broken)?;
            self.walk(address).await
        };
        timeout(self.limits.whole, fetched)
            .await
            .unwrap_or(Err(Fault::TimedOut))
            .map_err(|fault| fault.told(self.limits.bytes))
    }

    async fn walk(&self, address: &str) -> Result<Vec<u8>, Fault> {
        let mut url = Url::parse(address).map_err(|_| Fault::Refused)?;
        for _ in 0..=MAX_HOPS {
            let answer = self.asked(&url).await?;
            match leads_to(&url, &answer)? {
                Some(next) => url = next,
                None => return self.body(answer).await,
            }
        }
        Err(Fault::TooManyHops)
    }

    /// Asks one stop. It is checked here, whether it is the first one or one that a redirect names.
    async fn asked(&self, url: &Url) -> Result<Response, Fault> {
        let is_https =
            url.scheme() == "https" && url.port_or_known_default() == Some(self.reach.ports[1]);
        if !is_https && !self.plain {
            return Err(Fault::Refused);
        }
        let manner = Manner {
            agent: concat!("Schoolgate/", env!("CARGO_PKG_VERSION"), " (picture check)"),
            connect: self.limits.connect,
            answer: self.limits.whole,
        };
        let client = client_for(&self.reach, url, manner)
            .await
            .map_err(Fault::from)?;
        let asking = client
            .get(url.clone())
            .header(ACCEPT, "image/*, video/*")
            .header(ACCEPT_ENCODING, "identity")
            .send();
        timeout(self.limits.connect + self.limits.silence, asking)
            .await
            .map_err(|_| Fault::TimedOut)?
            .map_err(|error| of_client(&error))
    }

    /// Reads the body and counts it: what the answer says of its own length is believed only against it.
    async fn body(&self, mut answer: Response) -> Result<Vec<u8>, Fault> {
        if answer.status() != StatusCode::OK {
            return Err(Fault::Status(answer.status().as_u16()));
        }
        let most = self.limits.bytes;
        if answer.content_length().is_some_and(|length| length > most) {
            return Err(Fault::TooLarge);
        }
        let mut bytes = Vec::new();
        let mut looked = false;
        loop {
            let part = timeout(self.limits.silence, answer.chunk())
                .await
                .map_err(|_| Fault::TimedOut)?
                .map_err(|error| of_client(&error))?;
            let Some(part) = part else { break };
            if (bytes.len() as u64).saturating_add(part.len() as u64) > most {
                return Err(Fault::TooLarge);
            }
            bytes.extend_from_slice(&part);
            if !looked && bytes.len() >= HEAD {
                looked = true;
                if is_text(&bytes) {
                    return Err(Fault::NotAPicture);
                }
            }
        }
        if bytes.is_empty() || is_text(&bytes) {
            return Err(Fault::NotAPicture);
        }
        Ok(bytes)
    }
}

/// Where a redirect leads on to.
fn leads_to(url: &Url, answer: &Response) -> Result<Option<Url>, Fault> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = answer.headers().get(LOCATION).ok_or(Fault::Broken)?;
    let location = std::str::from_utf8(location.as_bytes()).map_err(|_| Fault::Broken)?;
    url.join(location).map(Some).map_err(|_| Fault::Broken)
}

/// Whether bytes begin as a page or another text does. No format of pictures begins with printable words alone.
fn is_text(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes.trim_ascii_start();
    let is_marked = |mark: &[u8]| start.starts_with(mark);
    if [b"GIF8".as_slice(), b"RIFF", b"II*\0", b"MM\0*", b"BM"]
        .into_iter()
        .any(is_marked)
    {
        return false;
    }
    let head = &start[..start.len().min(HEAD)];
    is_marked(b"<") || is_marked(b"{") || is_marked(b"[") || head.iter().all(is_printable)
}

fn is_printable(byte: &u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

/// Why nothing was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Refused,
    NoSuchHost,
    Unreachable,
    TimedOut,
    TooManyHops,
    TooLarge,
    Status(u16),
    NotAPicture,
    Broken,
}

impl From<Closed> for Fault {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Refused => Self::Refused,
            Closed::NoSuchHost => Self::NoSuchHost,
            Closed::Broken => Self::Broken,
        }
    }
}

/// The client's own words can quote the address, so only the sort of fault is told.
fn of_client(error: &reqwest::Error) -> Fault {
    if error.is_timeout() {
        Fault::TimedOut
    } else if error.is_connect() {
        Fault::Unreachable
    } else {
        Fault::Broken
    }
}

impl Fault {
    fn told(self, limit: u64) -> MediumFault {
        let (code, plain) = match self {
            Self::TooLarge => {
                return MediumFault::TooLarge(format!("more than {} MB", limit / (1024 * 1024)));
            }
            Self::Status(status) => {
                let plain = format!("the picture's web address answers with the error {status}");
                return unreadable("fetch_status", &plain);
            }
            Self::Refused => (
                "fetch_refused",
                "the picture's web address is not fetched: only https addresses on the public internet are",
            ),
            Self::NoSuchHost => (
                "fetch_no_such_host",
                "the site of the picture's web address does not exist",
            ),
            Self::Unreachable => (
                "fetch_unreachable",
                "the site of the picture's web address does not answer",
            ),
            Self::TimedOut => (
                "fetch_timed_out",
                "the picture took too long to come from its web address",
            ),
            Self::TooManyHops => (
                "fetch_too_many_hops",
                "the picture's web address leads on from place to place without an end",
            ),
            Self::NotAPicture => (
                "fetch_not_a_picture",
                "there is no picture at the web address, but a page or a text",
            ),
            Self::Broken => (
                "fetch_broken",
                "the answer from the picture's web address cannot be understood",
            ),
        };
        unreadable(code, plain)
    }
}

fn unreadable(code: &str, plain: &str) -> MediumFault {
    MediumFault::Unreadable {
        code: code.to_owned(),
        plain: plain.to_owned(),
    }
}

#[cfg(test)]
mod tests;
