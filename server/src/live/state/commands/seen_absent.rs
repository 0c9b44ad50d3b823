//! Which seats had no phone when staff were told how many these are: one closing means those, however often they come and go
//! meanwhile (rule C22).
//!
//! In memory only. Each state that somebody was told of has a number; the last ones are kept, because a desk is pushed again
//! before its reader's command arrives.

use std::collections::VecDeque;

use proto::ids::SeatId;

/// The last states that were told, each under its number.
#[derive(Debug)]
pub(in crate::live::state) struct SeenAbsent {
    kept: VecDeque<(u32, Vec<SeatId>)>,
    max: usize,
}

impl SeenAbsent {
    /// None yet; at most so many, the oldest is forgotten first.
    pub(in crate::live::state) const fn new(max: usize) -> Self {
        Self { kept: VecDeque::new(), max }
    }

    /// Staff are told of these seats; gives the number of this state. The same seats have the same number.
    pub(in crate::live::state) fn told(&mut self, mut seats: Vec<SeatId>) -> u32 {
        seats.sort_unstable();
        let number = match self.kept.back() {
            Some((number, last)) if *last == seats => return *number,
            Some((number, _)) => number.saturating_add(1),
            None => 0,
        };
        self.kept.push_back((number, seats));
        while self.kept.len() > self.max.max(1) {
            self.kept.pop_front();
        }
        number
    }

    /// The seats of this state, in order; `None`: it is kept no longer.
    pub(in crate::live::state) fn at(&self, number: u32) -> Option<&[SeatId]> {
        self.kept.iter().find(|(kept, _)| *kept == number).map(|(_, seats)| seats.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn c22_the_last_states_are_kept_and_the_same_seats_are_the_same_state() {
        let seat = |n| SeatId(Uuid::from_u128(n));
        let mut seen = SeenAbsent::new(2);
        assert_eq!(seen.told(vec![seat(2), seat(1)]), 0);
        assert_eq!(seen.told(vec![seat(1), seat(2)]), 0, "nothing changed");
        assert_eq!(seen.told(vec![seat(1)]), 1);
        assert_eq!((seen.at(0), seen.at(1)), (Some(&[seat(1), seat(2)][..]), Some(&[seat(1)][..])));
        assert_eq!(seen.told(vec![seat(1), seat(2)]), 2, "it is again as it was, later");
        assert_eq!((seen.at(0), seen.at(3)), (None, None));
    }
}
