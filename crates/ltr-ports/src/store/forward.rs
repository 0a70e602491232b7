//! For stores that wrap another one: everything but committing, passed on.

/// The methods of [`Store`](crate::store::Store) but `commit`, passed on to the field of that name: for the inside of an
/// `impl Store`. Whoever uses it depends on `jiff` and `ltr-domain` too.
#[macro_export]
macro_rules! forward_reads {
    ($store:ident) => {
        $crate::forward_reads! { @ $store
            checkpoint() -> Option<$crate::store::Checkpoint>;
            memberships(records: Vec<ltr_domain::ids::RecordId>) -> Vec<$crate::store::Membership>;
            history(records: Vec<ltr_domain::ids::RecordId>) -> Vec<$crate::store::HistoryEntry>;
            digests(people: Vec<ltr_domain::ids::PersonId>) -> Vec<(ltr_domain::ids::PersonId, [u8; 32])>;
            policies() -> Vec<$crate::store::PolicyRow>;
            people_after(
                after: Option<ltr_domain::ids::PersonId>,
                max: u32,
            ) -> Vec<$crate::store::Membership>;
            deliveries_by_id(ids: Vec<ltr_domain::ids::DeliveryId>) -> Vec<$crate::store::DeliveryRow>;
            people_of(records: Vec<ltr_domain::ids::RecordId>) -> $crate::store::PeopleOf;
            records_of_person(person: ltr_domain::ids::PersonId) -> Vec<ltr_domain::ids::RecordId>;
            history_of(
                record: ltr_domain::ids::RecordId,
                known: ltr_domain::time::KnownAt,
            ) -> Option<$crate::store::PersonHistory>;
            memberships_ever(records: Vec<ltr_domain::ids::RecordId>) -> Vec<$crate::store::Membership>;
            changed_people(over: $crate::store::ChangedOver) -> Vec<$crate::store::ChangeRow>;
            quarantine(max: u32) -> Vec<$crate::store::QuarantineRow>;
            quarantine_waiting() -> Vec<$crate::store::QuarantineRow>;
            quarantine_by_id(ids: Vec<String>) -> Vec<$crate::store::QuarantineRow>;
            deliveries(max: u32) -> Vec<$crate::store::DeliveryRow>;
            reviews(max: u32) -> Vec<$crate::store::ReviewRow>;
            heard(known: Option<ltr_domain::time::KnownAt>) -> Vec<$crate::store::FeedHeard>;
            hearing(
                providers: $crate::store::Providers,
                known: ltr_domain::time::KnownAt,
            ) -> ltr_domain::hearing::Hearing;
            due(on: jiff::civil::Date, max: u32, sequence: u64) -> $crate::store::Due;
        }
    };
    (@ $store:ident $($name:ident($($argument:ident: $of:ty),* $(,)?) -> $told:ty;)*) => {
        $(
            async fn $name(&self, $($argument: $of),*) -> Result<$told, $crate::store::StoreError> {
                self.$store.$name($($argument),*).await
            }
        )*
    };
}
