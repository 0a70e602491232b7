//! What travels and is kept: the generated messages, their conversions to and from the domain, subjects, digests and
//! the sealing of personal values. No I/O, clock or randomness: nonces, keys and times are arguments.

pub mod codec;
pub mod digest;
pub mod explanation;
pub mod hex;
pub mod json;
pub mod review;
pub mod seal;
pub mod subject;
pub mod view;

/// The generated code of every schema under `proto/`, as modules `ltr::<area>::v1`.
pub mod wire {
    #![expect(
        missing_docs,
        clippy::allow_attributes,
        clippy::large_enum_variant,
        reason = "generated: comments are in the schemas, and the shape is the generator's"
    )]
    include!(concat!(env!("OUT_DIR"), "/wire.rs"));
}

pub use wire::ltr::event::v1 as event;
pub use wire::ltr::record::v1 as record;

/// The descriptors of every schema under `proto/`, for gRPC reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.binpb"));
