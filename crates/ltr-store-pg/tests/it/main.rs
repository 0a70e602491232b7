//! The adapter on a real server: the conformance suite, and what only PostgreSQL can do to us.

mod connections;
mod crash;
mod fixture;
mod migrations;
mod plans;
mod roles;

ltr_ports::store_conformance!(fixture::fresh_place);
