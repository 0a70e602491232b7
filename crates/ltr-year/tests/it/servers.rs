//! Years on the full stack: each seed with a log, a queue and a store of its own on real servers. `LTR_YEARS_SEED` is the
//! first seed, `LTR_YEARS` says how many follow each other, `LTR_YEARS_PEOPLE` how many people live in each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use ltr_devservers::{Options, Servers};
use ltr_log_nats::{NatsLog, NatsRereads, Options as LogOptions};
use ltr_ports::log::ClockKind;
use ltr_ports::rereads::LEASE;
use ltr_store_pg::PgStore;

use crate::walked::{Cast, Stand, Walked, assert_right, number, print};

/// So many years are walked side by side: each has a client and two servers, and waits little.
const SIDE_BY_SIDE: usize = 2;

async fn stand(servers: &Servers) -> Stand<NatsLog, PgStore> {
    let log = NatsLog::open(LogOptions::new(servers.nats_url()).creating(ClockKind::Simulated))
        .await
        .unwrap();
    let database = servers.fresh_database("year").await.unwrap();
    ltr_store_pg::migrate(&database).await.unwrap();
    let store = PgStore::connect(ltr_store_pg::Config::new(database))
        .await
        .unwrap();
    let rereads = Arc::new(NatsRereads::open(&log, LEASE).await.unwrap());
    Stand { log, store, rereads }
}

/// Walks a year on servers that nobody else uses.
async fn walked(cast: &Cast) -> Walked {
    let mut options = Options::in_workspace();
    (options.search.nats_url, options.search.database_url) = (None, None);
    let servers = Servers::start(options).await.unwrap();
    cast.walked(async |_| stand(&servers).await).await
}

#[test]
fn years_with_every_fault_on_real_servers_are_right_and_honest() {
    let (seed, people) = (number("LTR_YEARS_SEED", 1), number("LTR_YEARS_PEOPLE", 300));
    let after = seed + number("LTR_YEARS", 10);
    println!("seeds {seed} to {}, {people} people each, every fault", after - 1);
    let next = AtomicU32::new(seed);
    let walk_on = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= after {
                return;
            }
            let walked = runtime.block_on(walked(&Cast::with_every_fault(seed, people)));
            println!("seed {seed}:");
            print(&walked);
            assert_right(&walked, people);
        }
    };
    thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(walk_on);
        }
    });
}
