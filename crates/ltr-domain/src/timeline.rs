//! A value over effective time, as later and later messages teach it. A newer message says "from this day on it is so",
//! and thereby takes back whatever was believed of the days after.

use jiff::civil::Date;

use crate::observation::Position;
use crate::time::{Basis, Effective};

/// What a belief rests on: the message that stated it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ground {
    /// The message and when it became known.
    pub position: Position,
    /// Where its date comes from.
    pub basis: Basis,
}

/// From a day on, a value holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point<T> {
    /// The first day on which it holds.
    pub from: Date,
    /// The value.
    pub value: T,
    /// What it rests on.
    pub ground: Ground,
}

/// A value over effective time: points by ascending day, each holding until the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline<T> {
    points: Vec<Point<T>>,
}

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self { points: Vec::new() }
    }
}

impl<T> Timeline<T> {
    /// States that from that day on the value holds; beliefs about that day and later ones are taken back.
    pub fn assert_from(&mut self, effective: Effective, value: T, position: Position) {
        self.retract_from(effective.on);
        self.points.push(Point {
            from: effective.on,
            value,
            ground: Ground {
                position,
                basis: effective.basis,
            },
        });
    }

    /// Takes back every belief about that day and later ones; the value before it holds on.
    pub fn retract_from(&mut self, day: Date) {
        // News is mostly about the end: looked for from there, each point is met once more than it stays.
        while self.points.pop_if(|point| point.from >= day).is_some() {}
    }

    /// States that the value held from that day until the next belief begins: history that arrived late. Of the day on
    /// which the last belief begins and of later ones newer readings have told, so nothing is stated of those.
    pub fn insert_past(&mut self, effective: Effective, value: T, position: Position) {
        if self.last().is_some_and(|last| last.from <= effective.on) {
            return;
        }
        let place = self.points.partition_point(|point| point.from <= effective.on);
        let point = Point {
            from: effective.on,
            value,
            ground: Ground {
                position,
                basis: effective.basis,
            },
        };
        self.points.insert(place, point);
    }

    /// What holds on that day.
    #[must_use]
    pub fn at(&self, day: Date) -> Option<&Point<T>> {
        let after = self.points.partition_point(|point| point.from <= day);
        after.checked_sub(1).and_then(|index| self.points.get(index))
    }

    /// The last belief, whatever the day.
    #[must_use]
    pub fn last(&self) -> Option<&Point<T>> {
        self.points.last()
    }

    /// All points by ascending day.
    pub fn points(&self) -> impl DoubleEndedIterator<Item = &Point<T>> {
        self.points.iter()
    }

    /// Whether nothing is believed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
}

#[cfg(test)]
mod tests;
