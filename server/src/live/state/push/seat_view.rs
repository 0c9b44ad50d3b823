//! What seats are sent and can read: the state for everybody, `you` for one seat, and what an export says beside the list.

use std::collections::HashMap;
use std::sync::Arc;

use proto::api::consultation::{ConsultationState, You};
use proto::api::ledger::LedgerEntry;
use proto::ids::{GroupId, SeatId};
use proto::wire::close::CloseReason;
use proto::wire::stateless::ServerMessage;

use crate::consultation::{AdoptionFigures, GroupFigures, ListContext, StoredVersion};
use crate::live::state::batch::{Batch, Told, closed};
use crate::live::state::effect::{Effect, To};
use crate::live::state::{Env, Live, Timer};
use crate::room::SubscriptionId;

/// What an export says beside the list.
#[derive(Clone, Debug)]
pub struct Report {
    /// Everything but what staff did.
    pub context: ListContext,
    /// What staff did.
    pub ledger: Vec<LedgerEntry>,
}

impl Live {
    /// The state as everybody sees it: made once for all who ask within a moment, and anew after every event.
    pub(in crate::live) fn state(&mut self, env: &Env<'_>) -> Arc<ConsultationState> {
        if let Some(state) = self.state_push.made(env.tick, env.limits.bounds.state_age) {
            return state;
        }
        let here = self.connections.present(&self.consultation);
        let mut state =
            self.consultation.state(env.now, |group| here.get(&group).copied().unwrap_or_default());
        self.count_fullness(&mut state, env);
        state.texts_to_service = env.asks_service();
        let state = Arc::new(state);
        self.state_push.make(env.tick, &state);
        state
    }

    /// Has this seat a connection?
    pub(in crate::live) fn is_here(&self, seat: SeatId) -> bool {
        self.connections.is_here(seat)
    }

    /// Was this seat here since the server started?
    pub(in crate::live) fn was_here(&self, seat: SeatId) -> bool {
        self.connections.was_here(seat)
    }

    /// What concerns one seat alone; none when it is gone.
    pub(in crate::live) fn you(&self, seat: SeatId, env: &Env<'_>) -> Option<You> {
        self.consultation.you(seat, env.public_url)
    }

    pub(in crate::live) fn report(&mut self, env: &Env<'_>) -> Report {
        Report { context: self.list_context(env), ledger: self.consultation.ledger().to_vec() }
    }

    /// What a version was made with; none if there is no such version.
    pub(in crate::live) fn report_of_version(&self, number: u32) -> Option<(StoredVersion, u32, Report)> {
        let (version, withheld) = self.consultation.version(number)?;
        let context = ListContext { adoption: self.adoption_of(&version), ..version.context.clone() };
        let ledger = self.consultation.ledger().iter().take(context.ledger_lines).cloned().collect();
        Some((version, withheld, Report { context, ledger }))
    }

    /// How this version was adopted; none if it is not, or if people still say something of it.
    fn adoption_of(&self, version: &StoredVersion) -> Option<AdoptionFigures> {
        let (number, adopted, voters) = self.consultation.adoption_result()?;
        if number != version.number {
            return None;
        }
        let items = version.view.items.iter().map(|item| item.id);
        let objections = items.filter_map(|id| Some((id, self.consultation.objections_to(id)?)));
        Some(AdoptionFigures { adopted, voters, objections: objections.collect() })
    }

    /// What stands around the list now.
    pub(in crate::live::state) fn list_context(&mut self, env: &Env<'_>) -> ListContext {
        let state = self.state(env);
        let consultation = &self.consultation;
        let mut voters: HashMap<GroupId, u32> = HashMap::new();
        for (_, group, _) in consultation.ballots() {
            *voters.entry(group).or_default() += 1;
        }
        let shown = |group| consultation.ideas_of(group).filter(|(_, idea)| idea.is_shown()).count();
        let (participants, wrote) = (consultation.participants_of_all(), consultation.wrote());
        let groups = state.groups.iter().map(|group| {
            let (signed, late) = (consultation.signed(group.id), consultation.late_for_all(group.id));
            let voters = voters.get(&group.id).copied().unwrap_or(0);
            GroupFigures {
                id: group.id,
                name: group.name.clone(),
                participants: participants.get(&group.id).copied().unwrap_or(0),
                voters: consultation.tallies_shown(Some(group.id)).then_some(voters),
                ideas: u32::try_from(shown(group.id)).unwrap_or(u32::MAX),
                wrote: wrote.get(&group.id).copied().unwrap_or(0),
                agreed: signed.agreed,
                notes: signed.notes.into_iter().filter_map(|note| note.line).collect(),
                late: late.count,
                late_ideas: late.ideas.into_iter().map(|idea| (idea.text, idea.lang)).collect(),
            }
        });
        let (run, list) = (consultation.run_facts(), consultation.list());
        ListContext {
            title: state.title.clone(),
            points: state.points.clone(),
            phase: state.phase,
            working_language: state.working_language.clone(),
            plenary_vote: state.plenary_vote.clone(),
            adoption: None,
            founded_at: consultation.founding().at,
            groups: groups.collect(),
            rule: run.map(|run| run.rule).unwrap_or_default(),
            weights: run.map(|run| run.weights).unwrap_or_default(),
            k: list.k.clone(),
            pins: list.pins.clone(),
            kept_off: u32::try_from(list.exclude.len()).unwrap_or(u32::MAX),
            audit: run.map(|run| run.audit.clone()).unwrap_or_default(),
            ledger_lines: consultation.ledger().len(),
        }
    }

    /// A connection subscribes to the state.
    pub(in crate::live::state) fn connect(
        &mut self,
        connection: SubscriptionId,
        seat: SeatId,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        if self.consultation.is_closed(seat) {
            return batch.follow(closed(connection, CloseReason::SeatRemoved));
        }
        self.connections.add(connection, seat);
        self.note_contact(seat, batch, env);
        batch.told().welcome.push(connection);
        self.presence_changed(env);
        // Other desks see that a moderator is here.
        self.desk_changed(env);
    }

    /// Somebody came or went: the next push of the state says it.
    pub(in crate::live::state) fn presence_changed(&mut self, env: &Env<'_>) {
        self.state_push.by(env.tick + env.limits.presence_pause);
    }

    /// Notifies connections of what the turn changed, and sends the throttled pushes that are due now.
    pub(in crate::live::state) fn push(&mut self, told: &Told, effects: &mut Vec<Effect>, env: &Env<'_>) {
        for connection in &told.welcome {
            self.welcome(*connection, effects, env);
        }
        if told.audience.at_once {
            self.state_push.urgent(&env.limits.costs, env.tick);
        } else if told.audience.everybody {
            self.state_push.changed(&env.limits.costs, env.tick);
        }
        self.push_state(effects, env);
        self.push_you(told, effects, env);
        if told.curation {
            self.curation_changed(env);
        }
        if self.is_due(Timer::CurationPush, env) {
            self.push_curation(effects, env);
        }
        if told.audience.desk {
            self.desk_changed(env);
        }
        if self.is_due(Timer::DeskPush, env) {
            self.push_desks(effects, env);
        }
        self.outcome_push.add(&told.outcomes, env.tick + env.limits.desks.fates_pause);
        self.push_outcomes(effects, env);
    }

    /// A new connection is sent everything that concerns its seat.
    fn welcome(&mut self, connection: SubscriptionId, effects: &mut Vec<Effect>, env: &Env<'_>) {
        let Some(seat) = self.connections.seat_of(connection) else { return };
        let state = self.state(env);
        self.state_push.told_one(&state);
        effects.push(tell_one(connection, ServerMessage::State { state: (*state).clone() }));
        effects.extend(self.you(seat, env).map(|you| tell_one(connection, ServerMessage::You { you })));
        self.show_curation(connection, seat, effects, env);
        self.show_desk(connection, seat, None, effects, env);
    }

    /// Sends everybody the state, if that is due and it differs from what they were sent last.
    fn push_state(&mut self, effects: &mut Vec<Effect>, env: &Env<'_>) {
        if !self.state_push.take_due(env.tick) {
            return;
        }
        // That somebody came or went is no event.
        self.state_push.outdated();
        let state = self.state(env);
        if self.state_push.is_news(&state) {
            let message = ServerMessage::State { state: (*state).clone() };
            effects.push(Effect::Tell(To::All, Box::new(message)));
        }
    }

    /// Sends seats what concerns them alone, in one walk through all connections.
    fn push_you(&self, told: &Told, effects: &mut Vec<Effect>, env: &Env<'_>) {
        if told.you.is_empty() && !told.audience.voters {
            return;
        }
        let concerned =
            self.connections.all().filter(|(_, seat)| told.audience.voters || told.you.contains(seat));
        let you = concerned.filter_map(|(id, seat)| Some((id, self.you(seat, env)?)));
        effects.extend(you.map(|(id, you)| tell_one(id, ServerMessage::You { you })));
    }
}

/// Sends something to one connection.
pub(in crate::live::state) fn tell_one(connection: SubscriptionId, message: ServerMessage) -> Effect {
    Effect::Tell(To::Some(vec![connection]), Box::new(message))
}
