//! Something between client and server that can hold back, swallow and cut what passes.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes connections on to one server, until told otherwise.
pub(crate) struct Proxy {
    url: String,
    rules: Arc<watch::Sender<Rules>>,
    sent: watch::Receiver<u64>,
}

#[derive(Clone, Copy)]
struct Rules {
    /// How many bytes may pass to the server, over all connections.
    allowance: u64,
    /// Whether the server's words reach the client.
    answers_pass: bool,
    /// Connections of an earlier generation are cut.
    generation: u64,
}

impl Proxy {
    /// In front of the server at `url`.
    pub(crate) async fn before(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let ours = format!("nats://{}", listener.local_addr().unwrap());
        let server = url.trim_start_matches("nats://").to_owned();
        let rules = Rules {
            allowance: u64::MAX,
            answers_pass: true,
            generation: 0,
        };
        let rules = Arc::new(watch::Sender::new(rules));
        let (count, sent) = watch::channel(0);
        tokio::spawn(accept(listener, server, Arc::clone(&rules), Arc::new(count)));
        Self {
            url: ours,
            rules,
            sent,
        }
    }

    /// Where clients connect.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// How many bytes have passed to the server.
    pub(crate) fn sent(&self) -> u64 {
        *self.sent.borrow()
    }

    /// Lets no more than so many bytes pass to the server from here on.
    pub(crate) fn allow_only(&self, bytes: u64) {
        let allowance = self.sent() + bytes;
        self.rules.send_modify(|rules| rules.allowance = allowance);
    }

    /// Waits until all that was allowed has passed.
    pub(crate) async fn used_up(&self) {
        let allowance = self.rules.borrow().allowance;
        self.sent
            .clone()
            .wait_for(|sent| *sent >= allowance)
            .await
            .unwrap();
    }

    /// Swallows what the server says from here on.
    pub(crate) fn swallow_answers(&self) {
        self.rules.send_modify(|rules| rules.answers_pass = false);
    }

    /// Cuts every connection; those made later pass everything.
    pub(crate) fn cut(&self) {
        self.rules.send_modify(|rules| {
            *rules = Rules {
                allowance: u64::MAX,
                answers_pass: true,
                generation: rules.generation + 1,
            };
        });
    }
}

async fn accept(
    listener: TcpListener,
    server: String,
    rules: Arc<watch::Sender<Rules>>,
    count: Arc<watch::Sender<u64>>,
) {
    while let Ok((client, _)) = listener.accept().await {
        let Ok(server) = TcpStream::connect(&server).await else {
            continue;
        };
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let (rules, count) = (rules.subscribe(), Arc::clone(&count));
        tokio::spawn(async move {
            let mut cut = rules.clone();
            let generation = rules.borrow().generation;
            tokio::select! {
                _ = cut.wait_for(|rules| rules.generation > generation) => {}
                () = to_the_server(from_client, to_server, rules.clone(), count) => {}
                () = to_the_client(from_server, to_client, rules) => {}
            }
        });
    }
}

async fn to_the_server(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut rules: watch::Receiver<Rules>,
    count: Arc<watch::Sender<u64>>,
) {
    let generation = rules.borrow().generation;
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let Ok(read @ 1..) = from.read(&mut buffer).await else {
            return;
        };
        let mut left = &buffer[..read];
        while !left.is_empty() {
            let sent = *count.borrow();
            let Ok(now) = rules
                .wait_for(|rules| rules.allowance > sent)
                .await
                .map(|rules| *rules)
            else {
                return;
            };
            // What was held back does not slip through under the rules that follow a cut.
            if now.generation != generation {
                return;
            }
            let may_pass = usize::try_from(now.allowance - sent)
                .unwrap_or(usize::MAX)
                .min(left.len());
            if to.write_all(&left[..may_pass]).await.is_err() {
                return;
            }
            count.send_modify(|sent| *sent += may_pass as u64);
            left = &left[may_pass..];
        }
    }
}

async fn to_the_client(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, rules: watch::Receiver<Rules>) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let Ok(read @ 1..) = from.read(&mut buffer).await else {
            return;
        };
        let passes = rules.borrow().answers_pass;
        if passes && to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
