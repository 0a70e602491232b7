//! Every statement of the adapter, from its file. `:generation` in a file stands for the generation's number, which is
//! in the names of its tables too: the server need not look for the partition of every row.

macro_rules! queries {
    ($($(#[$doc:meta])* $name:ident = $file:literal,)*) => {
        /// The statements for one generation.
        pub(crate) struct Queries {
            /// Which generation they are for.
            pub(crate) generation: i16,
            $($(#[$doc])* pub(crate) $name: String,)*
        }

        impl Queries {
            /// The statements with the number of the generation in them.
            pub(crate) fn of_generation(generation: i16) -> Self {
                Self { generation, $($name: text(include_str!(concat!("../queries/", $file, ".sql")), generation),)* }
            }
        }
    };
}

queries! {
    checkpoint_read = "checkpoint/read",
    checkpoint_begin = "checkpoint/begin",
    checkpoint_advance = "checkpoint/advance",
    history_tails = "history/tails",
    history_append = "history/append",
    history_insert = "history/insert",
    history_read = "history/read",
    history_as_of = "history/as_of",
    membership_present = "membership/present",
    membership_close = "membership/close",
    membership_open = "membership/open",
    membership_ever = "membership/ever",
    membership_of_person = "membership/of_person",
    membership_people_after = "membership/people_after",
    person_read = "person/read",
    person_insert = "person/insert",
    person_upsert = "person/upsert",
    person_end = "person/end",
    person_digests = "person/digests",
    change_append = "change/append",
    change_people = "change/people",
    quarantine_upsert = "quarantine/upsert",
    quarantine_list = "quarantine/list",
    quarantine_waiting = "quarantine/waiting",
    quarantine_read = "quarantine/read",
    delivery_upsert = "delivery/upsert",
    delivery_list = "delivery/list",
    delivery_read = "delivery/read",
    review_upsert = "review/upsert",
    review_end = "review/end",
    review_list = "review/list",
    policy_append = "policy/append",
    policy_read = "policy/read",
    heard_sweep = "heard/sweep",
    heard_share = "heard/share",
    heard_turnout = "heard/turnout",
    heard_provider = "heard/provider",
    heard_word = "heard/word",
    heard_make_due = "heard/make_due",
    heard_feeds = "heard/feeds",
    heard_hearing = "heard/hearing",
    person_due = "person/due",
    schema_facts = "schema/facts",
    schema_version = "schema/version",
}

fn text(file: &str, generation: i16) -> String {
    file.replace(":generation", &generation.to_string())
}
