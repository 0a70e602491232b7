//! The queue of TRNs to read again: its conformance suite, and what becomes of it when its stream is lost.

use jiff::{SignedDuration, Timestamp};
use ltr_devservers::NatsServer;
use ltr_domain::ids::Trn;
use ltr_log_nats::{NatsLog, NatsRereads};
use ltr_ports::rereads::{Reread, RereadQueue, Urgency};
use ltr_ports::rereads_conformance;

async fn fresh_queue(lease: SignedDuration) -> (NatsRereads, (NatsLog, NatsServer)) {
    let (log, server) = super::fresh().await;
    (NatsRereads::open(&log, lease).await.unwrap(), (log, server))
}

rereads_conformance!(fresh_queue);

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_gone_is_made_anew_and_found_empty() {
    let (queue, (_log, server)) = fresh_queue(SignedDuration::from_mins(1)).await;
    let reread = Reread {
        trn: Trn::parse("3100001").unwrap(),
        urgency: Urgency::Hint,
        asked_at: Timestamp::UNIX_EPOCH,
    };
    queue.add(vec![reread]).await.unwrap();
    let client = async_nats::connect(server.url()).await.unwrap();
    let deleted = client
        .request("$JS.API.STREAM.DELETE.LTR_REREADS", "".into())
        .await
        .unwrap();
    assert!(String::from_utf8_lossy(&deleted.payload).contains("\"success\":true"));
    assert_eq!(queue.take(10).await.unwrap(), []);
    queue.add(vec![reread]).await.unwrap();
    assert_eq!(queue.take(10).await.unwrap()[0].reread, reread);
}
