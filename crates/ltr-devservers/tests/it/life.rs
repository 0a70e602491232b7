//! Servers start, answer, hold databases, and leave nothing behind.

use std::path::PathBuf;

use ltr_devservers::{NatsServer, Options, PostgresServer, Servers, ServersError, url_as};

use crate::fixture::{connect, nats_info, options, own_base, runs};

#[tokio::test]
async fn a_pair_starts_answers_and_leaves_nothing() {
    let servers = Servers::start(options()).await.unwrap();
    let one: i32 = connect(servers.database_url())
        .await
        .query_one("SELECT 1", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(one, 1);
    let info = nats_info(servers.nats_url()).await;
    assert_eq!(
        info["version"].as_str(),
        Some(servers.report().nats.version.to_string().as_str())
    );
    assert_eq!(info["jetstream"].as_bool(), Some(true));
    println!("{}", servers.report());

    let directories: Vec<PathBuf> = servers
        .directories()
        .iter()
        .map(|path| path.to_path_buf())
        .collect();
    let pids = [servers.nats_pid().unwrap(), servers.postgres_pid().unwrap()];
    assert!(
        directories
            .iter()
            .all(|directory| directory.join("owner").exists())
    );
    assert!(pids.into_iter().all(runs));
    servers.stop().await;
    assert!(
        !directories.iter().any(|directory| directory.exists()),
        "{directories:?}"
    );
    assert!(!pids.into_iter().any(runs));
}

#[tokio::test]
async fn dropped_servers_leave_nothing_and_kept_ones_their_directory() {
    let (_directory, options) = own_base();
    let server = NatsServer::start(&options).await.unwrap();
    let (pid, directory) = (server.pid().unwrap(), server.directory().unwrap().to_path_buf());
    drop(server);
    assert!(!runs(pid) && !directory.exists());

    let kept = NatsServer::start(&Options {
        keep: true,
        ..options.clone()
    })
    .await
    .unwrap();
    let directory = kept.directory().unwrap().to_path_buf();
    kept.stop().await;
    NatsServer::start(&options).await.unwrap().stop().await;
    assert!(directory.join("log").exists(), "the sweep leaves it too");
}

#[tokio::test]
async fn each_database_is_its_own_and_roles_have_their_rights() {
    let server = PostgresServer::start(&options()).await.unwrap();
    let (first, second) = tokio::join!(server.fresh_database("rights"), server.fresh_database("rights"));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_ne!(first, second);

    let owner = connect(&first).await;
    owner
        .batch_execute("CREATE SCHEMA s; CREATE TABLE s.t (n int); INSERT INTO s.t VALUES (1)")
        .await
        .unwrap();
    connect(&url_as(&first, "ltr_project"))
        .await
        .batch_execute("INSERT INTO s.t VALUES (2)")
        .await
        .unwrap();
    let serve = connect(&url_as(&first, "ltr_serve")).await;
    let count: i64 = serve
        .query_one("SELECT count(*) FROM s.t", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(count, 2);
    assert!(serve.batch_execute("INSERT INTO s.t VALUES (3)").await.is_err());
    assert!(
        connect(&second)
            .await
            .batch_execute("SELECT FROM s.t")
            .await
            .is_err()
    );

    let refused = server.fresh_database("Robert'); --").await.unwrap_err();
    assert!(matches!(refused, ServersError::DatabaseName { .. }));
    server.stop().await;
}
