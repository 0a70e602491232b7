//! The page about traps is true: every trap has a row, every test that it names is there, and every test that is named
//! after a trap is on it. Every trap with a test has a mutant that the test must kill.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const TRAPS: u32 = 45;

/// Traps that have a test and no mutant, with the reason.
const WITHOUT_MUTANT: &[(u32, &str)] = &[(
    17,
    "ingest's own; its tests would double what a mutation run builds",
)];

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// One row of the table: the trap's number, and the tests that its last cell names.
fn rows() -> Vec<(u32, Vec<String>)> {
    let page =
        std::fs::read_to_string(project().join("docs/traps.md")).expect("the page is part of the project");
    let lines = page.lines().filter(|line| line.starts_with("| T"));
    lines.map(row).collect()
}

fn row(line: &str) -> (u32, Vec<String>) {
    let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
    let [trap, upstream, ours, tests] = cells[..] else {
        panic!("four cells: {line}");
    };
    assert!(!upstream.is_empty() && !ours.is_empty(), "{line}");
    let number = trap.trim_start_matches('T').parse().expect("T and a number");
    let tests = tests.split('`').skip(1).step_by(2).map(str::to_owned);
    (number, tests.collect())
}

/// Every test function named after a trap, by file.
fn named_tests() -> BTreeMap<String, Vec<PathBuf>> {
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut folders = vec![project().join("crates")];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("a folder of the project");
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source file is text");
                for name in text.lines().filter_map(test_name) {
                    found.entry(name.to_owned()).or_default().push(path.clone());
                }
            }
        }
    }
    found
}

/// The function that a line begins, where it is named after a trap.
fn test_name(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("async ").unwrap_or(line);
    let name = line.strip_prefix("fn ")?.split('(').next()?;
    (!traps_of(name).is_empty()).then_some(name)
}

/// The traps that a test's name begins with: `t02_t03_…` is about two.
fn traps_of(name: &str) -> Vec<u32> {
    let number = |part: &str| -> Option<u32> {
        let digits = part.strip_prefix('t').filter(|digits| digits.len() == 2)?;
        digits.parse().ok()
    };
    name.split('_').map_while(number).collect()
}

#[test]
fn every_trap_has_a_row_in_order() {
    let told: Vec<u32> = rows().iter().map(|(trap, _)| *trap).collect();
    assert_eq!(told, (1..=TRAPS).collect::<Vec<_>>());
}

#[test]
fn every_test_on_the_page_is_in_the_code_and_is_named_after_its_trap() {
    let there = named_tests();
    for (trap, tests) in rows() {
        for test in tests {
            assert!(traps_of(&test).contains(&trap), "T{trap:02}: {test}");
            assert!(there.contains_key(&test), "T{trap:02}: there is no test {test}");
        }
    }
}

#[test]
fn every_test_named_after_a_trap_is_on_the_page() {
    let told: BTreeSet<(u32, String)> = rows()
        .into_iter()
        .flat_map(|(trap, tests)| tests.into_iter().map(move |test| (trap, test)))
        .collect();
    for (test, files) in named_tests() {
        for trap in traps_of(&test) {
            assert!(
                told.contains(&(trap, test.clone())),
                "T{trap:02}: {test} in {files:?}"
            );
        }
    }
}

#[test]
fn every_trap_with_a_test_has_a_mutant() {
    let folder =
        std::fs::read_dir(project().join("tests/mutants")).expect("the mutants are part of the project");
    let mutants: BTreeSet<u32> = folder
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .flat_map(|name| traps_of(&name.replace('-', "_")))
        .collect();
    let excused: BTreeSet<u32> = WITHOUT_MUTANT.iter().map(|(trap, _)| *trap).collect();
    for (trap, tests) in rows() {
        let is_wanted = !tests.is_empty() && !excused.contains(&trap);
        assert_eq!(mutants.contains(&trap), is_wanted, "T{trap:02}");
    }
}
