//! What lies between two answers.

use ltr_proto::record::{Cause, DiffTeacherResponse, FieldDifference};

use super::{of_which_moment, or_dash, value_since};
use crate::document::Document;
use crate::words;

/// What differs, and what made the difference.
pub(crate) fn difference(told: &DiffTeacherResponse) -> Document {
    let before = told.before.clone().unwrap_or_default();
    let after = told.after.clone().unwrap_or_default();
    let mut document = Document::new(format!("What changed for {}", after.name));
    let headline =
        |teacher: &ltr_proto::record::Teacher| value_since(&teacher.headline.clone().unwrap_or_default());
    document.say(format!(
        "Before: {}: {}.",
        of_which_moment(&before),
        headline(&before)
    ));
    document.say(format!(
        "After: {}: {}.",
        of_which_moment(&after),
        headline(&after)
    ));
    if told.fields.is_empty() {
        document.say("Nothing differs.");
        return document;
    }
    document.heading("Why");
    for (index, cause) in causes(&told.fields).iter().enumerate() {
        let fields: Vec<_> = told
            .fields
            .iter()
            .filter(|field| field.causes.contains(cause))
            .map(|field| field.field.as_str())
            .collect();
        document.say(format!(
            "({}) {}. It bears on {}.",
            index + 1,
            capital(&words::cause(cause)),
            fields.join(", ")
        ));
    }
    let rows = told.fields.iter().map(|field| {
        vec![
            field.field.clone(),
            or_dash(&field.before),
            or_dash(&field.after),
            words::cause_kinds(&field.causes),
        ]
    });
    document.heading("Field by field");
    document.table(
        "Fields that differ",
        &["field", "before", "after", "causes"],
        rows.collect(),
    );
    document
}

/// Every cause once, in the order in which the ingredients were swapped.
fn causes(fields: &[FieldDifference]) -> Vec<Cause> {
    let mut all: Vec<Cause> = Vec::new();
    for cause in fields.iter().flat_map(|field| &field.causes) {
        if !all.contains(cause) {
            all.push(cause.clone());
        }
    }
    // As the service names them: identity, evidence by sequence, policy, time.
    all.sort_by_key(|cause| {
        use ltr_proto::record::CauseKind as K;
        let group = match cause.kind() {
            K::Identity => 0,
            K::NewEvidence | K::Correction | K::LateArrival | K::Unspecified => 1,
            K::Policy => 2,
            K::Time => 3,
        };
        (group, cause.sequence)
    });
    all
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
