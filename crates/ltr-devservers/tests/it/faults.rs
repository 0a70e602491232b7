//! Servers are killed, their owners are killed, and what is left is swept.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use ltr_devservers::{NatsServer, Options, PostgresServer, Servers};

use crate::fixture::{connect, nats_info, options, own_base, runs, wait_for};

#[tokio::test]
async fn a_killed_postgres_comes_back_with_its_data() {
    let mut server = PostgresServer::start(&options()).await.unwrap();
    let url = server.fresh_database("crash").await.unwrap();
    let client = connect(&url).await;
    client
        .batch_execute("CREATE TABLE t (n int); INSERT INTO t VALUES (7)")
        .await
        .unwrap();
    let before = server.pid().unwrap();

    server.kill().unwrap();
    assert_eq!(server.pid(), None);
    wait_for("the kill", || !runs(before));
    server.restart().await.unwrap();
    let kept: i32 = connect(&url)
        .await
        .query_one("SELECT n FROM t", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(kept, 7);

    // The same from outside, as another process would do it, and in order.
    kill_nine(server.pid().unwrap());
    server.restart().await.unwrap();
    server.restart().await.unwrap();
    let kept: i32 = connect(&url)
        .await
        .query_one("SELECT n FROM t", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(kept, 7);
    server.stop().await;
}

#[tokio::test]
async fn a_killed_nats_server_comes_back_at_its_address() {
    let mut server = NatsServer::start(&options()).await.unwrap();
    let (url, before) = (server.url().to_owned(), server.pid());
    server.kill().unwrap();
    server.restart().await.unwrap();
    assert_ne!(server.pid(), before);
    assert_eq!(
        nats_info(&url).await["port"].as_u64().unwrap().to_string(),
        url.rsplit(':').next().unwrap()
    );
    server.stop().await;
}

#[tokio::test]
async fn servers_end_when_their_owner_is_killed() {
    let (_directory, options) = own_base();
    let mut owner = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "faults::owner_to_be_killed",
            "--ignored",
            "--nocapture",
        ])
        .env("LTR_TEST_BASE", &options.base)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(owner.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let pids: Vec<u32> = lines
        .filter_map(|line| line.rsplit("pid ").next()?.parse().ok())
        .take(2)
        .collect();
    assert!(pids.len() == 2 && pids.iter().all(|pid| runs(*pid)), "{pids:?}");

    owner.kill().unwrap();
    owner.wait().unwrap();
    wait_for("the servers' end", || !pids.iter().any(|pid| runs(*pid)));
    wait_for("their directories' removal", || {
        homes_in(&options.base).is_empty()
    });
}

#[tokio::test]
#[ignore = "the process that the test above kills"]
async fn owner_to_be_killed() {
    let base = PathBuf::from(env::var_os("LTR_TEST_BASE").expect("set by the test that runs this"));
    let servers = Servers::start(Options { base, ..options() }).await.unwrap();
    println!(
        "\npid {}\npid {}",
        servers.nats_pid().unwrap(),
        servers.postgres_pid().unwrap()
    );
    thread::sleep(Duration::from_secs(60));
}

#[tokio::test]
async fn what_a_dead_owner_left_is_swept() {
    let (_directory, options) = own_base();
    let first = NatsServer::start(&options).await.unwrap();

    // As after the death of an owner and its watcher: a server, its directory, and an owner file without a lock.
    let left = options.base.canonicalize().unwrap().join("999999-0");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("owner"), "owner 999999\n").unwrap();
    let mut leftover = Command::new(first.found().program().unwrap())
        .args(["-a", "127.0.0.1", "-p", "-1", "-js", "-sd"])
        .arg(left.join("data"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for("its data", || left.join("data/jetstream").exists());

    let second = NatsServer::start(&options).await.unwrap();
    assert!(
        leftover.try_wait().unwrap().is_some(),
        "the leftover server has ended"
    );
    assert!(!left.exists());
    assert!(
        second
            .found()
            .remarks
            .iter()
            .any(|remark| remark.contains("999999-0")),
        "{:?}",
        second.found()
    );
    assert!(
        runs(first.pid().unwrap()),
        "a server whose owner lives is left alone"
    );
    first.stop().await;
    second.stop().await;
}

fn homes_in(base: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(base).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect()
}

fn kill_nine(pid: u32) {
    assert!(
        Command::new("kill")
            .args(["-9", &pid.to_string()])
            .status()
            .expect("every system has kill")
            .success()
    );
}
