//! Compiles every schema under `proto/` without an installed `protoc`: Rust code, and the descriptors for reflection.

use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use prost::Message;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new("../../proto");
    println!("cargo::rerun-if-changed={}", root.display());

    let mut schemas = Vec::new();
    find_schemas(root, &mut schemas)?;
    schemas.sort();

    let descriptors = protox::compile(&schemas, [root])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.binpb"), descriptors.encode_to_vec())?;

    tonic_prost_build::configure()
        .bytes(".")
        .include_file("wire.rs")
        .compile_fds(descriptors)?;
    Ok(())
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
