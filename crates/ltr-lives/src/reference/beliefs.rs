//! Statements about one thing over effective time. Nothing is ever removed: a statement that was taken back says so.

use jiff::civil::Date;
use ltr_domain::observation::Position;

/// One statement: from a day on it is so.
#[derive(Debug, Clone)]
pub(super) struct Statement<T> {
    pub(super) from: Date,
    pub(super) value: T,
    pub(super) position: Position,
    stands: bool,
}

/// Every statement about one thing, in the order in which they were made.
#[derive(Debug, Clone)]
pub(super) struct Beliefs<T>(Vec<Statement<T>>);

impl<T> Default for Beliefs<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Beliefs<T> {
    /// "From this day on it is so": whatever was said of that day and later ones is taken back.
    pub(super) fn state(&mut self, from: Date, value: T, position: Position) {
        self.take_back(from);
        self.push(from, value, position);
    }

    /// History that came late: it held from that day until whatever is said of a day after. If nothing is, it says
    /// nothing: from the latest day that is told of newer readings have told how things stand.
    pub(super) fn slip_in(&mut self, from: Date, value: T, position: Position) {
        let is_told_of = |one: &Statement<T>| one.stands;
        let is_history = self
            .0
            .iter()
            .filter(|one| is_told_of(one))
            .any(|one| one.from > from);
        if is_history || !self.0.iter().any(is_told_of) {
            self.push(from, value, position);
        }
    }

    fn push(&mut self, from: Date, value: T, position: Position) {
        self.0.push(Statement {
            from,
            value,
            position,
            stands: true,
        });
    }

    /// Takes back what was said of that day and later ones.
    pub(super) fn take_back(&mut self, from: Date) {
        for one in &mut self.0 {
            one.stands &= one.from < from;
        }
    }

    /// The standing statement that is about the latest day; of several about one day the one made last.
    fn latest(&self, is_about: impl Fn(Date) -> bool) -> Option<&Statement<T>> {
        let mut found: Option<&Statement<T>> = None;
        for one in &self.0 {
            if one.stands && is_about(one.from) && found.is_none_or(|found| one.from >= found.from) {
                found = Some(one);
            }
        }
        found
    }

    /// What holds on a day.
    pub(super) fn on(&self, day: Date) -> Option<&Statement<T>> {
        self.latest(|from| from <= day)
    }

    /// What holds in the end.
    pub(super) fn in_the_end(&self) -> Option<&Statement<T>> {
        self.latest(|_| true)
    }

    /// What is said of the earliest day; of several about one day the one made first.
    pub(super) fn at_first(&self) -> Option<&Statement<T>> {
        self.0.iter().filter(|one| one.stands).min_by_key(|one| one.from)
    }
}
