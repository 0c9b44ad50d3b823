//! Where choices come from: the bytes of a fuzzer, or a seed.
//!
//! Few bytes per choice, so that a fuzzer that changes one byte changes one choice. When the bytes are used up every
//! choice is the first, and [`Chance::is_over`] says so.

/// A source of choices.
#[derive(Clone, Debug)]
pub struct Chance<'a>(Source<'a>);

#[derive(Clone, Debug)]
enum Source<'a> {
    Bytes(&'a [u8]),
    Seed(u64),
}

impl<'a> Chance<'a> {
    /// Choices as these bytes say.
    #[must_use]
    pub const fn of_bytes(bytes: &'a [u8]) -> Self {
        Self(Source::Bytes(bytes))
    }

    /// Choices that follow a seed (the splitmix64 generator) and never end.
    #[must_use]
    pub const fn seeded(seed: u64) -> Self {
        Self(Source::Seed(seed))
    }

    /// Are the bytes used up?
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self.0, Source::Bytes([]))
    }

    /// What is left of the bytes.
    #[must_use]
    pub fn rest(self) -> &'a [u8] {
        match self.0 {
            Source::Bytes(bytes) => bytes,
            Source::Seed(_) => &[],
        }
    }

    fn bits(&mut self, bytes: usize) -> u64 {
        match &mut self.0 {
            Source::Bytes(rest) => {
                let (now, later) = rest.split_at(bytes.min(rest.len()));
                *rest = later;
                now.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
            }
            Source::Seed(state) => {
                *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                mixed ^ (mixed >> 31)
            }
        }
    }

    /// A number below `bound`; 0 when there is none.
    pub fn below(&mut self, bound: usize) -> usize {
        let bytes = match bound {
            0 | 1 => return 0,
            2..=0x100 => 1,
            0x101..=0x1_0000 => 2,
            _ => 4,
        };
        let bits = self.bits(bytes);
        usize::try_from(bits % bound as u64).unwrap_or(0)
    }

    /// One of these.
    pub fn pick<'b, T>(&mut self, all: &'b [T]) -> &'b T {
        &all[self.below(all.len())]
    }

    /// Yes, so many times in a hundred.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A byte, each value as likely as any other.
    pub fn byte(&mut self) -> u8 {
        self.bits(1) as u8
    }
}
