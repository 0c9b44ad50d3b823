//! The cards of a closed roll: each is good for one seat, can be revoked, and replaced with the seat that it gave.
//!
//! The roll says which cards are used, never by whom: a card bears a number, and nobody's name comes here.

use std::collections::HashMap;

use proto::api::entry::{EntryCardState, EntryCardView, EntryCards};
use proto::ids::{CardId, GroupId, SeatId};
use proto::problem::{Code, Problem};

use crate::access::Deed;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::hash::Hash32;
use crate::consultation::people::Roster;
use crate::consultation::people::entry::door::{EntranceKind, NOBODY};
use crate::consultation::projection::Write;
use crate::consultation::secret::{join_url, pseudonym};
use crate::consultation::state::Consultation;

/// A card of the roll.
#[derive(Clone, Copy, Debug)]
struct EntryCard {
    id: CardId,
    /// Where it leads; the smallest group if nowhere.
    group: Option<GroupId>,
    state: State,
    /// The card that it stands for, and the seat that comes with it.
    replaces: Option<(CardId, Option<SeatId>)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Free,
    Used(SeatId),
    Void,
}

/// The closed roll.
#[derive(Debug, Default)]
pub(in crate::consultation::people) struct Roll {
    /// The cards by number, from 1.
    cards: Vec<EntryCard>,
    /// Card → its place in them.
    numbers: HashMap<CardId, usize>,
}

impl Roll {
    fn get(&self, id: CardId) -> Option<&EntryCard> {
        self.numbers.get(&id).and_then(|at| self.cards.get(*at))
    }

    fn get_mut(&mut self, id: CardId) -> Option<&mut EntryCard> {
        self.numbers.get(&id).and_then(|at| self.cards.get_mut(*at))
    }

    fn add(&mut self, card: EntryCard) {
        self.numbers.insert(card.id, self.cards.len());
        self.cards.push(card);
    }

    /// Somebody has this seat by this card.
    pub(in crate::consultation::people) fn note_use(&mut self, id: CardId, seat: SeatId) {
        if let Some(card) = self.get_mut(id) {
            card.state = State::Used(seat);
        }
    }
}

impl EntryCard {
    const fn seat(&self) -> Option<SeatId> {
        match self.state {
            State::Used(seat) => Some(seat),
            State::Free | State::Void => None,
        }
    }
}

impl Consultation {
    fn card(&self, id: CardId) -> Option<&EntryCard> {
        self.people().cards.get(id)
    }

    /// Every card, by number.
    pub(in crate::consultation::people) fn card_ids(&self) -> impl Iterator<Item = CardId> {
        self.people().cards.cards.iter().map(|card| card.id)
    }

    /// Where a card leads, if anywhere.
    pub(in crate::consultation::people) fn group_of_card(&self, id: CardId) -> Option<GroupId> {
        self.card(id)?.group
    }

    /// The seat of who came in with this card.
    pub(in crate::consultation::people) fn seat_by_card(&self, id: CardId) -> Option<SeatId> {
        self.card(id)?.seat()
    }

    fn find_card(&self, id: CardId) -> Result<&EntryCard, Problem> {
        self.card(id).ok_or_else(|| Problem::because(Code::NotFound, "There is no such card."))
    }

    pub(in crate::consultation) fn decide_make_cards(
        &self,
        seat: SeatId,
        count: u32,
        group: Option<GroupId>,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Cards, seat, None)?;
        self.check_group(group)?;
        let (count, max) = (count as usize, context.limits.cards_max);
        if count == 0 {
            return Err(Problem::because(Code::Malformed, "Make at least one card."));
        }
        if self.people().cards.cards.len().saturating_add(count) > max {
            return Err(Problem::because(Code::TooLarge, format!("A roll has at most {max} cards.")));
        }
        let cards = (0..count).map(|_| CardId(context.entropy.uuid())).collect();
        Ok(Outcome::plain(Event::CardsMade { cards, group }))
    }

    pub(in crate::consultation) fn decide_revoke_card(
        &self,
        seat: SeatId,
        id: CardId,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Cards, seat, None)?;
        match self.find_card(id)?.state {
            State::Used(_) => Err(Problem::because(
                Code::CardUsed,
                "Somebody came in with this card. Replace it, or remove the seat.",
            )),
            State::Free | State::Void => Ok(Outcome::plain(Event::CardRevoked { card: id })),
        }
    }

    pub(in crate::consultation) fn decide_replace_card(
        &self,
        seat: SeatId,
        id: CardId,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Cards, seat, None)?;
        if self.find_card(id)?.state == State::Void {
            return Err(Problem::new(Code::CardVoid));
        }
        if self.people().cards.cards.len() >= context.limits.cards_max {
            return Err(Problem::because(Code::TooLarge, "The roll has as many cards as it may."));
        }
        Ok(Outcome::plain(Event::CardReplaced { card: id, by: CardId(context.entropy.uuid()) }))
    }

    pub(in crate::consultation) fn make_cards(
        &mut self,
        cards: &[CardId],
        group: Option<GroupId>,
    ) -> Vec<Write> {
        for id in cards {
            let card = EntryCard { id: *id, group, state: State::Free, replaces: None };
            self.people_mut().cards.add(card);
        }
        Vec::new()
    }

    /// Is this card good for nothing already?
    pub(in crate::consultation) fn is_void(&self, id: CardId) -> bool {
        self.card(id).is_some_and(|card| card.state == State::Void)
    }

    pub(in crate::consultation) fn revoke_card(&mut self, id: CardId) -> Vec<Write> {
        if let Some(card) = self.people_mut().cards.get_mut(id) {
            card.state = State::Void;
        }
        Vec::new()
    }

    /// The old card ends, its phone with it; the new one stands for both.
    pub(in crate::consultation) fn replace_card(&mut self, old: CardId, new: CardId) -> Vec<Write> {
        let Roster { cards, seats, .. } = self.people_mut();
        let Some(card) = cards.get_mut(old) else { return Vec::new() };
        let (group, inherited) = (card.group, card.replaces.and_then(|(_, seat)| seat));
        let seat = card.seat().or(inherited);
        card.state = State::Void;
        let replaces = Some((old, seat));
        cards.add(EntryCard { id: new, group, state: State::Free, replaces });
        let Some(seat) = seat else { return Vec::new() };
        seats.give_token(seat, NOBODY);
        vec![Write::Dismiss(pseudonym(&self.keys().bindings, seat), None)]
    }

    /// The seat whose phone loses it when this card is replaced, with its token.
    #[must_use]
    pub fn seat_of_card(&self, id: CardId) -> Option<(SeatId, Hash32)> {
        let seat = self.card(id)?.seat()?;
        Some((seat, self.seats().get(&seat)?.token()))
    }

    /// Somebody came in with a card that stands for a lost one.
    pub(in crate::consultation) fn take_over(
        &mut self,
        seat: SeatId,
        card: CardId,
        token: Hash32,
    ) -> Vec<Write> {
        let people = self.people_mut();
        people.cards.note_use(card, seat);
        people.seats.give_token(seat, token);
        Vec::new()
    }

    pub(in crate::consultation) fn seat_to_take_over(&self, way: EntranceKind) -> Option<(SeatId, GroupId)> {
        let EntranceKind::Card(id) = way else { return None };
        let (_, seat) = self.card(id)?.replaces?;
        let seat = seat?;
        Some((seat, self.seats().get(&seat)?.group()?))
    }

    pub(in crate::consultation) fn refusal_of_card(&self, id: CardId) -> Option<Code> {
        match self.card(id).map(|card| card.state) {
            Some(State::Free) => None,
            Some(State::Used(_)) => Some(Code::CardUsed),
            Some(State::Void) => Some(Code::CardVoid),
            None => Some(Code::UnknownCode),
        }
    }

    /// The roll as organizers see it.
    #[must_use]
    pub fn cards(&self, public_url: &str) -> EntryCards {
        let public_url = self.public_url(public_url);
        let number_of = |id: CardId| self.people().cards.numbers.get(&id).copied().map(number);
        let cards = self.people().cards.cards.iter().enumerate().map(|(at, card)| {
            let entrance = (card.state == State::Free).then(|| self.entrance(EntranceKind::Card(card.id)));
            EntryCardView {
                id: card.id,
                number: number(at),
                group: card.group,
                state: match card.state {
                    State::Free => EntryCardState::Free,
                    State::Used(_) => EntryCardState::Used,
                    State::Void => EntryCardState::Void,
                },
                replaces: card.replaces.and_then(|(old, _)| number_of(old)),
                url: entrance.as_ref().map(|entrance| join_url(public_url, &entrance.key)),
                code: entrance.map(|entrance| entrance.code),
            }
        });
        EntryCards { cards: cards.collect() }
    }

    pub(in crate::consultation) fn check_group(&self, group: Option<GroupId>) -> Result<(), Problem> {
        if group.is_none_or(|group| self.groups().contains_key(&group)) {
            return Ok(());
        }
        Err(Problem::because(Code::NotFound, "There is no such group in this consultation."))
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}
