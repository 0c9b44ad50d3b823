//! How much boards, the list and the whole consultation may still hold (rule B7): counts, asked before a decision.
//!
//! Ideas count whether they are shown, held, hidden or late, because any of them may be shown. How many words a board has
//! is known to its room alone, which refuses edits that make it longer; the task asks the room's figure for commands.

use proto::api::Fullness;
use proto::ids::{GroupId, IdeaId};
use proto::problem::{Code, Problem};

use super::state::Consultation;
use crate::config::RoomLimits;

impl Consultation {
    /// Sets what it may hold.
    pub fn set_room(&mut self, room: RoomLimits) {
        self.room = room;
    }

    /// Is there room for one more idea in this group?
    pub(super) fn has_room(&self, group: GroupId) -> Result<(), Problem> {
        if self.ideas.len() >= self.room.consultation_ideas_max {
            return Err(Problem::new(Code::ConsultationFull));
        }
        if self.ideas_of(group) >= self.room.board_ideas_max {
            return Err(Problem::new(Code::BoardFull));
        }
        Ok(())
    }

    /// Is there room for one more entry on the list?
    pub(super) fn list_has_room(&self, idea: IdeaId) -> Result<(), Problem> {
        let promoted = self.ideas.iter().filter(|(id, one)| one.promoted && **id != idea);
        if promoted.count() >= self.room.list_entries_max {
            return Err(Problem::new(Code::ListFull));
        }
        Ok(())
    }

    /// How full the list is, once people should know.
    #[must_use]
    pub fn list_fullness(&self) -> Option<Fullness> {
        let promoted = self.ideas.values().filter(|idea| idea.promoted).count() as u64;
        Fullness::of(promoted, self.room.list_entries_max as u64)
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
    pub(super) fn room_left(&self, group: GroupId) -> Option<u32> {
        let in_group = self.room.board_ideas_max.saturating_sub(self.ideas_of(group));
        let in_all = self.room.consultation_ideas_max.saturating_sub(self.ideas.len());
        let few =
            in_group <= self.room.board_ideas_max / 10 || in_all <= self.room.consultation_ideas_max / 10;
        few.then(|| u32::try_from(in_group.min(in_all)).unwrap_or(u32::MAX))
    }

    fn ideas_of(&self, group: GroupId) -> usize {
        self.groups.get(&group).map_or(0, |group| group.ideas)
    }

    /// Counts an idea that came into a group, or left it for good.
    pub(super) fn count_idea(&mut self, group: GroupId, came: bool) {
        if let Some(group) = self.groups.get_mut(&group) {
            group.ideas = if came { group.ideas.saturating_add(1) } else { group.ideas.saturating_sub(1) };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proto::api::Create;
    use proto::command::{Action, Share};
    use proto::ids::{Receipt, SeatId};
    use proto::phase::Phase;
    use proto::role::Role;
    use uuid::Uuid;

    use super::super::{Consultation, Context, Decision, found};
    use super::*;
    use crate::clock::Entropy;
    use crate::config::Limits;

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
            let founded = found(Create { groups, ..Create::default() }, "http://localhost", context).unwrap();
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
            let decision = Decision { command: None, stamp: None, event: decided.event };
            self.consultation.take_in(&decision, &decided.words);
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
    fn b7_a_full_list_takes_no_more_entries_until_one_is_taken_back() {
        let mut day = Day::new(limits());
        for number in 0..5 {
            day.share(0, number).unwrap();
        }
        let promote = |number: u128, on| Action::Promote { idea: idea(number), on };
        for number in 0..3 {
            assert_eq!(day.act(&promote(number, true)), Ok(()));
        }
        assert_eq!(day.consultation.list_fullness(), Some(Fullness::Full));
        assert_eq!(day.act(&promote(3, true)), Err(Code::ListFull));
        assert_eq!(day.act(&promote(2, true)), Ok(()), "it is there already");
        assert_eq!((day.act(&promote(0, false)), day.act(&promote(3, true))), (Ok(()), Ok(())));
    }
}
