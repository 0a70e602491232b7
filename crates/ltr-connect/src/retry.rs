//! When to ask again: which answers are worth it, how long to wait, and when to give up.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Fills bytes from a random source. Handed in, so that tests can name them.
pub type Random = dyn Fn(&mut [u8]) + Send + Sync;

/// How often and how long to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patience {
    /// The longest wait before the second attempt; doubles with each further one.
    pub pause: Duration,
    /// The longest wait between two attempts.
    pub pause_max: Duration,
    /// How long a question may take with all its attempts and pauses. Waiting for a turn under a [`Limit`] does not
    /// count.
    ///
    /// [`Limit`]: crate::limit::Limit
    pub give_up_after: Duration,
}

impl Default for Patience {
    /// One second, a minute, five minutes.
    fn default() -> Self {
        Self {
            pause: Duration::from_secs(1),
            pause_max: Duration::from_secs(60),
            give_up_after: Duration::from_secs(300),
        }
    }
}

impl Patience {
    /// How long to wait after so many failed attempts (from 1): half of the doubled pause, and a random part of the
    /// other half, so that workers which failed together do not come back together.
    #[must_use]
    pub fn wait(&self, failed: u32, random: &Random) -> SignedDuration {
        let doublings = failed.saturating_sub(1).min(20);
        let longest = self.pause.saturating_mul(1 << doublings).min(self.pause_max);
        let mut bytes = [0u8; 4];
        random(&mut bytes);
        let part = f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX);
        let wait = longest.mul_f64(part.mul_add(0.5, 0.5));
        SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX)
    }
}

/// Whether a status may be another one a moment later.
#[must_use]
pub fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

/// The longest that a service may ask us to wait; what is more is a mistake of its, and an hour is waited.
const RETRY_AFTER_MAX: SignedDuration = SignedDuration::from_hours(1);

/// Until when a `Retry-After` asks to wait: seconds, or a date as HTTP writes it. `None` if it is neither.
#[must_use]
pub fn retry_after(header: &str, now: Timestamp) -> Option<Timestamp> {
    let header = header.trim();
    let wait = match header.parse::<u32>() {
        Ok(seconds) => SignedDuration::from_secs(i64::from(seconds)),
        Err(_) => {
            let at = Timestamp::try_from(httpdate::parse_http_date(header).ok()?).ok()?;
            at.duration_since(now).max(SignedDuration::ZERO)
        }
    };
    now.checked_add(wait.min(RETRY_AFTER_MAX)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-10-14T06:00:00Z".parse().unwrap()
    }

    fn until(header: &str) -> Option<String> {
        retry_after(header, now()).map(|at| at.to_string())
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        assert_eq!(until("30").as_deref(), Some("2026-10-14T06:00:30Z"));
        assert_eq!(
            until("Wed, 14 Oct 2026 06:01:00 GMT").as_deref(),
            Some("2026-10-14T06:01:00Z")
        );
        let past = until("Wed, 14 Oct 2026 05:00:00 GMT");
        assert_eq!(past.as_deref(), Some("2026-10-14T06:00:00Z"));
        assert_eq!(until("soon"), None);
        assert_eq!(until("999999").as_deref(), Some("2026-10-14T07:00:00Z"));
    }

    #[test]
    fn pauses_double_up_to_a_bound_and_lie_in_their_upper_half() {
        let patience = Patience::default();
        let shortest = |failed| patience.wait(failed, &|bytes| bytes.fill(0)).as_millis();
        let longest = |failed| patience.wait(failed, &|bytes| bytes.fill(255)).as_millis();
        assert_eq!((shortest(1), longest(1)), (500, 1_000));
        assert_eq!((shortest(4), longest(4)), (4_000, 8_000));
        assert_eq!((shortest(60), longest(60)), (30_000, 60_000));
    }
}
