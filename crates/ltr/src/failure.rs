//! How a failure leaves the program: one message with its causes on standard error, and a documented exit code.

use std::process::ExitCode;

/// A failure with an exit code of its own.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// What was asked for is not there: 3.
    #[error("{0}")]
    NotFound(String),
    /// The input or the server is not what it must be: 4.
    #[error("{0}")]
    Refused(String),
    /// A complete delivery is held or was rejected: nothing of it was published: 5.
    #[error("{0}")]
    Held(String),
    /// Wrong usage that the argument parser could not see: 2.
    #[error("{0}")]
    Usage(String),
}

/// Prints the chain of causes once and gives the exit code.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    let mut line = format!("ltr: {error}");
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !line.ends_with(&cause) {
            line.push_str(": ");
            line.push_str(&cause);
        }
    }
    crate::output::note(&line);
    match error.downcast_ref::<Failure>() {
        Some(Failure::NotFound(_)) => ExitCode::from(3),
        Some(Failure::Refused(_)) => ExitCode::from(4),
        Some(Failure::Held(_)) => ExitCode::from(5),
        Some(Failure::Usage(_)) => ExitCode::from(2),
        None => ExitCode::FAILURE,
    }
}
