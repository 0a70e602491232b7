use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::*;

fn crate_root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of the crate's sources, tests left out.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path
            .file_name()
            .is_some_and(|name| name != "tests.rs" && name != "codes.rs")
        {
            found.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn codes_are_sorted_and_told_apart() {
    assert!(CODES.is_sorted_by(|a, b| a.0 < b.0));
}

#[test]
fn every_code_in_use_is_listed_and_every_listed_one_is_in_use() {
    let mut texts = Vec::new();
    sources(&crate_root().join("src"), &mut texts);
    let listed: BTreeSet<_> = CODES.iter().map(|(code, _)| *code).collect();
    let mut used = BTreeSet::new();
    for text in &texts {
        for after in text.split("Defect::new(").skip(1) {
            if let Some(code) = after
                .trim_start()
                .strip_prefix('"')
                .and_then(|rest| rest.split('"').next())
            {
                used.insert(code);
            }
        }
    }
    assert_eq!(
        used.difference(&listed).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "used but not listed"
    );
    let unused = |code: &&&str| !texts.iter().any(|text| text.contains(&format!("\"{code}\"")));
    assert_eq!(
        listed.iter().filter(|code| unused(code)).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "listed, not used"
    );
}

#[test]
fn the_page_for_operators_lists_the_same_codes_with_the_same_meanings() {
    let page = std::fs::read_to_string(crate_root().join("../../docs/quarantine-codes.md")).unwrap();
    let rows = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |"));
    let rows: BTreeMap<_, _> = rows
        .map(|row| {
            let mut cells = row.split(" | ");
            let code = cells.next().unwrap().trim_end_matches('`');
            let (meaning, what_to_do) = (cells.next().unwrap(), cells.next().unwrap_or_default());
            assert_eq!(cells.next(), Some(owner(code).token()), "who puts {code} right");
            (code, (meaning, what_to_do))
        })
        .collect();
    let meanings: BTreeMap<_, _> = rows
        .iter()
        .map(|(code, (meaning, _))| (*code, *meaning))
        .collect();
    assert_eq!(meanings, CODES.iter().copied().collect());
    for (code, (_, what_to_do)) in rows {
        assert!(!what_to_do.is_empty(), "{code} does not say what to do");
    }
}
