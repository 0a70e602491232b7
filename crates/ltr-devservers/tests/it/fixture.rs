//! What the tests share: options of their own, clients, and a look at processes.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use ltr_devservers::Options;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio_postgres::{Client, NoTls};

/// Private servers whatever the environment names.
pub(crate) fn options() -> Options {
    let mut options = Options::in_workspace();
    options.search.nats_url = None;
    options.search.database_url = None;
    options
}

/// A base of its own, which every user may enter.
pub(crate) fn own_base() -> (TempDir, Options) {
    let directory = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o755))
        .tempdir()
        .expect("there is a temporary directory");
    let base = directory.path().join("servers");
    (directory, Options { base, ..options() })
}

pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .expect("the database answers");
    tokio::spawn(connection);
    client
}

pub(crate) async fn nats_info(url: &str) -> serde_json::Value {
    let stream = TcpStream::connect(url.strip_prefix("nats://").expect("an address of a NATS server"))
        .await
        .expect("the NATS server answers");
    let mut line = String::new();
    BufReader::new(stream)
        .read_line(&mut line)
        .await
        .expect("it introduces itself");
    serde_json::from_str(line.strip_prefix("INFO ").expect("as INFO")).expect("in JSON")
}

/// Whether the server with this id runs; one that has ended and is not yet waited for does not.
pub(crate) fn runs(pid: u32) -> bool {
    let listed = Command::new("ps")
        .args(["-o", "state=", "-o", "comm=", "-p", &pid.to_string()])
        .output();
    let line = listed
        .map(|listed| String::from_utf8_lossy(&listed.stdout).into_owned())
        .expect("every system has ps");
    !line.starts_with('Z') && (line.contains("nats-server") || line.contains("postgres"))
}

pub(crate) fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain for: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}
