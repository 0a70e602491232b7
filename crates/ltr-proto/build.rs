//! Compiles every schema under `proto/` without an installed `protoc`: Rust code, and the descriptors for reflection.

use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use prost::Message;
use prost_types::FileDescriptorSet;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new("../../proto");
    println!("cargo::rerun-if-changed={}", root.display());

    let mut schemas = Vec::new();
    find_schemas(root, &mut schemas)?;
    schemas.sort();

    let descriptors = protox::compile(&schemas, [root])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.binpb"), descriptors.encode_to_vec())?;

    let mut code = tonic_prost_build::configure().bytes(".").include_file("wire.rs");
    for field in large_details(&descriptors) {
        code = code.boxed(field);
    }
    code.compile_fds(descriptors)?;
    Ok(())
}

/// Arms of `Event.fact` whose messages hold whole sections of a record. Boxed, so that a list of events, most of which
/// are small, is not moved about at the size of the largest.
fn large_details(descriptors: &FileDescriptorSet) -> Vec<String> {
    const LARGE: &[&str] = &[
        ".ltr.event.v1.ChosenCourseChange",
        ".ltr.event.v1.CourseChange",
        ".ltr.event.v1.WithdrawalChange",
        ".ltr.event.v1.PlacementChange",
        ".ltr.event.v1.RouteChange",
        ".ltr.event.v1.HeldStatusChange",
        ".ltr.event.v1.MandatoryQualificationChange",
        ".ltr.event.v1.InductionChange",
        ".ltr.event.v1.AlertChange",
    ];
    let ours = descriptors
        .file
        .iter()
        .filter(|file| file.package() == "ltr.event.v1");
    let messages = ours.flat_map(|file| &file.message_type);
    let arms = messages
        .filter(|message| message.name() == "Event")
        .flat_map(|event| &event.field);
    arms.filter(|arm| LARGE.contains(&arm.type_name()))
        .map(|arm| format!(".ltr.event.v1.Event.fact.{}", arm.name()))
        .collect()
}

fn find_schemas(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find_schemas(&path, found)?;
        } else if path.extension() == Some(OsStr::new("proto")) {
            found.push(path);
        }
    }
    Ok(())
}
