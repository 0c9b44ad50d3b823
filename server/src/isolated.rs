//! One text cannot stop a run: reading it may panic in code that others wrote, and it may be too long to be read.
//!
//! Such a text is an entry of its own, compared with none, and its idea is named to staff. The panic itself is one line of the log,
//! without people's words (`watch::name_panics`).

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Bytes of a text that is read at all: three times what a person may share (rule B3), in letters of four bytes.
pub const READ_BYTES_MAX: usize = 64 * 1024;

/// What comes of reading a text; none if that panics, or if the text is too long.
pub fn isolated<T>(text: &str, read: impl FnOnce(&str) -> T) -> Option<T> {
    if text.len() > READ_BYTES_MAX { None } else { guarded(|| read(text)) }
}

/// What comes of a piece of work that changes nothing but what it gives back; none if it panics.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    // What a panic leaves half done is dropped with it: the work has only borrowed.
    catch_unwind(AssertUnwindSafe(work)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_panics_or_is_too_long_gives_nothing_and_others_are_read() {
        let long = "a".repeat(READ_BYTES_MAX + 1);
        assert_eq!(isolated("a", str::len), Some(1));
        assert_eq!(isolated(&long, str::len), None);
        assert_eq!(isolated("b", |_| -> usize { panic!("a fault of a library") }), None);
    }
}
