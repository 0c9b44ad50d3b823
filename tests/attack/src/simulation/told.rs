//! What the server tells people in a simulated day: answers, refusals, pushes, and who is shut out.

use std::sync::atomic::Ordering;

use proto::ids::{CommandId, GroupId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;
use server::consultation::DirectoryChange;
use server::live::state::{Answered, Effect, ReplyId, To};

use super::world::World;

impl World {
    /// Reads what the server told people.
    pub(super) fn read_told(&mut self) {
        let Some(server) = self.server.as_mut() else { return };
        for effect in std::mem::take(&mut server.told) {
            match effect {
                Effect::Reply(reply, response) => self.replied(reply, response),
                Effect::Tell(to, message) => {
                    let message = serde_json::to_string(&message).unwrap();
                    for role in self.roles(&to) {
                        self.check_told(role, &message);
                    }
                }
                Effect::Directory(change) => self.directory_changed(change),
                Effect::Show { .. }
                | Effect::Close(..)
                | Effect::Start(_)
                | Effect::Load(_)
                | Effect::Purge(_) => {}
            }
        }
    }

    fn roles(&self, to: &To) -> Vec<Role> {
        let told = self.people.iter().filter(|person| match (to, person.subscription) {
            (To::All, connection) => connection.is_some(),
            (To::Some(connections), Some(connection)) => connections.contains(&connection),
            (To::Some(_), None) => false,
        });
        told.map(|person| person.role).collect()
    }

    /// Seats that are shut out have no connection any more; a new group is known.
    fn directory_changed(&mut self, change: DirectoryChange) {
        let shut = |world: &mut Self, seat: SeatId| {
            let at = world.people.iter().position(|person| person.seat == seat);
            at.into_iter().for_each(|at| world.goes(at));
        };
        match change {
            DirectoryChange::SeatsClosed { seats, .. } => seats.into_iter().for_each(|seat| shut(self, seat)),
            DirectoryChange::SeatLost(seat, _) | DirectoryChange::TokenExchanged(seat, _) => shut(self, seat),
            DirectoryChange::Listing(listing) => {
                let new: Vec<GroupId> =
                    listing.groups.into_iter().filter(|group| !self.groups.contains(group)).collect();
                self.groups.extend(new);
            }
            DirectoryChange::Entrances(_)
            | DirectoryChange::SeatTaken { .. }
            | DirectoryChange::SeatsRestored(_)
            | DirectoryChange::LetIn(_) => {}
        }
    }

    fn replied(&mut self, reply: ReplyId, response: Answered) {
        let Some((at, id)) = self.waiting.remove(&reply) else { return };
        self.people[at].under_way.remove(&id);
        match response {
            Answered::Answer(answer) => self.is_answered(at, id, answer.seq),
            Answered::Refused(problem) => self.refused(at, id, &problem),
            Answered::Joined(..) | Answered::SeatCode(_) => {}
        }
    }

    fn is_answered(&mut self, at: usize, id: CommandId, seq: u64) {
        let purged = self.server.as_ref().is_some_and(|server| server.purged);
        assert!(
            purged || seq <= self.ground.last.load(Ordering::Relaxed),
            "answered before it was durable: {id}"
        );
        // A command that changed nothing is remembered in memory only, and may change something when it comes again
        // after a restart (rule W16).
        if self.ground.commands.lock().unwrap().contains(&id) {
            let known = self.answered.insert(id, seq);
            assert!(known.is_none_or(|known| known == seq), "answered with {known:?}, then with {seq}: {id}");
        }
        let person = &mut self.people[at];
        if let Some(place) = person.outbox.iter().position(|command| command.id == id) {
            person.answered.extend(person.outbox.remove(place));
        }
        self.erased.extend(self.erasing.get(&id));
    }

    fn refused(&mut self, at: usize, id: CommandId, problem: &Problem) {
        // The server is about to end, or a room was: it is sent again.
        if matches!(problem.code, Code::Unavailable | Code::TooFast) {
            return;
        }
        let wanted = self.people[at].outbox.iter().find(|command| command.id == id);
        let wanted = wanted.map(|command| serde_json::to_value(&command.action).unwrap()["do"].clone());
        self.log.push(format!("{at} is refused {id} {}: {:?}", wanted.unwrap_or_default(), problem.code));
        self.people[at].outbox.retain(|command| command.id != id);
    }
}
