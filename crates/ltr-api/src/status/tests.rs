use ltr_ports::log::{LogError, Stream};
use ltr_ports::store::StoreError;
use tonic::Code;
use tonic_types::StatusExt;

use super::{Refusal, reason};

fn cause() -> Box<dyn std::error::Error + Send + Sync> {
    "password=hunter2 at 192.0.2.7".into()
}

#[test]
fn what_may_pass_is_unavailable_and_can_be_tried_again() {
    let store = StoreError::Indeterminate {
        attempted: "people_of",
        source: cause(),
    };
    let log = LogError::Determinate {
        attempted: "facts",
        stream: Stream::Events,
        source: cause(),
    };
    for (refusal, reason) in [
        (Refusal::Store(store), reason::STORE_UNAVAILABLE),
        (Refusal::Log(log), reason::LOG_UNAVAILABLE),
    ] {
        let status = refusal.into_status("test");
        assert_eq!(
            (status.code(), crate::client::reason_of(&status).as_deref()),
            (Code::Unavailable, Some(reason))
        );
        assert!(status.get_details_retry_info().is_some());
        assert!(!format!("{status:?}").contains("hunter2"), "causes are not sent");
    }
}

#[test]
fn what_cannot_be_read_is_internal_and_is_not_tried_again() {
    let row = StoreError::Unreadable {
        table: "person",
        column: "view",
        row: "7".to_owned(),
    };
    let view = Refusal::Unreadable {
        what: "person.view",
        of: "7".to_owned(),
        source: cause(),
    };
    for refusal in [Refusal::Store(row), view] {
        let status = refusal.into_status("test");
        let told = crate::client::reason_of(&status);
        assert_eq!(
            (status.code(), told.as_deref()),
            (Code::Internal, Some(reason::STORED_DATA_UNREADABLE))
        );
        assert!(status.get_details_retry_info().is_none());
        assert!(!format!("{status:?}").contains("hunter2"), "causes are not sent");
    }
}
