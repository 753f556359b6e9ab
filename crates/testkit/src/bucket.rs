//! An S3 service on loopback with one bucket: it keeps objects in memory and insists on signed requests.

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// The bucket's name.
pub const BUCKET: &str = "pictures";
/// The name of the key that may use it.
pub const ACCESS_KEY: &str = "AKIATEST";

type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A bucket that ends with the test.
#[derive(Debug)]
pub struct BucketServer {
    address: SocketAddr,
    objects: Objects,
    serving: JoinHandle<()>,
}

impl BucketServer {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// No port can be had.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let objects = Objects::default();
        let shared = Arc::clone(&objects);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // a caller that hangs up is no concern of the next one
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Ok(Self {
            address,
            objects,
            serving,
        })
    }

    /// Its address.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What is in the bucket, by name.
    pub fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        lock(&self.objects).clone()
    }

    /// Puts something into the bucket behind everybody's back.
    pub fn tamper(&self, name: &str, bytes: &[u8]) {
        lock(&self.objects).insert(name.to_owned(), bytes.to_vec());
    }
}

impl Drop for BucketServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock(objects: &Objects) -> std::sync::MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
    objects.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(mut stream: TcpStream, objects: Objects) -> io::Result<()> {
    let mut request = Vec::new();
    let mut part = vec![0; 64 * 1024];
    loop {
        let head = loop {
            if let Some(end) = request.windows(4).position(|end| end == b"\r\n\r\n") {
                break end + 4;
            }
            let read = stream.read(&mut part).await?;
            if read == 0 {
                return Ok(());
            }
            request.extend_from_slice(&part[..read]);
        };
        let words = String::from_utf8_lossy(&request[..head]).into_owned();
        let length: usize =
            header(&words, "content-length").map_or(0, |text| text.parse().unwrap_or(0));
        while request.len() < head + length {
            let read = stream.read(&mut part).await?;
            if read == 0 {
                return Ok(());
            }
            request.extend_from_slice(&part[..read]);
        }
        let said = answer(&words, &request[head..head + length], &objects);
        stream.write_all(&said).await?;
        request.drain(..head + length);
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

fn answer(head: &str, body: &[u8], objects: &Objects) -> Vec<u8> {
    let mut words = head.split_whitespace();
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let signed = header(head, "authorization").unwrap_or_default();
    let wanted = format!("AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/");
    if !signed.starts_with(&wanted) || !signed.contains("Signature=") {
        return say(
            403,
            "Forbidden",
            b"<Error><Code>AccessDenied</Code></Error>",
            false,
        );
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let Some(name) = path.strip_prefix(&format!("/{BUCKET}")) else {
        return say(
            404,
            "Not Found",
            b"<Error><Code>NoSuchBucket</Code></Error>",
            false,
        );
    };
    let name = name.trim_start_matches('/');
    let mut objects = lock(objects);
    match method {
        "PUT" => {
            objects.insert(name.to_owned(), body.to_vec());
            say(200, "OK", b"", false)
        }
        "GET" if query.contains("list-type=2") => {
            let keys = objects.iter().map(|(name, bytes)| {
                let size = bytes.len();
                format!("<Contents><Key>{name}</Key><Size>{size}</Size><LastModified>2026-11-20T09:00:00.000Z</LastModified></Contents>")
            });
            let list = format!(
                "<ListBucketResult>{}</ListBucketResult>",
                keys.collect::<String>()
            );
            say(200, "OK", list.as_bytes(), false)
        }
        "GET" | "HEAD" => match objects.get(name) {
            Some(bytes) => say(200, "OK", bytes, method == "HEAD"),
            None => say(
                404,
                "Not Found",
                b"<Error><Code>NoSuchKey</Code></Error>",
                method == "HEAD",
            ),
        },
        "DELETE" => {
            objects.remove(name);
            say(204, "No Content", b"", false)
        }
        _ => say(405, "Not Allowed", b"", false),
    }
}

fn say(status: u16, word: &str, body: &[u8], head_only: bool) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} {word}\r\nContent-Length: {}\r\nETag: \"0\"\r\nLast-Modified: Fri, 20 Nov 2026 09:00:00 GMT\r\n\r\n",
        body.len()
    );
    let body = if head_only { b"" } else { body };
    [head.as_bytes(), body].concat()
}
