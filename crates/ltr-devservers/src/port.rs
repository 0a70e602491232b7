//! Free ports on 127.0.0.1.

use std::net::{Ipv4Addr, TcpListener};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// Below the ports that systems give to outgoing connections: a client that tries again and again while its
/// server is down could otherwise be given the server's own port, connect to itself, and keep it.
const FIRST: u32 = 20_000;
const COUNT: u32 = 12_000;

/// A port nobody listens on now; another process may take it before we do, so callers try again with the next.
pub(crate) fn free() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Processes begin at places of their own, so that tests running side by side seldom meet.
    let begin = process::id().wrapping_mul(61);
    for _ in 0..COUNT {
        let offset = begin.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT;
        let port = u16::try_from(FIRST + offset).expect("the range ends below 65536");
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    0 // All taken: port 0 makes the server fail and say so.
}
