//! How much boards, the list and the whole consultation may still hold (rule B7): counts, asked before a decision.
//!
//! Ideas count whether they are shown, held, hidden or late, because any of them may be shown. How many words a board has
//! is known to its room alone, which refuses edits that make it longer; the task asks the room's figure for commands.

use proto::api::consultation::Fullness;
use proto::ids::{GroupId, IdeaId};
use proto::problem::{Code, Problem};

use crate::config::RoomLimits;
use crate::consultation::state::Consultation;

/// What a consultation may hold.
#[derive(Debug, Default)]
pub(super) struct Capacity(RoomLimits);

impl Consultation {
    /// Sets what it may hold.
    pub fn set_room(&mut self, room: RoomLimits) {
        self.contributions_mut().capacity = Capacity(room);
    }

    const fn capacity(&self) -> &RoomLimits {
        &self.contributions().capacity.0
    }

    /// Is there room for one more idea in this group?
    pub(in crate::consultation) fn has_room(&self, group: GroupId) -> Result<(), Problem> {
        if self.ideas().len() >= self.capacity().consultation_ideas_max {
            return Err(Problem::new(Code::ConsultationFull));
        }
        if self.count_of(group) >= self.capacity().board_ideas_max {
            return Err(Problem::new(Code::BoardFull));
        }
        Ok(())
    }

    /// Is there room for one more translation on the board of this group?
    pub(in crate::consultation) fn has_room_for_translation(&self, group: GroupId) -> Result<(), Problem> {
        let translations: usize = self.ideas_of(group).map(|(_, idea)| idea.translations().len()).sum();
        let full = translations >= self.capacity().board_translations_max;
        if full { Err(Problem::new(Code::BoardFull)) } else { Ok(()) }
    }

    /// Is there room for one more entry on the list?
    pub(in crate::consultation) fn list_has_room(&self, idea: IdeaId) -> Result<(), Problem> {
        let promoted = self.ideas().iter().filter(|(id, one)| one.is_promoted() && **id != idea);
        if promoted.count() >= self.capacity().list_entries_max {
            return Err(Problem::new(Code::ListFull));
        }
        Ok(())
    }

    /// How full the list is, once people should know.
    #[must_use]
    pub fn list_fullness(&self) -> Option<Fullness> {
        let promoted = self.ideas().values().filter(|idea| idea.is_promoted()).count() as u64;
        Fullness::of(promoted, self.capacity().list_entries_max as u64)
    }

    /// How full a board is, once people should know.
    #[must_use]
    pub fn fullness(&self, group: GroupId) -> Option<Fullness> {
        match self.room_left(group)? {
            0 => Some(Fullness::Full),
            _ => Some(Fullness::NearlyFull),
        }
    }

    /// How many ideas a board can still take, once they are fewer than a tenth of all.
    pub(in crate::consultation) fn room_left(&self, group: GroupId) -> Option<u32> {
        let in_group = self.capacity().board_ideas_max.saturating_sub(self.count_of(group));
        let in_all = self.capacity().consultation_ideas_max.saturating_sub(self.ideas().len());
        let few = in_group <= self.capacity().board_ideas_max / 10
            || in_all <= self.capacity().consultation_ideas_max / 10;
        few.then(|| u32::try_from(in_group.min(in_all)).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proto::api::consultation::Create;
    use proto::command::{Action, Share};
    use proto::ids::{Receipt, SeatId};
    use proto::phase::Phase;
    use proto::role::Role;
    use uuid::Uuid;

    use super::*;
    use crate::clock::Entropy;
    use crate::config::Limits;
    use crate::consultation::{Consultation, Context, EventRecord, create};

    struct Day {
        consultation: Consultation,
        organizer: SeatId,
        groups: Vec<GroupId>,
    }

    fn idea(number: u128) -> IdeaId {
        IdeaId(Uuid::from_u128(number))
    }

    fn receipt() -> Receipt {
        Receipt::from_bytes([7; 32])
    }

    impl Day {
        fn new(room: RoomLimits) -> Self {
            let (entropy, limits) = (Entropy::Counter(Arc::default()), Limits::default());
            let context = Context { now: 1, entropy: &entropy, limits: &limits };
            let groups = vec!["North".to_owned(), "South".to_owned()];
            let founded =
                create(Create { groups, ..Create::default() }, "http://localhost", context).unwrap();
            let link = |role| founded.founding.links.iter().find(|link| link.role == role).unwrap().seat;
            let organizer = link(Role::Organizer);
            let groups = founded.founding.groups.iter().map(|(id, _)| *id).collect();
            let mut consultation = Consultation::new(founded.created.id, founded.keys, founded.founding);
            consultation.set_room(room);
            let mut day = Self { consultation, organizer, groups };
            let phase = Phase::Brainstorm;
            day.act(&Action::Phase { phase, minutes: None, group: None, grace_seconds: None }).unwrap();
            day
        }

        fn act(&mut self, action: &Action) -> Result<(), Code> {
            let (entropy, limits) = (Entropy::Counter(Arc::default()), Limits::default());
            let context = Context { now: 1, entropy: &entropy, limits: &limits };
            let decided = self.consultation.decide(self.organizer, action, context);
            let decided = decided.map_err(|problem| problem.code)?;
            let decision = EventRecord { command: None, stamp: None, event: decided.event };
            self.consultation.apply(&decision, &decided.words);
            Ok(())
        }

        fn share(&mut self, group: usize, number: u128) -> Result<(), Code> {
            self.act(&Action::Share(Share {
                idea: idea(number),
                group: self.groups[group],
                point: None,
                kind: None,
                lang: "en".to_owned(),
                spoken: false,
                text: "words".to_owned(),
                receipt: receipt().hash(),
            }))
        }

        fn told(&self, group: usize) -> (Option<Fullness>, Option<u32>) {
            let group = self.groups[group];
            (self.consultation.fullness(group), self.consultation.room_left(group))
        }
    }

    fn limits() -> RoomLimits {
        RoomLimits {
            board_ideas_max: 20,
            consultation_ideas_max: 30,
            list_entries_max: 3,
            ..RoomLimits::default()
        }
    }

    #[test]
    fn b7_a_full_board_refuses_one_more_idea_and_says_so_before() {
        let mut day = Day::new(limits());
        for number in 0..17 {
            assert_eq!(day.share(0, number), Ok(()));
        }
        assert_eq!(day.told(0), (None, None));
        assert_eq!(day.share(0, 17), Ok(()));
        assert_eq!(day.told(0), (Some(Fullness::NearlyFull), Some(2)));
        assert_eq!((day.share(0, 18), day.share(0, 19)), (Ok(()), Ok(())));
        assert_eq!(day.told(0), (Some(Fullness::Full), Some(0)));
        assert_eq!(day.share(0, 20), Err(Code::BoardFull));
        // Another board has room, and so has this one when an idea was withdrawn.
        assert_eq!(day.share(1, 20), Ok(()));
        let withdraw = Action::Withdraw { idea: idea(3), receipt: receipt() };
        assert_eq!((day.act(&withdraw), day.share(0, 21)), (Ok(()), Ok(())));
        assert_eq!(day.share(0, 22), Err(Code::BoardFull));
    }

    #[test]
    fn b7_a_full_consultation_refuses_ideas_on_every_board() {
        let mut day = Day::new(limits());
        for number in 0..30 {
            assert_eq!(day.share(usize::from(number >= 15), number), Ok(()));
        }
        assert_eq!(
            (day.share(0, 30), day.share(1, 30)),
            (Err(Code::ConsultationFull), Err(Code::ConsultationFull))
        );
        assert_eq!(day.told(0), (Some(Fullness::Full), Some(0)));
    }

    #[test]
    fn b9_an_entry_of_a_board_takes_no_more_ideas_than_may_be_one() {
        let mut day = Day::new(RoomLimits::default());
        let most = Limits::default().bounds.combined_max as u128;
        for number in 0..most + 2 {
            day.share(0, number).unwrap();
        }
        // A chain: each idea stands for the one before it and for all that it stood for.
        for number in 1..most {
            let combine = Action::Combine { idea: idea(number - 1), into: idea(number) };
            assert_eq!(day.act(&combine), Ok(()), "{number}");
        }
        let one_more = Action::Combine { idea: idea(most - 1), into: idea(most) };
        assert_eq!(day.act(&one_more), Err(Code::EntryFull));
        let the_other_way = Action::Combine { idea: idea(most), into: idea(3) };
        assert_eq!(day.act(&the_other_way), Err(Code::EntryFull));
        // Another one of the same entry leads: nothing is added.
        assert_eq!(day.act(&Action::Combine { idea: idea(most - 1), into: idea(0) }), Ok(()));
        let apart = day.act(&Action::TakeApart { idea: idea(5) });
        assert_eq!((apart, day.act(&the_other_way)), (Ok(()), Ok(())), "there is room again");
    }

    #[test]
    fn b9_so_many_entries_and_no_more_can_be_put_first() {
        let mut day = Day::new(RoomLimits::default());
        let most = Limits::default().bounds.pins_max as u128;
        for number in 0..=most {
            day.share(0, number).unwrap();
        }
        let pin = |number, on| Action::Pin { item: idea(number), on, place: None };
        for number in 0..most {
            assert_eq!(day.act(&pin(number, true)), Ok(()));
        }
        assert_eq!(day.act(&pin(most, true)), Err(Code::TooManyPins));
        assert_eq!(day.act(&pin(3, true)), Ok(()), "it is there already");
        assert_eq!((day.act(&pin(0, false)), day.act(&pin(most, true))), (Ok(()), Ok(())));
    }

    #[test]
    fn b7_a_full_list_takes_no_more_entries_until_one_is_taken_back() {
        let mut day = Day::new(limits());
        for number in 0..5 {
            day.share(0, number).unwrap();
        }
        let phase = Phase::Review;
        day.act(&Action::Phase { phase, minutes: None, group: None, grace_seconds: None }).unwrap();
        let promote = |number: u128, on| Action::Promote { idea: idea(number), on, kind: None };
        for number in 0..3 {
            assert_eq!(day.act(&promote(number, true)), Ok(()));
        }
        assert_eq!(day.consultation.list_fullness(), Some(Fullness::Full));
        assert_eq!(day.act(&promote(3, true)), Err(Code::ListFull));
        assert_eq!(day.act(&promote(2, true)), Ok(()), "it is there already");
        assert_eq!((day.act(&promote(0, false)), day.act(&promote(3, true))), (Ok(()), Ok(())));
    }
}
