//! Words that nobody knows (T19): a status told in one says only that the source said something (ADR 0012).

use jiff::civil::Date;

use super::Step;

/// Since when a source's last words of where something stands have been ones that this version does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unclear(Option<Date>);

impl Unclear {
    /// From which day on, if the last word is unknown.
    #[must_use]
    pub fn since(self) -> Option<Date> {
        self.0
    }

    /// Whether the last word is unknown and tells of that day.
    #[must_use]
    pub fn is_on(self, day: Date) -> bool {
        self.0.is_some_and(|since| since <= day)
    }

    /// An unknown word was said. Of several in a row the one about the earliest day counts; an old reading is nobody's
    /// last word.
    pub(super) fn begin(&mut self, step: &Step<'_>) {
        if !step.is_late() {
            let on = step.effective.on;
            self.0 = Some(self.0.map_or(on, |since| since.min(on)));
        }
    }

    /// A known word was said. Whether the one before it was unknown, and is answered by it.
    pub(super) fn end(&mut self, step: &Step<'_>) -> bool {
        !step.is_late() && self.0.take().is_some()
    }
}
