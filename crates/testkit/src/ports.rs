//! Free loopback ports below 32768, where the kernel does not hand out its own: a server that is killed and started
//! again finds its port free.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::{Ipv4Addr, TcpListener};

/// Returns a loopback port that is free now, between 20000 and 32000.
///
/// # Errors
/// `AddrInUse` when 200 throws found none.
pub fn free_port() -> io::Result<u16> {
    listener()?.local_addr().map(|address| address.port())
}

/// Returns a listener that already holds such a port, so that nobody can take it in between.
pub(crate) fn listener() -> io::Result<TcpListener> {
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..200 {
        // The standard library's per-hasher random key is all the randomness that this needs.
        let dice = RandomState::new().build_hasher().finish() % 12_000;
        let port = 20_000 + u16::try_from(dice).unwrap_or(0);
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_lie_below_the_kernels_own_and_are_not_always_the_same() {
        let ports: std::collections::BTreeSet<u16> =
            (0..10).map(|_| free_port().expect("a port")).collect();
        assert!(ports.iter().all(|port| (20_000..32_768).contains(port)));
        assert!(ports.len() > 1);
    }
}
