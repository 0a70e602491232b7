//! Something between a command and a server that watches what passes, and stops it at a chosen place.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::house::{Running, until};

/// What happens at the chosen place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Nothing: all passes.
    Nothing,
    /// What begins there does not reach the server, nor does anything after it.
    Before,
    /// It waits for [`Proxy::release`], then reaches the server; no answer comes back.
    After,
}

/// Where the chosen place is, told by texts in what the command sends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    /// The text that is counted.
    pub(crate) progress: &'static [u8],
    /// How often it must have passed.
    pub(crate) goal: u64,
    /// The text at which it happens then.
    pub(crate) at: &'static [u8],
    /// Of these two, the first must have passed last.
    pub(crate) follows: Option<(&'static [u8], &'static [u8])>,
    pub(crate) cut: Cut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Passing,
    Tripped,
    Released,
}

/// Passes connections on to one server, until the place is reached.
pub(crate) struct Proxy {
    place: String,
    shared: Arc<Shared>,
}

struct Shared {
    rule: Rule,
    goal: AtomicU64,
    seen: AtomicU64,
    state: watch::Sender<State>,
}

impl Proxy {
    /// In front of the server at `host:port`.
    pub(crate) async fn before(server: &str, rule: Rule) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let place = listener.local_addr().expect("it listens").to_string();
        let shared = Arc::new(Shared {
            goal: AtomicU64::new(rule.goal),
            rule,
            seen: AtomicU64::new(0),
            state: watch::Sender::new(State::Passing),
        });
        tokio::spawn(accept(listener, server.to_owned(), Arc::clone(&shared)));
        Self { place, shared }
    }

    /// Where commands connect.
    pub(crate) fn place(&self) -> String {
        self.place.clone()
    }

    /// From here on the next occurrence counts.
    pub(crate) fn arm(&self) {
        self.shared.goal.store(0, Ordering::SeqCst);
    }

    /// Waits until the place is reached; the command must not end before.
    pub(crate) async fn tripped(&self, running: &mut Running) {
        until("the place to be reached", async || {
            if let Some(status) = running.child.try_wait().expect("the child is ours") {
                panic!("it ended with {status} before it was killed");
            }
            (*self.shared.state.borrow() >= State::Tripped).then_some(())
        })
        .await;
    }

    /// Lets what waits go on to the server.
    pub(crate) fn release(&self) {
        self.shared.state.send_replace(State::Released);
    }
}

async fn accept(listener: TcpListener, server: String, shared: Arc<Shared>) {
    while let Ok((client, _)) = listener.accept().await {
        let Ok(server) = TcpStream::connect(&server).await else {
            return;
        };
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::spawn(requests(from_client, to_server, Arc::clone(&shared)));
        tokio::spawn(answers(from_server, to_client, Arc::clone(&shared)));
    }
}

async fn requests(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shared: Arc<Shared>) {
    let mut watcher = Watcher::default();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let Ok(length @ 1..) = from.read(&mut chunk).await else {
            return;
        };
        let bytes = &chunk[..length];
        let tripped_at = watcher.look(bytes, &shared);
        match (shared.rule.cut, tripped_at) {
            (Cut::Before, Some(place)) => {
                let _ = to.write_all(&bytes[..place]).await;
                shared.state.send_replace(State::Tripped);
                // The command hangs until it is killed; only then does the server learn that nothing more will come.
                while matches!(from.read(&mut chunk).await, Ok(1..)) {}
                return;
            }
            (Cut::After, Some(_)) => {
                shared.state.send_replace(State::Tripped);
                let mut state = shared.state.subscribe();
                if state.wait_for(|state| *state == State::Released).await.is_err() {
                    return;
                }
            }
            (Cut::Nothing, Some(_)) => {
                shared.state.send_replace(State::Tripped);
            }
            (_, None) => {}
        }
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}

async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shared: Arc<Shared>) {
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let Ok(length @ 1..) = from.read(&mut chunk).await else {
            return;
        };
        let swallowed = shared.rule.cut != Cut::Nothing && *shared.state.borrow() >= State::Tripped;
        if !swallowed && to.write_all(&chunk[..length]).await.is_err() {
            return;
        }
    }
}

/// Finds the rule's texts in a stream of bytes, also where they lie across two chunks.
#[derive(Default)]
struct Watcher {
    /// The end of what passed before, shorter than the longest text.
    tail: Vec<u8>,
    /// Whether the first of the two texts in `follows` passed last.
    follows: bool,
}

impl Watcher {
    /// Looks at a chunk; gives where in it the chosen place begins, if it is reached (0 if before it).
    fn look(&mut self, chunk: &[u8], shared: &Shared) -> Option<usize> {
        let rule = &shared.rule;
        let mut texts = vec![rule.progress, rule.at];
        texts.extend(rule.follows.map(|(_, second)| second));
        texts.extend(rule.follows.map(|(first, _)| first));
        texts.sort_unstable();
        texts.dedup();
        let known = self.tail.len();
        let bytes = [&self.tail, chunk].concat();
        let mut tripped_at = None;
        for place in 0..bytes.len() {
            let Some(text) = texts.iter().find(|text| bytes[place..].starts_with(text)) else {
                continue;
            };
            if place + text.len() <= known {
                // Seen with the chunk before.
                continue;
            }
            let due = shared.seen.load(Ordering::SeqCst) >= shared.goal.load(Ordering::SeqCst)
                && (rule.follows.is_none() || self.follows);
            if *text == rule.at && due && *shared.state.borrow() == State::Passing && tripped_at.is_none() {
                tripped_at = Some(place.saturating_sub(known));
            }
            if *text == rule.progress {
                shared.seen.fetch_add(1, Ordering::SeqCst);
            }
            if let Some((first, second)) = rule.follows {
                self.follows = *text == first || (self.follows && *text != second);
            }
        }
        let longest = texts.iter().map(|text| text.len()).max().unwrap_or(1);
        let kept = bytes.len().min(longest - 1);
        self.tail = bytes[bytes.len() - kept..].to_vec();
        tripped_at
    }
}
