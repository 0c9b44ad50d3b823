//! What must be so after each step and at the end of a simulated day.
//!
//! `promises` is what people were told, `votes` the tallies and ballots, `plenary_vote` the vote of everybody, `danger` the bounds of reports, `boards` and `list` the
//! documents, `journal` what is kept, `words` what nobody may read.

mod boards;
mod danger;
mod journal;
mod list;
mod plenary_vote;
mod promises;
mod votes;
mod words;

use server::consultation::Consultation;

use super::world::World;

impl World {
    /// Everything, at the end of a day at which everybody is here.
    pub(super) fn check_all(&mut self) {
        self.check_promises();
        self.check_tallies();
        self.check_responses();
        self.check_plenary_vote();
        self.check_danger();
        self.check_boards();
        self.check_list();
        self.check_journal();
        self.check_erased();
    }

    pub(super) fn live(&self) -> &Consultation {
        self.server.as_ref().unwrap().live.consultation()
    }
}
