//! A web server on loopback that answers what the test says, for whatever follows links.

use std::{io, net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What a request gets: method and path to the raw answer. `PORT` in it stands for the server's own port.
type Answer = dyn Fn(&str, &str) -> String + Send + Sync;

/// A web server that ends with the test.
#[derive(Debug)]
pub struct PageServer {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl PageServer {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// No port can be had.
    pub async fn start(
        answer: impl Fn(&str, &str) -> String + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let answer: Arc<Answer> = Arc::new(answer);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // a caller that hangs up is no concern of the next one
                tokio::spawn(serve(stream, Arc::clone(&answer), address.port()));
            }
        });
        Ok(Self { address, serving })
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

impl Drop for PageServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(mut stream: TcpStream, answer: Arc<Answer>, port: u16) -> io::Result<()> {
    let mut request = Vec::new();
    let mut part = [0; 1024];
    loop {
        while !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let read = stream.read(&mut part).await?;
            if read == 0 {
                return Ok(());
            }
            request.extend_from_slice(&part[..read]);
        }
        let head = String::from_utf8_lossy(&request).into_owned();
        let mut words = head.split_whitespace();
        let (method, path) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        let said = answer(method, path).replace("PORT", &port.to_string());
        stream.write_all(said.as_bytes()).await?;
        request.clear();
    }
}
