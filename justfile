# Lists the recipes.
default:
    @just --list --unsorted

export PATH := justfile_directory() / "target/ltr-tools/house/bin" + ":" + env("PATH")

# Fetches the tools that are not Rust's own, by name, version and checksum.
setup:
    .ci/tools

# Formats the code.
fmt:
    cargo fmt --all

# Fails where `just fmt` would change something.
fmt-check:
    cargo fmt --all --check

# Lints the code; warnings are errors.
lint:
    cargo clippy --workspace --all-targets -- -D warnings

# Lints the protocol; needs `just setup`.
proto-lint:
    buf lint proto

# Checks which crates may depend on which.
deny:
    .ci/dependency-direction

# Runs all tests; the servers they need are found or fetched.
test *arguments:
    cargo test --workspace {{ arguments }}

# Takes handlings out, one at a time, and sees that a test fails for each; NAME: those whose name contains it.
mutants *names:
    .ci/mutants {{ names }}

# Holds the laws of the record against so many generated lives, from a seed on (docs/TESTING.md).
laws cases="1000000" seed="1":
    LTR_LAW_CASES={{ cases }} LTR_LAW_SEED={{ seed }} cargo test --release --package ltr-lives --test laws -- --nocapture

# Builds the documentation; warnings are errors.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Measures ingest and projection beside the limits of their servers; the machine should be idle (docs/BENCHMARKS.md).
bench *arguments:
    cargo run --release --package ltr-bench -- {{ arguments }}

# Walks an academic year of so many made-up trainees on the in-memory twins, with every fault and without, optimised.
year people="7000" seed="2":
    LTR_YEAR_PEOPLE={{ people }} LTR_YEAR_SEED={{ seed }} cargo test --release --package ltr-year --test it twins -- --nocapture --test-threads 1

# Walks a year for each of several seeds on the full stack, with every fault, optimised: takes hours (docs/TESTING.md).
years people="7000" seeds="10" first="1":
    LTR_YEARS_PEOPLE={{ people }} LTR_YEARS={{ seeds }} LTR_YEARS_SEED={{ first }} cargo test --release --package ltr-year --test it servers -- --nocapture

# Shows the whole thing with made-up teachers.
demo *arguments:
    cargo run --package ltr -- demo {{ arguments }}

# What CI runs, in its order.
ci: fmt-check lint proto-lint deny test mutants
