//! Writes a second parser from `ekiden.pest`, beside the one that pest generates.
//!
//! pest's tells what it expected where it stopped, and pays for that at every step. This one only
//! tells what is there, several times as fast: it is for texts that follow the grammar, as nearly all
//! do. Both come from the same rules, and a test of the compiler compares what they give.

#![expect(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "cargo is talked to by printing, and wants a file"
)]

#[path = "build/first.rs"]
mod first;
#[path = "build/write.rs"]
mod write;

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=ekiden.pest");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    let grammar = fs::read_to_string("ekiden.pest").expect("the grammar can be read");
    let (_, rules) = match pest_meta::parse_and_optimize(&grammar) {
        Ok(read) => read,
        // pest_derive says it better, at its place.
        Err(_) => return write_out("compile_error!(\"the grammar cannot be read\");"),
    };
    write_out(&write::parser(&rules));
}

fn write_out(text: &str) {
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder"));
    fs::write(folder.join("rules.rs"), text).expect("the parser can be written");
}
