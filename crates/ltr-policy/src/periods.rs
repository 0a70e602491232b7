//! The table by period: which rules make each of its rows operational. It resolves nothing; naming a rule that is not
//! there is a mistake all the same, since the page would tell what nobody does.

use ltr_domain::policy::{Rule, RuleName};

use crate::document::{Period, Remark};
use crate::reading::{At, Reading, Section};

/// Reads every `[[period]]`.
pub(crate) fn read(root: &Section<'_>, rules: &[(Rule, Remark)], reading: &mut Reading<'_>) -> Vec<Period> {
    let keys = ["name", "rules", "confidence", "note"];
    // Where rules have mistakes, which of them there are is not known.
    let is_known = reading.is_clean();
    let sections = root.sections("period", "[[period]]", &keys, reading);
    let mut found = Vec::new();
    for section in sections {
        let name = section.text("name", "\"planned start to census day\"", reading);
        let stated = section.texts("rules", "[\"training.after_sign_off\"]", reading);
        let confidence = section.remark("confidence", reading);
        let note = section.remark("note", reading);
        let (Some(name), Some(stated)) = (name, stated) else {
            continue;
        };
        let named = stated
            .value
            .iter()
            .filter_map(|text| rule(text, rules, is_known, reading));
        found.push(Period {
            name: name.value.to_owned(),
            rules: named.collect(),
            confidence,
            note,
        });
    }
    found
}

fn rule(
    text: &At<&str>,
    rules: &[(Rule, Remark)],
    is_known: bool,
    reading: &mut Reading<'_>,
) -> Option<RuleName> {
    let mut names = rules.iter().map(|(rule, _)| rule.name());
    let found = names.find(|name| name.to_string() == text.value);
    if found.is_none() && is_known {
        let what = format!("there is no rule {:?}", text.value);
        let instead = "write fact.window of one of the rules, such as training.after_sign_off";
        reading.mistake(text.at, what, instead);
    }
    found
}
