//! Defects that tests put in on purpose, to show that a check of safety goes red: only with the cargo feature
//! `seeded-defects`, which no release has.

/// Is this defect asked for, by itself or as one of several with commas between? Never without the feature.
#[must_use]
pub fn is(name: &str) -> bool {
    let asked = |asked: String| asked.split(',').any(|one| one == name);
    cfg!(feature = "seeded-defects") && std::env::var("PLENUM_SEED_DEFECT").is_ok_and(asked)
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
