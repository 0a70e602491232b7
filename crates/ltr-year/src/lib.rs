//! A year walked through in minutes: the connectors poll doubles of the four services, which serve a population whose
//! truth is known; time is moved by what is due and by the calendar; every evening each person's answer is held against
//! the truth. For the demo and for tests.

mod answers;
mod reread;
mod served;
mod setting;
mod walk;

pub use answers::Answers;
pub use reread::{Difference, read_afresh};
pub use served::LastServed;
pub use setting::{Setting, Sources};
pub use walk::{Day, Year, YearError};
