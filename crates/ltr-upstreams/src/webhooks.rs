//! TRS's webhooks (U§4.6): CloudEvents in binary mode, signed, tried again for three days and then dropped. They are sent
//! side by side, so nothing can be read from the order in which they come.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use ltr_ports::clock::Pace;

mod endpoint;
mod keys;
mod message;
mod sign;

pub use endpoint::Endpoint;
pub use keys::Keys;
pub use message::{Kind, Webhook};
pub use sign::Form;

use crate::Upstreams;
use crate::faults::Fault;
use crate::service::Service;

/// After how many seconds a message that failed is sent again, failure by failure; after the last it is dropped.
pub const RETRIES_S: [i64; 9] = [
    5,
    5 * 60,
    30 * 60,
    2 * 3600,
    5 * 3600,
    10 * 3600,
    14 * 3600,
    20 * 3600,
    24 * 3600,
];

/// How many messages are sent side by side.
const BATCH: usize = 20;

/// How long an endpoint may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long a signature is good for.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(5);

/// Sends the webhooks of a world to one endpoint.
pub struct Webhooks {
    upstreams: Upstreams,
    endpoint: Endpoint,
    form: Form,
    waiting: Vec<Waiting>,
    signed: u64,
}

struct Waiting {
    due_at: Timestamp,
    failures: usize,
    webhook: Webhook,
}

/// What became of the messages that were due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sent {
    /// Taken by the endpoint.
    pub taken: usize,
    /// Refused or not answered; tried again later.
    pub failed: usize,
    /// Failed for the last time.
    pub dropped: usize,
}

impl Webhooks {
    /// Everything that happens in the world after now is told to `endpoint`, and nothing that happened before.
    pub(crate) fn new(upstreams: Upstreams, endpoint: Endpoint) -> Self {
        let now = upstreams.now();
        let mut webhooks = Self {
            upstreams,
            endpoint,
            form: Form::Current,
            waiting: Vec::new(),
            signed: 0,
        };
        let told = message::all(webhooks.upstreams.world(), webhooks.upstreams.faults().seed());
        for webhook in told.into_iter().filter(|webhook| webhook.time > now) {
            webhooks.tell(webhook);
        }
        webhooks
    }

    /// Writes signatures and digests in another form.
    #[must_use]
    pub fn in_form(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// Queues a message, due at its own time; loses or doubles it if that fault strikes.
    pub fn tell(&mut self, webhook: Webhook) {
        let faults = self.upstreams.faults();
        let id = webhook.id.to_string();
        if faults.strikes(Fault::LostWebhooks, 10, &id, 0) {
            return;
        }
        let times = if faults.strikes(Fault::DoubledWebhooks, 5, &id, 0) {
            2
        } else {
            1
        };
        for _ in 0..times {
            self.waiting.push(Waiting {
                due_at: webhook.time,
                failures: 0,
                webhook: webhook.clone(),
            });
        }
    }

    /// When the next message is due; none if none waits.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        self.waiting.iter().map(|waiting| waiting.due_at).min()
    }

    /// Sends what is due now, twenty side by side.
    pub async fn send_due(&mut self) -> Sent {
        let now = self.upstreams.now();
        let (mut due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|waiting| waiting.due_at <= now);
        self.waiting = later;
        due.sort_by_key(|waiting| self.place(waiting));

        let mut sent = Sent::default();
        while !due.is_empty() {
            let batch: Vec<Waiting> = due.drain(..due.len().min(BATCH)).collect();
            let requests: Vec<_> = batch.iter().map(|waiting| self.sign(&waiting.webhook)).collect();
            let endpoint = &self.endpoint;
            let answers = join_all(requests.into_iter().map(|request| async move {
                tokio::time::timeout(TIMEOUT, endpoint.post(request))
                    .await
                    .unwrap_or(false)
            }))
            .await;
            for (waiting, is_taken) in batch.into_iter().zip(answers) {
                if is_taken {
                    sent.taken += 1;
                } else {
                    self.again(waiting, now, &mut sent);
                }
            }
        }
        sent
    }

    /// The place of a message among those due together: by time, or any where that fault is on.
    fn place(&self, waiting: &Waiting) -> (u64, Timestamp) {
        let faults = self.upstreams.faults();
        let shuffled = if faults.has(Fault::ReorderedWebhooks) {
            faults.draw(Fault::ReorderedWebhooks, &waiting.webhook.id.to_string(), 0)
        } else {
            0
        };
        (shuffled, waiting.due_at)
    }

    fn again(&mut self, waiting: Waiting, now: Timestamp, sent: &mut Sent) {
        let Some(seconds) = RETRIES_S.get(waiting.failures) else {
            sent.dropped += 1;
            return;
        };
        sent.failed += 1;
        self.waiting.push(Waiting {
            due_at: now + SignedDuration::from_secs(*seconds),
            failures: waiting.failures + 1,
            webhook: waiting.webhook,
        });
    }

    /// Sends whatever is due until nothing waits, waiting by `pace`. On a clock that stands still this walks through all
    /// the future the world has.
    pub async fn run(&mut self, pace: &dyn Pace) -> Sent {
        let mut all = Sent::default();
        while let Some(due_at) = self.next_due() {
            pace.until(due_at).await;
            let sent = self.send_due().await;
            all.taken += sent.taken;
            all.failed += sent.failed;
            all.dropped += sent.dropped;
        }
        all
    }

    /// The request that tells of `webhook`, signed now with the key in use.
    pub fn sign(&mut self, webhook: &Webhook) -> Request<Bytes> {
        self.signed += 1;
        let now = self.upstreams.now();
        let nonce = crate::faults::draw(
            self.upstreams.faults().seed(),
            &["nonce", Service::Trs.name()],
            self.signed,
        );
        sign::request(&sign::Signing {
            webhook,
            target: self.endpoint.target(),
            form: self.form,
            keys: self.upstreams.webhook_keys(),
            created: now,
            expires: now + GOOD_FOR,
            nonce: format!("{nonce:016x}"),
        })
    }
}
