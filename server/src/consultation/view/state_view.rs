//! What people and rooms see of a consultation.

use proto::api::consultation::{
    ClockState, ConsultationState, Door, DoorstepGroup, GroupState, JoinInfo, LocalText, You,
};
use proto::ids::{GroupId, IdeaId, PointId, SeatId};

use crate::access::{Deed, may_ever};
use crate::clock::Millis;
use crate::consultation::day::grace::Announced;
use crate::consultation::day::phases::Span;
use crate::consultation::ideas::idea::Idea;
use crate::consultation::people::entry::door::EntranceKind;
use crate::consultation::projection::{IdeaPlan, Plan};
use crate::consultation::secret::{join_url, pseudonym};
use crate::consultation::state::Consultation;

/// Ideas of a group that are not on its board, as its state counts them.
#[derive(Clone, Copy, Default)]
struct OffBoard {
    held: u32,
    held_at_point: u32,
    late: u32,
}

impl Consultation {
    /// What everybody sees. `here` says how many seats of a group have a live connection.
    #[must_use]
    pub fn state(&self, now: Millis, here: impl Fn(GroupId) -> u32) -> ConsultationState {
        let clock = |span: Span| ClockState { now, started_at: span.started_at, ends_at: span.ends_at };
        let signed = self.signed_counts();
        let group = |(id, name): &(GroupId, String)| {
            let point = self.point_of(*id);
            let off_board = self.off_board(*id, point.map(|(point, _)| point));
            GroupState {
                id: *id,
                name: name.clone(),
                phase: self.phase_of(Some(*id)),
                clock: clock(self.phase_clock(Some(*id))),
                here: here(*id),
                held: off_board.held,
                signed: signed.get(id).copied().unwrap_or(0),
                held_at_point: off_board.held_at_point,
                announced: self.announced(Some(*id)).map(Announced::shown),
                point: point.map(|(point, _)| point),
                point_clock: clock(point.map(|(_, span)| span).unwrap_or_default()),
                minutes: self.minutes_planned(*id),
                late: off_board.late,
                hidden: self.is_board_hidden(*id) == Some(true),
                help: self.help_of(*id).is_some(),
                fullness: self.fullness(*id),
            }
        };
        ConsultationState {
            id: self.id(),
            title: self.founding().title.clone(),
            phase: self.phase(),
            clock: clock(self.phase_clock(None)),
            announced: self.announced(None).map(Announced::shown),
            points: self.founding().points.clone(),
            groups: self.founding().groups.iter().map(group).collect(),
            settings: self.founding().settings.clone(),
            working_language: self.working_language().map(str::to_owned),
            promoted_at_most: self.promoted_at_most(),
            run: self.run(),
            plenary_vote: self.plenary_vote_state(),
            adoption: self.adoption_state(),
            list_fullness: self.list_fullness(),
            purge_at: self.purge_at(),
            purge_soon: self.purge_soon(),
            programme: self.prepared_version(),
            opens_at: self.opens_at(),
            texts_to_service: false,
            rehearsal: self.founding().rehearsal_of.is_some(),
        }
    }

    fn off_board(&self, group: GroupId, point: Option<PointId>) -> OffBoard {
        let mut found = OffBoard::default();
        for (_, idea) in self.ideas_of(group) {
            let held = idea.waits();
            found.held += u32::from(held);
            found.held_at_point += u32::from(held && Some(idea.point()) == point);
            found.late += u32::from(idea.on_shelf());
        }
        found
    }

    /// The language in which the result is authoritative.
    fn working_language(&self) -> Option<&str> {
        let founding = self.founding();
        let chosen = founding.settings.working_language.tag();
        chosen.or_else(|| founding.programme.languages.first().map(String::as_str))
    }

    /// What concerns one seat alone.
    #[must_use]
    pub fn you(&self, seat: SeatId, public_url: &str) -> Option<You> {
        let actor = self.actor(seat)?;
        let confirm = self.to_confirm(seat);
        let approved = self.approved_entries(pseudonym(&self.keys().ballots, seat)).into_iter().collect();
        let public_url = self.public_url(public_url);
        let door = may_ever(Deed::SeeDoor, actor, actor.group).then(|| Door {
            code: self.founding().code.clone(),
            groups: self.group_doors(actor, public_url),
            url: join_url(public_url, &self.founding().key),
        });
        let responses = self.responses_of(seat);
        let plenary_vote = self.own_plenary_vote(seat);
        let adoption = self.own_adoption(seat);
        let lang = self.language_of_translator(seat).map(str::to_owned);
        Some(You {
            role: actor.role,
            group: actor.group,
            lang,
            approved,
            confirm,
            responses,
            plenary_vote,
            adoption,
            door,
        })
    }

    /// What somebody sees before joining.
    #[must_use]
    pub fn doorstep(&self, way: EntranceKind, now: Millis) -> JoinInfo {
        let mut languages = self.founding().programme.languages.clone();
        let texts = [&self.founding().title]
            .into_iter()
            .chain(self.founding().points.iter().map(|point| &point.title));
        let written = texts.flat_map(LocalText::languages);
        for language in written.filter(|_| self.founding().programme.languages.is_empty()) {
            if !languages.iter().any(|known| known == language) {
                languages.push(language.to_owned());
            }
        }
        let choice = self.choice(way);
        let groups = self.founding().groups.iter().filter(|(id, _)| choice.contains(id));
        let group = |(id, name): &(GroupId, String)| DoorstepGroup { id: *id, name: name.clone() };
        let opens_at = self.opens_at().filter(|at| now < *at);
        let keeps_key = !matches!(way, EntranceKind::Card(_)) && self.refusal(way).is_none();
        JoinInfo {
            consultation: self.id(),
            title: self.founding().title.clone(),
            groups: groups.map(group).collect(),
            languages,
            open: self.founding().settings.door_open || self.opens_at().is_some_and(|at| at <= now),
            entry: self.founding().settings.entry,
            opens_at,
            now: opens_at.map(|_| now),
            key: keeps_key.then(|| self.entrance(way).key),
            refusal: self.refusal(way),
            texts_to_service: false,
        }
    }

    /// All that a board must show.
    #[must_use]
    pub fn board_plan(&self, group: GroupId) -> Plan {
        let shown = self.ideas_of(group).filter(|(_, idea)| idea.is_shown());
        let mut ideas: Vec<IdeaPlan> = shown.map(|(id, idea)| self.plan_of(id, idea)).collect();
        ideas.sort_by_key(|idea| (idea.order, idea.id));
        let hidden = self.ideas_of(group).filter(|(_, idea)| idea.keeps_words());
        let kept = hidden.map(|(id, _)| id).collect();
        let (card, closed) = (self.ordered_card(group), self.closed_writers(group));
        Plan::Board { group, phase: self.phase_of(Some(group)), ideas, kept, card, closed }
    }

    /// All that the plenary must show.
    #[must_use]
    pub fn plenary_plan(&self) -> Plan {
        let frozen = (self.list().frozen, self.list().version);
        Plan::Plenary {
            consultation: self.id(),
            phase: self.phase(),
            run: self.run_facts().cloned(),
            frozen,
            version: self.version_shown(),
            fixed: self.fixed_entries(),
            room: self.room(),
            follow: self.words_to_follow(),
        }
    }

    pub(in crate::consultation) fn plan_of(&self, id: IdeaId, idea: &Idea) -> IdeaPlan {
        let (state, into) = self.state_of(id);
        IdeaPlan {
            id,
            words: idea.words(),
            spoken: idea.is_spoken(),
            point: idea.point(),
            kind: idea.kind(),
            kind_proposed: idea.is_kind_proposed(),
            lang: idea.lang().to_owned(),
            order: idea.order(),
            tally: self.shown_tally(id, idea.group()),
            state,
            into,
            locked: self.is_locked(id),
        }
    }
}
