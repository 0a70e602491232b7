//! Doubles of the four upstream services: a world of what they hold over time, and HTTP services that answer from it as
//! the real ones would. For development and tests only; everybody in a world is made up.

pub mod world;
