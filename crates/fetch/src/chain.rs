//! Follows a link from stop to stop, as a browser would, and reads nothing of the pages.
//!
//! A name is resolved here, once a stop, every address of it is checked, and the connection goes to one of the checked
//! addresses: a name that answers differently the second time is never asked a second time.

use std::{sync::Arc, time::Duration};

use reqwest::{Client, Method, Response, Url, header::LOCATION};
use schoolgate_model::{LinkFact, LinkFacts, LinkFault, LinkHop, Redacted};
use tokio::{sync::Semaphore, time::timeout};

use crate::reach::{Closed, Manner, Reach, client_for};

/// How often a link may lead on.
const MAX_HOPS: usize = 6;
/// How long one stop may take.
const STOP: Duration = Duration::from_secs(5);
/// How long a whole way may take.
const WAY: Duration = Duration::from_secs(10);
/// How long all links of one item may take.
const ITEM: Duration = Duration::from_secs(20);
/// Links in hand at once, in the whole process.
const AT_ONCE: usize = 8;
/// How a stop is asked.
const MANNER: Manner = Manner {
    agent: concat!("Schoolgate/", env!("CARGO_PKG_VERSION"), " (link check)"),
    connect: STOP,
    answer: STOP,
};

/// Follows links. Cheap to clone.
#[derive(Clone)]
pub struct Chain {
    reach: Reach,
    slots: Arc<Semaphore>,
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chain").finish_non_exhaustive()
    }
}

impl Default for Chain {
    fn default() -> Self {
        Self::new(Reach::public())
    }
}

impl Chain {
    /// Sets it up; nothing is sent yet.
    pub fn new(reach: Reach) -> Self {
        // the second call in one process finds it done
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            reach,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Follows every address, several at once. What is not done in time is a fault, never a silence.
    pub async fn facts(&self, addresses: Vec<String>) -> LinkFacts {
        let ways = addresses.into_iter().map(|address| {
            let chain = self.clone();
            tokio::spawn(async move {
                match timeout(ITEM, chain.follow(&address)).await {
                    Ok(fact) => fact,
                    Err(_) => fact(&address, Vec::new(), Some(LinkFault::TimedOut)),
                }
            })
        });
        let ways: Vec<_> = ways.collect();
        let mut facts = LinkFacts::default();
        for way in ways {
            // a way that broke down has no fact, and that is a fault for the check
            facts.links.extend(way.await.ok());
        }
        facts
    }

    /// Follows one address to its end.
    pub async fn follow(&self, address: &str) -> LinkFact {
        let Ok(_slot) = self.slots.acquire().await else {
            return fact(address, Vec::new(), Some(LinkFault::NotFollowed));
        };
        let mut hops = Vec::new();
        let walked = timeout(WAY, self.walk(address, &mut hops)).await;
        let fault = walked.unwrap_or(Err(LinkFault::TimedOut)).err();
        fact(address, hops, fault)
    }

    async fn walk(&self, address: &str, hops: &mut Vec<LinkHop>) -> Result<(), LinkFault> {
        let mut url = Url::parse(address).map_err(|_| LinkFault::Refused)?;
        while hops.len() <= MAX_HOPS {
            let (status, next) = timeout(STOP, self.stop(&url))
                .await
                .unwrap_or(Err(LinkFault::TimedOut))?;
            hops.push(hop(&url, status));
            match next {
                Some(next) => url = next,
                None => return Ok(()),
            }
        }
        Err(LinkFault::TooManyHops)
    }

    /// Asks one stop where it leads on to.
    async fn stop(&self, url: &Url) -> Result<(u16, Option<Url>), LinkFault> {
        let client = client_for(&self.reach, url, MANNER)
            .await
            .map_err(link_fault)?;
        let mut answer = asked(&client, Method::HEAD, url).await?;
        if !answer.status().is_redirection() && !answer.status().is_success() {
            // some sites do not answer to HEAD; of the page itself nothing is read, the connection is dropped
            answer = asked(&client, Method::GET, url).await?;
        }
        let status = answer.status().as_u16();
        let redirects = matches!(status, 301 | 302 | 303 | 307 | 308);
        let Some(location) = answer.headers().get(LOCATION).filter(|_| redirects) else {
            return Ok((status, None));
        };
        let location = std::str::from_utf8(location.as_bytes()).map_err(|_| LinkFault::Broken)?;
        let next = url.join(location).map_err(|_| LinkFault::Broken)?;
        Ok((status, Some(next)))
    }
}

fn link_fault(closed: Closed) -> LinkFault {
    match closed {
        Closed::Refused => LinkFault::Refused,
        Closed::NoSuchHost => LinkFault::NoSuchHost,
        Closed::Broken => LinkFault::Broken,
    }
}

async fn asked(client: &Client, method: Method, url: &Url) -> Result<Response, LinkFault> {
    client
        .request(method, url.clone())
        .send()
        .await
        .map_err(|error| {
            if error.is_timeout() {
                LinkFault::TimedOut
            } else if error.is_connect() {
                LinkFault::Unreachable
            } else {
                LinkFault::Broken
            }
        })
}

fn hop(url: &Url, status: u16) -> LinkHop {
    let query = url
        .query()
        .map_or_else(String::new, |query| format!("?{query}"));
    LinkHop {
        scheme: url.scheme().to_owned(),
        host: Redacted::new(url.host_str().unwrap_or_default().to_owned()),
        path: Redacted::new(format!("{}{query}", url.path())),
        status,
    }
}

fn fact(address: &str, hops: Vec<LinkHop>, fault: Option<LinkFault>) -> LinkFact {
    LinkFact {
        address: Redacted::new(address.to_owned()),
        hops,
        fault,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        net::IpAddr,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use schoolgate_testkit::PageServer;

    use super::*;
    use crate::{
        guard::is_public,
        reach::{MAX_ADDRESS, loopback},
    };

    /// A site with the ways that a link can take.
    async fn site() -> PageServer {
        PageServer::start(|method, path| {
            let leads = |to: &str| {
                format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n")
            };
            match (method, path) {
                (_, "/short") => leads("/next"),
                (_, "/next") => leads("http://school.example:PORT/end"),
                (_, "/end") => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_owned(),
                (_, "/loop") => leads("/loop"),
                (_, "/inside") => leads("http://10.0.0.1:PORT/"),
                (_, "/metadata") => leads("http://169.254.169.254:PORT/"),
                (_, "/file") => leads("file:///etc/passwd"),
                (_, "/port") => leads("http://school.example:22/"),
                (_, "/user") => leads("http://a:b@school.example:PORT/"),
                (_, "/nobody") => leads("http://nobody.invalid:PORT/"),
                (_, "/broken") => "no http at all\r\n\r\n".to_owned(),
                ("HEAD", "/nohead") => "HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n".to_owned(),
                ("GET", "/nohead") => leads("/end"),
                (_, "/endless") => {
                    "HTTP/1.1 404 No\r\nContent-Length: 1000000000\r\n\r\nx".to_owned()
                }
                _ => "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".to_owned(),
            }
        })
        .await
        .unwrap()
    }

    async fn way(path: &str) -> (Vec<(String, u16)>, Option<LinkFault>) {
        let site = site().await;
        let chain = Chain::new(loopback([site.port(), 1]));
        let fact = chain
            .follow(&format!("http://short.example:{}{path}", site.port()))
            .await;
        let hops = fact.hops.iter();
        let stops = hops.map(|hop| {
            (
                format!("{}{}", hop.host.expose(), hop.path.expose()),
                hop.status,
            )
        });
        (stops.collect(), fact.fault)
    }

    #[tokio::test]
    async fn a_link_is_followed_to_its_end() {
        let (stops, fault) = way("/short").await;
        assert_eq!(fault, None);
        let wanted = [
            ("short.example/short", 302),
            ("short.example/next", 302),
            ("school.example/end", 200),
        ];
        assert_eq!(
            stops,
            wanted.map(|(stop, status)| (stop.to_owned(), status))
        );
        let (stops, fault) = way("/nohead").await;
        assert_eq!((stops.len(), fault), (2, None));
        let (stops, fault) = way("/endless").await;
        assert_eq!((stops[0].1, fault), (404, None), "a page is never read");
    }

    #[tokio::test]
    async fn every_stop_is_checked_again() {
        for (path, wanted) in [
            ("/inside", LinkFault::Refused),
            ("/metadata", LinkFault::Refused),
            ("/file", LinkFault::Refused),
            ("/port", LinkFault::Refused),
            ("/user", LinkFault::Refused),
            ("/nobody", LinkFault::NoSuchHost),
            ("/loop", LinkFault::TooManyHops),
            ("/broken", LinkFault::Broken),
        ] {
            let (stops, fault) = way(path).await;
            assert_eq!(fault, Some(wanted), "{path}");
            assert!(stops.len() <= MAX_HOPS + 1, "{path}");
        }
    }

    #[tokio::test]
    async fn what_is_not_public_is_refused_before_anything_is_sent() {
        let chain = Chain::default();
        for address in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://169.254.169.254/latest/meta-data",
            "https://192.168.0.1/",
            "http://1.1.1.1:8080/",
            "ftp://1.1.1.1/",
            "http://u@1.1.1.1/",
            "gopher://1.1.1.1/",
            "nonsense",
        ] {
            let fact = chain.follow(address).await;
            assert_eq!(
                (fact.fault, fact.hops.len()),
                (Some(LinkFault::Refused), 0),
                "{address}"
            );
        }
        let long = format!("http://1.1.1.1/{}", "a".repeat(MAX_ADDRESS));
        assert_eq!(chain.follow(&long).await.fault, Some(LinkFault::Refused));
    }

    #[tokio::test]
    async fn one_closed_address_among_open_ones_closes_the_name() {
        let mut reach = loopback([80, 443]);
        reach.resolve = Arc::new(|_| {
            Box::pin(async {
                Some(vec![
                    IpAddr::from([1, 1, 1, 1]),
                    IpAddr::from([10, 0, 0, 1]),
                ])
            })
        });
        reach.may_ask = is_public;
        let fact = Chain::new(reach).follow("http://two.example/").await;
        assert_eq!(fact.fault, Some(LinkFault::Refused));
    }

    #[tokio::test]
    async fn a_name_is_resolved_once_a_stop_and_not_again_to_connect() {
        let site = site().await;
        let asked = Arc::new(AtomicUsize::new(0));
        let mut reach = loopback([site.port(), 1]);
        let counter = Arc::clone(&asked);
        // the second answer would lead inside the network
        reach.resolve = Arc::new(move |_| {
            let first = counter.fetch_add(1, Ordering::Relaxed) == 0;
            let address = IpAddr::from(if first { [127, 0, 0, 1] } else { [10, 0, 0, 1] });
            Box::pin(async move { Some(vec![address]) })
        });
        let chain = Chain::new(reach);
        let fact = chain
            .follow(&format!("http://rebind.example:{}/nohead2", site.port()))
            .await;
        assert_eq!((fact.fault, asked.load(Ordering::Relaxed)), (None, 1));
    }

    #[tokio::test]
    async fn nobody_there_is_a_fault_and_every_address_gets_its_fact() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let chain = Chain::new(loopback([port, 1]));
        let addresses: Vec<String> = (0..20)
            .map(|n| format!("http://a{n}.example:{port}/"))
            .collect();
        let facts = chain.facts(addresses.clone()).await;
        for address in &addresses {
            let fault = facts.of(address).and_then(|fact| fact.fault);
            assert_eq!(fault, Some(LinkFault::Unreachable), "{address}");
        }
    }
}
