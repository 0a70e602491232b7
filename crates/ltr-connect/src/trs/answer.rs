//! One question to TRS and its answer. Not found, gone and moved are answers, and become rows like a person does.

use ltr_domain::ids::{Feed, Trn};
use serde_json::{Map, Value, json};

use crate::caller::Caller;
use crate::http::{Request, Response};
use crate::secret::Secret;
use crate::worker::ConnectError;

/// Every section that a person has. What is not asked for is absent, which says nothing.
const SECTIONS: &str = "Induction,RoutesToProfessionalStatuses,MandatoryQualifications,Alerts,PreviousNames";

/// What TRS answered about one TRN.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) status: u16,
    /// The answer as a row: the body in an envelope that says what was asked and how it was answered.
    pub(super) row: Value,
    /// Whom the record was merged into.
    pub(super) target: Option<Trn>,
}

/// The path of a person.
pub(super) fn path(trn: Trn) -> String {
    format!("/v3/persons/{trn}")
}

/// What is asked about one TRN. Never with a date of birth: a mismatch would read as unknown (T06).
fn question(trn: Trn) -> String {
    format!("{}?include={SECTIONS}", path(trn))
}

/// Asks about one TRN.
pub(super) async fn ask(caller: &Caller, key: &Secret, trn: Trn) -> Result<Answered, ConnectError> {
    let address = question(trn);
    let request = Request::new(&address)
        .bearing(key)
        .with("x-api-version", ltr_sources::api_version(Feed::TrsPersons));
    let answer = caller.ask(&request).await?;
    let body = match answer.status {
        200 => serde_json::from_slice(&answer.body).unwrap_or(Value::Null),
        308 | 404 | 410 => Value::Null,
        status => return Err(ConnectError::answer(&path(trn), status)),
    };
    let target = target(&answer);
    let mut headers = Map::new();
    if let Some(location) = answer.header("location") {
        headers.insert("location".to_owned(), location.into());
    }
    let mut row = json!({
        "_http": { "status": answer.status, "headers": headers },
        "requested_trn": trn.as_str(),
    });
    // Moved: the macro would write it out once more.
    row["body"] = body;
    Ok(Answered {
        status: answer.status,
        row,
        target,
    })
}

/// Where a 308 points: the last segment of its location.
fn target(answer: &Response) -> Option<Trn> {
    if answer.status != 308 {
        return None;
    }
    let path = answer.header("location")?.split(['?', '#']).next()?;
    Trn::parse(path.trim_end_matches('/').rsplit('/').next()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t06_nobody_is_asked_about_with_a_date_of_birth() {
        let asked = question(Trn::parse("3100001").unwrap());
        let (path, query) = asked.split_once('?').unwrap();
        assert_eq!(path, "/v3/persons/3100001");
        let names: Vec<_> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        assert!(matches!(names[..], [("include", _)]), "{query}");
    }
}
