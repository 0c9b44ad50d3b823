//! Defects that tests put in on purpose, to show that a check of safety goes red: only with the cargo feature
//! `seeded-defects`, which no release has.

use crate::clock::tick;

/// Is this defect asked for, by itself or as one of several with commas between? Never without the feature.
#[must_use]
pub fn is(name: &str) -> bool {
    let asked = |asked: String| asked.split(',').any(|one| one == name);
    cfg!(feature = "seeded-defects") && std::env::var("PLENUM_SEED_DEFECT").is_ok_and(asked)
}

/// Does a text ask for a defect by this marker? Only with the defect `by-words`.
#[must_use]
pub fn asked_by(words: &str, marker: &str) -> bool {
    cfg!(feature = "seeded-defects") && words.contains(marker) && is("by-words")
}

/// Panics as a bug might that says what it was about: with people's words.
///
/// # Panics
/// When the words ask for it.
pub fn panic_by(words: &str, marker: &str) {
    assert!(!asked_by(words, marker), "a seeded defect, with these words: {words}");
}

/// Works for two seconds without a pause.
pub fn burn() {
    let until = tick() + std::time::Duration::from_secs(2);
    while tick() < until {
        std::hint::spin_loop();
    }
}

/// Puts in the defects that are there from the start.
pub fn begin() {
    #[cfg(feature = "seeded-defects")]
    if is("gate-off") {
        proto::gate::off::switch_off();
    }
}

/// Makes the gap between a promise and its keeping wide enough for a kill to fall into it.
pub fn linger() {
    std::thread::sleep(std::time::Duration::from_millis(250));
}
