//! Years walked to their end.

mod twins;
