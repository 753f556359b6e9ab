//! Who may be asked, and the client that can ask one stop and nothing else. Shared by what follows links and what
//! fetches pictures; where a stop leads on to is decided there.

use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use reqwest::{Client, Url, redirect::Policy};

use crate::guard::is_public;

/// The longest address that is asked, bytes.
pub(crate) const MAX_ADDRESS: usize = 4_000;

pub(crate) type Resolved = Pin<Box<dyn Future<Output = Option<Vec<IpAddr>>> + Send>>;

/// Who may be asked, and how names become addresses. Anything but [`Reach::public`] is for tests.
#[derive(Clone)]
pub struct Reach {
    /// The addresses of a name; `None` where there are none.
    pub resolve: Arc<dyn Fn(String) -> Resolved + Send + Sync>,
    /// Whether an address may be asked.
    pub may_ask: fn(IpAddr) -> bool,
    /// The ports that may be asked; the first two stand for http and https.
    pub ports: [u16; 2],
}

impl Reach {
    /// The public internet and its two ports, by the system's own names.
    pub fn public() -> Self {
        Self {
            resolve: Arc::new(|name| Box::pin(looked_up(name))),
            may_ask: is_public,
            ports: [80, 443],
        }
    }
}

async fn looked_up(name: String) -> Option<Vec<IpAddr>> {
    let found = tokio::net::lookup_host((name, 0)).await.ok()?;
    let addresses: Vec<IpAddr> = found.map(|address| address.ip()).collect();
    (!addresses.is_empty()).then_some(addresses)
}

/// Why a stop is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// It may not be asked.
    Refused,
    /// Its name is not known.
    NoSuchHost,
    /// No client could be set up for it.
    Broken,
}

/// How a stop is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// Who asks.
    pub(crate) agent: &'static str,
    /// How long connecting may take.
    pub(crate) connect: Duration,
    /// How long the whole answer may take.
    pub(crate) answer: Duration,
}

/// A client that can reach the checked addresses of this one stop and nothing else.
pub(crate) async fn client_for(reach: &Reach, url: &Url, manner: Manner) -> Result<Client, Closed> {
    let [http, https] = reach.ports;
    let port = match (url.scheme(), url.port()) {
        ("http", None) => 80,
        ("https", None) => 443,
        ("http" | "https", Some(port)) => port,
        _ => return Err(Closed::Refused),
    };
    let allowed = port == http || port == https;
    let named = !url.username().is_empty() || url.password().is_some();
    if !allowed || named || url.as_str().len() > MAX_ADDRESS {
        return Err(Closed::Refused);
    }
    let name = url.host_str().ok_or(Closed::Refused)?.to_owned();
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let addresses = match bare.parse::<IpAddr>() {
        Ok(address) => vec![address],
        Err(_) => (reach.resolve)(name.clone())
            .await
            .ok_or(Closed::NoSuchHost)?,
    };
    if addresses.is_empty() || !addresses.iter().all(|address| (reach.may_ask)(*address)) {
        return Err(Closed::Refused);
    }
    let pinned: Vec<SocketAddr> = addresses
        .iter()
        .map(|ip| SocketAddr::new(*ip, port))
        .collect();
    Client::builder()
        .user_agent(manner.agent)
        .redirect(Policy::none())
        .no_proxy()
        .timeout(manner.answer)
        .connect_timeout(manner.connect)
        .pool_max_idle_per_host(1)
        .resolve_to_addrs(&name, &pinned)
        .build()
        .map_err(|_| Closed::Broken)
}

/// A reach for tests: names that end in `.example` are this machine, and nothing else may be asked.
#[cfg(test)]
pub(crate) fn loopback(ports: [u16; 2]) -> Reach {
    Reach {
        resolve: Arc::new(|name| {
            Box::pin(async move {
                let inside = name.ends_with(".example");
                inside.then(|| vec![IpAddr::from([127, 0, 0, 1])])
            })
        }),
        may_ask: |address| address.is_loopback(),
        ports,
    }
}
