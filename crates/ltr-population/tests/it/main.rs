//! Laws of lives, of what sources tell of them, and of scores, over large seeds.

mod docs;
mod lives;
mod reader;
mod scores;
mod views;
