//! One private server for all tests of a process, and a migrated database for each.

use ltr_devservers::{Options, PostgresServer};
use ltr_ports::store::conformance::Place;
use ltr_store_pg::{Config, PgStore, migrate};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

/// A database with a store in it.
pub(crate) struct Database {
    pub(crate) url: String,
}

impl Place for Database {
    type Store = PgStore;

    async fn open(&self) -> PgStore {
        PgStore::connect(Config::new(&self.url))
            .await
            .expect("the database is migrated")
    }
}

/// A new database with empty tables.
pub(crate) async fn fresh_place() -> Database {
    let url = empty_database().await;
    migrate(&url).await.expect("an empty database can be migrated");
    Database { url }
}

/// A new database without tables, whose sessions act as the owner.
pub(crate) async fn empty_database() -> String {
    static SERVER: OnceCell<PostgresServer> = OnceCell::const_new();
    let start = || async {
        PostgresServer::start(&Options::in_workspace())
            .await
            .expect("a server can be started")
    };
    let server = SERVER.get_or_init(start).await;
    server
        .fresh_database("store")
        .await
        .expect("a database can be made")
}

/// A connection past the adapter.
pub(crate) async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .expect("the server answers");
    tokio::spawn(connection);
    client
}
