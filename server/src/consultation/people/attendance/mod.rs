//! Who is here: how many came in, who came in a burst, and what is known of seats beside that.

pub(in crate::consultation) mod bursts;
pub(in crate::consultation) mod conduct;
pub(in crate::consultation) mod head_counts;
