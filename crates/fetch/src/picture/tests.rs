//! Pictures from servers on this machine that behave well, badly and worse.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::*;
use crate::{guard::is_public, reach::loopback};

/// The beginning of a JPEG and something behind it.
fn picture(length: usize) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0];
    bytes.resize(length, 7);
    bytes
}

fn small() -> PictureLimits {
    PictureLimits {
        bytes: 100_000,
        connect: Duration::from_millis(400),
        silence: Duration::from_millis(300),
        whole: Duration::from_millis(900),
        at_once: 2,
    }
}

/// A site that counts who asks it.
struct Site {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Site {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(serve(stream, address.port()));
            }
        });
        Self { address, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://photos.example:{}{path}", self.address.port())
    }

    fn fetcher(&self) -> PictureFetcher {
        PictureFetcher::over_plain_http(loopback([self.address.port(), 1]), small())
    }

    async fn code(&self, path: &str) -> String {
        match self.fetcher().fetch(&self.url(path)).await {
            Ok(_) => "fetched".to_owned(),
            Err(MediumFault::Unreadable { code, plain }) => {
                assert!(!plain.contains("example") && !plain.contains(path));
                code
            }
            Err(other) => format!("{other:?}"),
        }
    }
}

async fn serve(mut stream: TcpStream, port: u16) {
    let mut request = vec![0; 4096];
    let read = stream.read(&mut request).await.unwrap_or_default();
    let request = String::from_utf8_lossy(&request[..read]).into_owned();
    assert!(!request.to_lowercase().contains("cookie"), "{request}");
    let path = request.split_whitespace().nth(1).unwrap_or_default();
    let leads = |to: &str| {
        let to = to.replace("PORT", &port.to_string());
        format!(
            "HTTP/1.1 302 Found\r\nLocation: {to}\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
        )
    };
    let ok = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
    let whole = |bytes: &[u8]| {
        let head = format!("{ok}Content-Length: {}\r\n\r\n", bytes.len());
        [head.as_bytes(), bytes].concat()
    };
    let said: Vec<u8> = match path {
        "/a.jpg" => whole(&picture(5_000)),
        "/edge.jpg" => whole(&picture(100_000)),
        "/page" => whole(b"<!doctype html><title>Sign in to see this photo</title>"),
        "/words" => whole(b"no such picture, ask somebody else about it please"),
        "/short" => whole(b"no"),
        "/empty" => whole(b""),
        "/said-large" => format!("{ok}Content-Length: 900000000\r\n\r\nx").into_bytes(),
        "/large" => [format!("{ok}\r\n").as_bytes(), &picture(100_001)].concat(),
        "/cut" => [
            format!("{ok}Content-Length: 6000\r\n\r\n").as_bytes(),
            &picture(5_000),
        ]
        .concat(),
        "/drip" => {
            drop(stream.write_all(format!("{ok}\r\n").as_bytes()).await);
            for byte in picture(200) {
                if stream.write_all(&[byte]).await.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            return;
        }
        "/silent" => {
            tokio::time::sleep(Duration::from_secs(5)).await;
            return;
        }
        "/stalls" => {
            let head = format!("{ok}Content-Length: 6000\r\n\r\n");
            drop(
                stream
                    .write_all(&[head.as_bytes(), &picture(99)].concat())
                    .await,
            );
            tokio::time::sleep(Duration::from_secs(5)).await;
            return;
        }
        "/once" => leads("/a.jpg").into_bytes(),
        "/five" => leads("/four").into_bytes(),
        "/four" => leads("http://other.example:PORT/three").into_bytes(),
        "/three" => leads("/two").into_bytes(),
        "/two" => leads("/once").into_bytes(),
        "/six" => leads("/five").into_bytes(),
        "/loop" => leads("/loop").into_bytes(),
        "/inside" => leads("http://10.0.0.1:PORT/").into_bytes(),
        "/metadata" => leads("http://169.254.169.254:PORT/latest/").into_bytes(),
        "/mapped" => leads("http://[::ffff:10.0.0.1]:PORT/").into_bytes(),
        "/file" => leads("file:///etc/passwd").into_bytes(),
        "/data" => leads("data:image/png;base64,AAAA").into_bytes(),
        "/port" => leads("http://photos.example:22/").into_bytes(),
        "/user" => leads("http://a:b@photos.example:PORT/").into_bytes(),
        "/nobody" => leads("http://nobody.invalid:PORT/").into_bytes(),
        "/nowhere" => b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
        "/broken" => b"no http at all\r\n\r\n".to_vec(),
        "/part" => b"HTTP/1.1 206 Partial\r\nContent-Length: 4\r\n\r\n\xff\xd8\xff\xe0".to_vec(),
        _ => b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".to_vec(),
    };
    drop(stream.write_all(&said).await);
}

#[tokio::test]
async fn a_picture_is_fetched_whatever_the_server_calls_it() {
    let site = Site::start().await;
    for (path, length) in [("/a.jpg", 5_000), ("/five", 5_000), ("/edge.jpg", 100_000)] {
        let bytes = site.fetcher().fetch(&site.url(path)).await.unwrap();
        assert_eq!(bytes, picture(length), "{path}");
    }
}

#[tokio::test]
async fn every_stop_is_checked_again_and_what_is_no_picture_is_told() {
    let site = Site::start().await;
    for (path, wanted) in [
        ("/inside", "fetch_refused"),
        ("/metadata", "fetch_refused"),
        ("/mapped", "fetch_refused"),
        ("/file", "fetch_refused"),
        ("/data", "fetch_refused"),
        ("/port", "fetch_refused"),
        ("/user", "fetch_refused"),
        ("/nobody", "fetch_no_such_host"),
        ("/loop", "fetch_too_many_hops"),
        ("/six", "fetch_too_many_hops"),
        ("/nowhere", "fetch_broken"),
        ("/broken", "fetch_broken"),
        ("/cut", "fetch_broken"),
        ("/missing", "fetch_status"),
        ("/part", "fetch_status"),
        ("/page", "fetch_not_a_picture"),
        ("/words", "fetch_not_a_picture"),
        ("/short", "fetch_not_a_picture"),
        ("/empty", "fetch_not_a_picture"),
    ] {
        assert_eq!(site.code(path).await, wanted, "{path}");
    }
}

#[tokio::test]
async fn a_size_is_counted_and_only_believed_against_the_sender() {
    let site = Site::start().await;
    for path in ["/large", "/said-large"] {
        let fault = site.fetcher().fetch(&site.url(path)).await.unwrap_err();
        assert_eq!(fault, MediumFault::TooLarge("more than 0 MB".to_owned()));
    }
}

#[tokio::test]
async fn a_server_that_is_slow_or_silent_is_given_up() {
    let site = Site::start().await;
    for path in ["/drip", "/silent", "/stalls"] {
        let started = Instant::now();
        assert_eq!(site.code(path).await, "fetch_timed_out", "{path}");
        assert!(started.elapsed() < Duration::from_secs(3), "{path}");
    }
}

#[tokio::test]
async fn who_waits_for_a_turn_is_given_up_in_time() {
    let site = Site::start().await;
    let fetcher = site.fetcher();
    let _taken = fetcher.slots.acquire_many(2).await.unwrap();
    let fault = fetcher.fetch(&site.url("/a.jpg")).await;
    assert!(fault.is_err());
    assert_eq!(site.asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn what_is_not_public_is_refused_before_anything_is_sent() {
    let fetcher = PictureFetcher::default();
    let long = format!("https://1.1.1.1/{}", "a".repeat(5_000));
    for address in [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://192.168.0.1/a.jpg",
        "https://localhost/a.jpg",
        "http://1.1.1.1/a.jpg",
        "https://1.1.1.1:8443/a.jpg",
        "https://1.1.1.1:80/a.jpg",
        "https://u@1.1.1.1/a.jpg",
        "https://u:p@1.1.1.1/a.jpg",
        "ftp://1.1.1.1/a.jpg",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "nonsense",
        "",
        &long,
    ] {
        match fetcher.fetch(address).await {
            Err(MediumFault::Unreadable { code, .. }) => {
                assert_eq!(code, "fetch_refused", "{address}");
            }
            other => panic!("{address}: {other:?}"),
        }
    }
}

/// A listener that nobody may reach.
async fn canary() -> (u16, Arc<AtomicUsize>) {
    let site = Site::start().await;
    (site.address.port(), site.asked)
}

#[tokio::test]
async fn a_name_that_changes_its_mind_or_has_a_closed_address_reaches_nobody() {
    let (port, reached) = canary().await;
    let mut reach = loopback([port, 1]);
    // one open address beside a closed one
    reach.resolve = Arc::new(|_| {
        Box::pin(async {
            Some(vec![
                IpAddr::from([1, 1, 1, 1]),
                IpAddr::from([127, 0, 0, 1]),
            ])
        })
    });
    reach.may_ask = is_public;
    let fetcher = PictureFetcher::over_plain_http(reach, small());
    let address = format!("http://two.example:{port}/a.jpg");
    assert!(fetcher.fetch(&address).await.is_err());
    assert_eq!(reached.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_name_is_resolved_once_a_stop_and_not_again_to_connect() {
    let site = Site::start().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let mut reach = loopback([site.address.port(), 1]);
    let counter = Arc::clone(&asked);
    // the second answer would lead inside the network
    reach.resolve = Arc::new(move |_| {
        let first = counter.fetch_add(1, Ordering::Relaxed) == 0;
        let address = IpAddr::from(if first { [127, 0, 0, 1] } else { [10, 0, 0, 1] });
        Box::pin(async move { Some(vec![address]) })
    });
    let fetcher = PictureFetcher::over_plain_http(reach, small());
    assert!(fetcher.fetch(&site.url("/a.jpg")).await.is_ok());
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    // each redirect is a stop of its own, and its name is resolved and checked again
    assert!(fetcher.fetch(&site.url("/once")).await.is_err());
}
