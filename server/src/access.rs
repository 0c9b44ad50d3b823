//! May this seat do this, here, in this phase? One table, and the only maker of [`Permitted`] (invariant I2).
//!
//! `authorize` is called in the same turn as the effect: by the consultation's task for commands, by a room for edits,
//! each with the phase that it owns itself. The table is meant to be read by people who do not program.

use proto::ids::GroupId;
use proto::phase::Phase;
use proto::problem::{Code, Problem};
use proto::role::Role;

use Phase::{Brainstorm, Briefing, Closed, Lobby, Plenary, Review, Vote};
use Reach::{Anywhere, OwnGroup};
use Role::{Editor, Moderator, Organizer, Participant, Projector, Rapporteur, Safeguarding, Translator};

/// Something that a seat may or may not do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// Publish an idea on a board.
    Share,
    /// Give an own idea another text by its receipt.
    Edit,
    /// Take an own idea back by its receipt.
    Withdraw,
    /// Approve an idea.
    Approve,
    /// Send an idea to the plenary.
    Promote,
    /// Take an idea off its board with a reason, and show it again.
    Hide,
    /// Combine ideas of a board, take them apart, or say that they are not the same.
    Combine,
    /// Put a group's promoted ideas in order, for its card.
    Order,
    /// See earlier wordings of an idea.
    SeeWordings,
    /// Give an idea an earlier wording again.
    Restore,
    /// Let nobody change an idea's text, or let people again.
    Lock,
    /// Close the seat of who writes in an idea, and undo what it wrote.
    RemoveWriter,
    /// Put an idea that came too late on a board's late shelf.
    Shelve,
    /// Let an idea that waits for the moderator, or one from the late shelf, onto its board.
    Admit,
    /// Say that an idea of a board should be looked at.
    Report,
    /// Say that an idea of the list should be looked at.
    ReportListed,
    /// Read and settle reports that somebody may be in danger.
    Safeguard,
    /// Share an idea for somebody without a phone.
    ShareSpoken,
    /// Put an idea into another language.
    Translate,
    /// Call for help in a group.
    CallHelp,
    /// Say that help has come to a group.
    EndHelp,
    /// Show the ideas held back on a board.
    Reveal,
    /// Move one group to a phase.
    MoveGroup,
    /// Move the whole consultation to a phase.
    MoveAll,
    /// Go to a discussion point, set its clock, plan minutes.
    SetPace,
    /// Open and close the door.
    Door,
    /// Make, revoke and replace cards of the closed roll.
    Cards,
    /// Say how many people are in a room.
    CountHeads,
    /// Let people in who wait at the door.
    LetIn,
    /// Close many seats together, and their votes with them.
    CloseSeats,
    /// Move a seat to another group, by the code that its phone shows.
    MoveSeat,
    /// Go to another group oneself.
    ChangeGroup,
    /// Change what is prepared, and see what is missing.
    Amend,
    /// See, make, revoke and hand on staff links.
    Links,
    /// Rehearse what is prepared, before the day begins.
    Rehearse,
    /// Build the plenary list.
    Merge,
    /// Put ideas together or apart, for the list.
    Assign,
    /// Put items first or keep them off the list; set cut, rule and weights.
    Arrange,
    /// Let the list stand still, or move again.
    Freeze,
    /// See what may be the same, and what was passed over.
    ReadSuggestions,
    /// Fill an item's wording with its anchor's words.
    Reword,
    /// Read texts of the list that say something like deleted words, and put them back or delete them.
    SettleText,
    /// Open and close the plenary vote, add a group that was late, let seats vote that came late.
    PlenaryVote,
    /// Approve an entry in the plenary vote.
    ApproveEntry,
    /// Open and close the adoption of a version.
    Adoption,
    /// Say that one stands by the version that is adopted.
    Adopt,
    /// Object to an item of the list in the plenary.
    Object,
    /// Delete the words of an objection.
    HideObjection,
    /// Write inside a text of a board.
    EditBoard,
    /// Write inside a group's wording of an idea that it sends to the plenary.
    WordEntry,
    /// Write inside a text of the plenary.
    EditPlenary,
    /// Read a board.
    ReadBoard,
    /// Read the plenary.
    ReadPlenary,
    /// Say whether the group's card is what was said.
    SignOff,
    /// Hide a minority note, or show it again.
    HideNote,
    /// Set for how long the consultation is kept.
    Retain,
    /// Delete all of the consultation; see how many took part and what was exported.
    Purge,
    /// See the join code.
    SeeDoor,
    /// See how many have not written yet, and what waits for a moderator.
    SeeDesk,
}

/// How far a role reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// In every group.
    Anywhere,
    /// In the group of the seat or link.
    OwnGroup,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct AccessRule {
    /// What is done.
    pub deed: Deed,
    /// Who may, and where.
    pub who: &'static [(Role, Reach)],
    pub when: &'static [Phase],
}

const ALWAYS: &[Phase] = &Phase::ALL;
const WORK: &[Phase] = &[Brainstorm, Vote, Review, Plenary];
/// What people vote on stays as it is while they vote.
const NO_VOTE: &[Phase] = &[Brainstorm, Review, Plenary];

/// Everything that is allowed. What stands in no line is not.
pub const TABLE: &[AccessRule] = &[
    AccessRule {
        deed: Deed::Share,
        who: &[(Participant, OwnGroup), (Moderator, OwnGroup), (Organizer, Anywhere)],
        when: &[Brainstorm],
    },
    AccessRule {
        deed: Deed::Edit,
        who: &[(Participant, OwnGroup), (Moderator, OwnGroup), (Organizer, Anywhere)],
        when: &[Brainstorm],
    },
    AccessRule {
        deed: Deed::Withdraw,
        who: &[(Participant, Anywhere), (Moderator, Anywhere), (Organizer, Anywhere)],
        when: ALWAYS,
    },
    AccessRule { deed: Deed::Approve, who: &[(Participant, OwnGroup)], when: &[Vote] },
    AccessRule {
        deed: Deed::Promote,
        who: &[(Moderator, OwnGroup), (Organizer, Anywhere)],
        when: &[Review, Plenary],
    },
    AccessRule { deed: Deed::Hide, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::Combine, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: NO_VOTE },
    AccessRule {
        deed: Deed::Order,
        who: &[(Moderator, OwnGroup), (Rapporteur, OwnGroup), (Organizer, Anywhere)],
        when: WORK,
    },
    AccessRule {
        deed: Deed::SeeWordings,
        who: &[(Moderator, OwnGroup), (Organizer, Anywhere)],
        when: ALWAYS,
    },
    AccessRule { deed: Deed::Restore, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: WORK },
    AccessRule { deed: Deed::Lock, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: WORK },
    AccessRule { deed: Deed::RemoveWriter, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: WORK },
    AccessRule {
        deed: Deed::Shelve,
        who: &[(Participant, OwnGroup), (Moderator, OwnGroup), (Organizer, Anywhere)],
        when: &[Vote, Review, Plenary, Closed],
    },
    AccessRule { deed: Deed::Admit, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: WORK },
    AccessRule {
        deed: Deed::Report,
        who: &[
            (Participant, OwnGroup),
            (Moderator, OwnGroup),
            (Rapporteur, OwnGroup),
            (Organizer, Anywhere),
            (Editor, Anywhere),
        ],
        when: ALWAYS,
    },
    AccessRule {
        deed: Deed::ReportListed,
        who: &[
            (Participant, Anywhere),
            (Moderator, Anywhere),
            (Organizer, Anywhere),
            (Rapporteur, Anywhere),
            (Editor, Anywhere),
            (Translator, Anywhere),
        ],
        when: ALWAYS,
    },
    AccessRule { deed: Deed::Safeguard, who: &[(Safeguarding, Anywhere)], when: ALWAYS },
    AccessRule {
        deed: Deed::ShareSpoken,
        who: &[(Moderator, OwnGroup), (Organizer, Anywhere)],
        when: &[Brainstorm],
    },
    AccessRule {
        deed: Deed::Translate,
        who: &[(Participant, OwnGroup), (Moderator, OwnGroup), (Organizer, Anywhere)],
        when: &[Brainstorm],
    },
    AccessRule {
        deed: Deed::Translate,
        who: &[(Moderator, OwnGroup), (Organizer, Anywhere)],
        when: &[Vote, Review, Plenary],
    },
    AccessRule { deed: Deed::Translate, who: &[(Translator, Anywhere)], when: WORK },
    AccessRule {
        deed: Deed::CallHelp,
        who: &[(Participant, OwnGroup), (Moderator, OwnGroup), (Organizer, Anywhere)],
        when: ALWAYS,
    },
    AccessRule { deed: Deed::EndHelp, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::Reveal, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: WORK },
    AccessRule { deed: Deed::MoveGroup, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::MoveAll, who: &[(Organizer, Anywhere)], when: ALWAYS },
    AccessRule {
        deed: Deed::SetPace,
        who: &[(Moderator, OwnGroup), (Organizer, Anywhere)],
        when: &[Lobby, Briefing, Brainstorm, Vote, Review, Plenary],
    },
    AccessRule { deed: Deed::Door, who: &[(Organizer, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::Cards, who: &[(Organizer, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::CountHeads, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::LetIn, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::CloseSeats, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::MoveSeat, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::ChangeGroup, who: &[(Participant, Anywhere)], when: &[Lobby, Briefing] },
    AccessRule { deed: Deed::Amend, who: &[(Organizer, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::Rehearse, who: &[(Organizer, Anywhere)], when: &[Lobby, Briefing] },
    AccessRule { deed: Deed::Links, who: &[(Organizer, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::Merge, who: &[(Organizer, Anywhere), (Editor, Anywhere)], when: WORK },
    AccessRule { deed: Deed::Assign, who: &[(Organizer, Anywhere), (Editor, Anywhere)], when: WORK },
    AccessRule { deed: Deed::Arrange, who: &[(Organizer, Anywhere), (Editor, Anywhere)], when: WORK },
    AccessRule { deed: Deed::Freeze, who: &[(Organizer, Anywhere), (Editor, Anywhere)], when: WORK },
    AccessRule {
        deed: Deed::ReadSuggestions,
        who: &[(Organizer, Anywhere), (Editor, Anywhere), (Moderator, Anywhere)],
        when: ALWAYS,
    },
    AccessRule { deed: Deed::Reword, who: &[(Organizer, Anywhere), (Editor, Anywhere)], when: WORK },
    AccessRule { deed: Deed::SettleText, who: &[(Organizer, Anywhere), (Editor, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::PlenaryVote, who: &[(Organizer, Anywhere)], when: &[Plenary] },
    AccessRule { deed: Deed::ApproveEntry, who: &[(Participant, Anywhere)], when: &[Plenary] },
    AccessRule { deed: Deed::Adoption, who: &[(Organizer, Anywhere)], when: &[Plenary] },
    AccessRule { deed: Deed::Adopt, who: &[(Participant, Anywhere)], when: &[Plenary] },
    AccessRule { deed: Deed::Object, who: &[(Participant, Anywhere)], when: &[Plenary] },
    AccessRule { deed: Deed::HideObjection, who: &[(Organizer, Anywhere), (Editor, Anywhere)], when: ALWAYS },
    AccessRule {
        deed: Deed::EditBoard,
        who: &[(Participant, OwnGroup), (Moderator, OwnGroup), (Organizer, Anywhere)],
        when: &[Brainstorm],
    },
    AccessRule {
        deed: Deed::WordEntry,
        who: &[(Participant, OwnGroup), (Moderator, OwnGroup), (Rapporteur, OwnGroup), (Organizer, Anywhere)],
        when: &[Review],
    },
    AccessRule { deed: Deed::EditPlenary, who: &[(Organizer, Anywhere), (Editor, Anywhere)], when: WORK },
    AccessRule {
        deed: Deed::ReadBoard,
        who: &[
            (Participant, OwnGroup),
            (Moderator, OwnGroup),
            (Rapporteur, OwnGroup),
            (Organizer, Anywhere),
            (Editor, Anywhere),
            (Projector, Anywhere),
        ],
        when: ALWAYS,
    },
    AccessRule {
        deed: Deed::ReadPlenary,
        who: &[
            (Participant, Anywhere),
            (Moderator, Anywhere),
            (Organizer, Anywhere),
            (Rapporteur, Anywhere),
            (Editor, Anywhere),
            (Translator, Anywhere),
            (Projector, Anywhere),
        ],
        when: ALWAYS,
    },
    AccessRule { deed: Deed::SignOff, who: &[(Participant, OwnGroup)], when: &[Review, Plenary] },
    AccessRule {
        deed: Deed::HideNote,
        who: &[(Moderator, OwnGroup), (Organizer, Anywhere)],
        when: &[Vote, Review, Plenary, Closed],
    },
    AccessRule { deed: Deed::Retain, who: &[(Organizer, Anywhere)], when: ALWAYS },
    AccessRule { deed: Deed::Purge, who: &[(Organizer, Anywhere)], when: ALWAYS },
    AccessRule {
        deed: Deed::SeeDoor,
        who: &[
            (Organizer, Anywhere),
            (Moderator, Anywhere),
            (Rapporteur, Anywhere),
            (Editor, Anywhere),
            (Projector, Anywhere),
        ],
        when: ALWAYS,
    },
    AccessRule { deed: Deed::SeeDesk, who: &[(Moderator, OwnGroup), (Organizer, Anywhere)], when: ALWAYS },
];

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Actor {
    /// The role of the seat or link.
    pub role: Role,
    /// Its group, if it has one.
    pub group: Option<GroupId>,
}

/// Where it would happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Situation {
    /// The group it concerns; `None`: the consultation as a whole.
    pub group: Option<GroupId>,
    /// The phase there, now.
    pub phase: Phase,
}

/// Something that was authorized. Only [`authorize`] makes one.
///
/// ```compile_fail
/// let forged = server::access::Permitted(1);
/// ```
#[derive(Debug)]
pub struct Permitted<T>(T);

impl<T> Permitted<T> {
    /// What is permitted, to do it now.
    pub fn into_inner(self) -> T {
        self.0
    }

    /// What is permitted.
    pub const fn get(&self) -> &T {
        &self.0
    }
}

/// Permits `what` if the table has a line for it.
///
/// # Errors
/// `forbidden` when the role may never do this here; `wrong-phase` when only the phase is against it.
pub fn authorize<T>(deed: Deed, actor: Actor, place: Situation, what: T) -> Result<Permitted<T>, Problem> {
    let rules = || TABLE.iter().filter(|rule| rule.deed == deed && reaches(rule, actor, place));
    if rules().any(|rule| rule.when.contains(&place.phase)) {
        Ok(Permitted(what))
    } else if rules().next().is_some() {
        let detail = format!("This is not open in the phase \"{}\".", place.phase.as_str());
        Err(Problem::because(Code::WrongPhase, detail))
    } else {
        Err(Problem::new(Code::Forbidden))
    }
}

/// May this role ever do this here, whatever the phase?
#[must_use]
pub fn may_ever(deed: Deed, actor: Actor, group: Option<GroupId>) -> bool {
    Phase::ALL.iter().any(|phase| authorize(deed, actor, Situation { group, phase: *phase }, ()).is_ok())
}

fn reaches(rule: &AccessRule, actor: Actor, place: Situation) -> bool {
    rule.who.iter().any(|(role, reach)| {
        *role == actor.role
            && match reach {
                Anywhere => true,
                OwnGroup => actor.group.is_some() && actor.group == place.group,
            }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn group(n: u128) -> Option<GroupId> {
        Some(GroupId(Uuid::from_u128(n)))
    }

    fn code(deed: Deed, role: Role, own: u128, place: u128, phase: Phase) -> Option<Code> {
        let actor = Actor { role, group: group(own) };
        authorize(deed, actor, Situation { group: group(place), phase }, ()).err().map(|problem| problem.code)
    }

    #[test]
    fn i2_a_participant_writes_in_the_own_group_during_brainstorm_only() {
        assert_eq!(code(Deed::EditBoard, Participant, 1, 1, Brainstorm), None);
        assert_eq!(code(Deed::EditBoard, Participant, 1, 2, Brainstorm), Some(Code::Forbidden));
        for phase in [Lobby, Briefing, Vote, Review, Plenary, Closed] {
            assert_eq!(code(Deed::EditBoard, Participant, 1, 1, phase), Some(Code::WrongPhase));
        }
    }

    #[test]
    fn i2_a_room_changes_nothing() {
        for rule in TABLE {
            let reads = matches!(rule.deed, Deed::ReadBoard | Deed::ReadPlenary | Deed::SeeDoor);
            assert_eq!(rule.who.iter().any(|(role, _)| *role == Projector), reads, "{:?}", rule.deed);
        }
    }

    #[test]
    fn i2_a_seat_without_a_group_is_in_nobodys_group() {
        let nowhere = Actor { role: Participant, group: None };
        let place = Situation { group: None, phase: Brainstorm };
        assert!(authorize(Deed::Share, nowhere, place, ()).is_err());
    }

    #[test]
    fn i2_what_is_permitted_is_what_was_asked_for() {
        let actor = Actor { role: Organizer, group: None };
        let permitted =
            authorize(Deed::Door, actor, Situation { group: None, phase: Lobby }, "open it").unwrap();
        assert_eq!((*permitted.get(), permitted.into_inner()), ("open it", "open it"));
    }

    #[test]
    fn i2_what_somebody_may_ever_do_is_what_some_phase_allows() {
        let ever = |deed, role, place| may_ever(deed, Actor { role, group: group(1) }, group(place));
        assert!(ever(Deed::EditBoard, Participant, 1) && ever(Deed::ReadBoard, Projector, 2));
        assert!(!ever(Deed::EditBoard, Participant, 2) && !ever(Deed::EditBoard, Projector, 1));
    }

    #[test]
    fn i2_only_participants_vote() {
        for role in Role::ALL {
            let allowed = code(Deed::Approve, role, 1, 1, Vote).is_none();
            assert_eq!(allowed, role == Participant, "{role:?}");
        }
    }
}
