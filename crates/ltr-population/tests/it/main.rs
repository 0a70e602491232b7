//! Laws of lives, of what sources tell of them, and of scores, over large seeds.

mod docs;
mod domain;
mod lives;
mod reader;
mod scores;
mod served;
mod views;
