//! A TCP proxy on loopback that fails when told: it can hold every byte, as a silent network does, or cut every connection.

use crate::ports;
use std::{io, net::Ipv4Addr};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, tcp},
    sync::watch,
    task::JoinHandle,
};

/// What the proxy does with connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Passes everything on.
    Well,
    /// Accepts connections and holds every byte until it is well again.
    Silent,
    /// Ends every connection, new ones at once.
    Cut,
}

/// A running proxy. Dropping it ends every connection through it.
#[derive(Debug)]
pub struct FaultProxy {
    port: u16,
    network: watch::Sender<Network>,
    accepting: JoinHandle<()>,
}

impl FaultProxy {
    /// Starts a proxy before a port of this machine. Needs a tokio runtime around it.
    ///
    /// # Errors
    /// When there is no free port.
    pub fn start(target: u16) -> io::Result<Self> {
        let listener = ports::listener()?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let listener = TcpListener::from_std(listener)?;
        let network = watch::Sender::new(Network::Well);
        let told = network.subscribe();
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if *told.borrow() != Network::Cut {
                    tokio::spawn(serve(near, target, told.clone()));
                }
            }
        });
        Ok(Self {
            port,
            network,
            accepting,
        })
    }

    /// The port to connect to, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Changes what the network does, for connections that are there too.
    pub fn set(&self, network: Network) {
        self.network.send_replace(network);
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Carries one connection until it ends or is cut.
async fn serve(near: TcpStream, target: u16, mut network: watch::Receiver<Network>) {
    let Ok(far) = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).await else {
        return;
    };
    let (near_in, near_out) = near.into_split();
    let (far_in, far_out) = far.into_split();
    tokio::select! {
        () = carry(near_in, far_out, network.clone()) => {}
        () = carry(far_in, near_out, network.clone()) => {}
        _ = network.wait_for(|network| *network == Network::Cut) => {}
    }
}

async fn carry(
    mut from: tcp::OwnedReadHalf,
    mut to: tcp::OwnedWriteHalf,
    mut network: watch::Receiver<Network>,
) {
    let mut piece = vec![0_u8; 16 * 1024];
    while let Ok(size @ 1..) = from.read(&mut piece).await {
        // What was read while the network is silent is held here.
        let passing = network
            .wait_for(|network| *network == Network::Well)
            .await
            .is_ok();
        if !passing || to.write_all(&piece[..size]).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    async fn echo_server() -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    let _ = tokio::io::copy(&mut from, &mut to).await;
                });
            }
        });
        port
    }

    #[tokio::test]
    async fn bytes_pass_are_held_and_connections_are_cut() {
        let proxy = FaultProxy::start(echo_server().await).unwrap();
        let address = (Ipv4Addr::LOCALHOST, proxy.port());
        let mut client = TcpStream::connect(address).await.unwrap();
        let mut got = [0_u8; 4];
        client.write_all(b"well").await.unwrap();
        client.read_exact(&mut got).await.unwrap();
        assert_eq!(&got, b"well");
        proxy.set(Network::Silent);
        client.write_all(b"held").await.unwrap();
        let waiting = tokio::time::timeout(Duration::from_millis(200), client.read(&mut got));
        assert!(waiting.await.is_err());
        proxy.set(Network::Well);
        client.read_exact(&mut got).await.unwrap();
        assert_eq!(&got, b"held");
        proxy.set(Network::Cut);
        assert_eq!(client.read(&mut got).await.unwrap_or(0), 0);
        let mut again = TcpStream::connect(address).await.unwrap();
        assert_eq!(again.read(&mut got).await.unwrap_or(0), 0);
    }
}
