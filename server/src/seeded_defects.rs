//! Defects that tests put in on purpose, to show that a check of safety goes red: only with the cargo feature
//! `seeded-defects`, which no release has.

use crate::clock::tick;

/// Defects of the parts that `tests/attack` simulates, with what each does. Simulated days must notice every one.
pub const SIMULATED: &[(&str, &str)] = &[
    ("publish-before-commit", "what follows from a turn is carried out before the turn is durable"),
    ("scrub-forgotten", "after a start nobody rewrites files that still hold deleted words"),
    ("scrubs-unrecorded", "the journal is not told which documents lose words"),
    ("stale-rows-stay", "words that were kept for a hidden idea stay in their row when the idea is erased"),
    ("commands-forgotten", "a start remembers no command, so a repeated one is carried out twice"),
    (
        "repeat-answered-late",
        "a command that is sent twice in one turn has the answer of the last event of the turn",
    ),
    ("responses-unshown", "the list does not show what people say of its entries"),
    ("reconcile-forgotten", "a board that is loaded does not show what was decided while it was not"),
    ("late-edits", "a room lets people write in every phase"),
    ("hidden-words-lost", "a room does not keep the words that a hidden idea has"),
    ("danger-unbounded", "reports of danger hide any number of ideas"),
    ("budget-off", "a ballot may approve any number of ideas"),
    (
        "older-vote-wins",
        "of two decisions on one idea the one that arrives last stands, whatever its counter",
    ),
    ("tallies-add-up", "a person who approves two ideas that are one counts twice"),
];

/// Is this defect asked for, by itself or as one of several with commas between? Never without the feature.
#[must_use]
pub fn is(name: &str) -> bool {
    let asked = |asked: String| asked.split(',').any(|one| one == name);
    cfg!(feature = "seeded-defects")
        && (is_here(name) || std::env::var("PLENUM_SEED_DEFECT").is_ok_and(asked))
}

#[cfg(feature = "seeded-defects")]
thread_local! {
    static HERE: std::cell::Cell<Option<&'static str>> = const { std::cell::Cell::new(None) };
}

/// Does something with a defect on this thread alone.
#[cfg(feature = "seeded-defects")]
pub fn with<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    HERE.set(Some(name));
    let done = work();
    HERE.set(None);
    done
}

#[cfg(feature = "seeded-defects")]
fn is_here(name: &str) -> bool {
    HERE.get() == Some(name)
}

#[cfg(not(feature = "seeded-defects"))]
const fn is_here(_: &str) -> bool {
    false
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
