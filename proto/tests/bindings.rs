//! The TypeScript of every type on the wire equals `bindings/proto.ts`, which the client is compiled against.
//!
//! `PLENUM_WRITE=1 cargo test -p plenum-proto --test bindings` writes it.

use proto::api::{
    adoption, clocks, consultation, curation, desk, ending, entry, field_error, group_card, idea_outcome,
    ledger, plenary_vote, preparation, programme, rehearsal, settings, translations, versions, wordings,
};
use proto::text::{lengths, letters};
use proto::wire::stateless;
use proto::{command, ids, phase, plenary, problem, role};
use ts_rs::{Config, TS};

const HEADER: &str = "// Generated from the Rust types of `proto` by its test `bindings`. Never edited.\n";

macro_rules! declarations {
    ($($type:ty),* $(,)?) => {{
        let config = Config::new().with_large_int("number");
        [$(format!("\nexport {}\n", <$type as TS>::decl(&config))),*].concat()
    }};
}

fn bindings() -> String {
    [HEADER.to_owned(), consultation(), desks(), ways_in(), records(), prepared(), list()].concat()
}

fn ways_in() -> String {
    declarations![
        entry::GroupDoor,
        entry::EntryCards,
        entry::EntryCardView,
        entry::EntryCardState,
        entry::SeatsToClose,
        entry::SeatsOnly,
        entry::ClosedWhy,
        entry::SeatCode,
        entry::Handover,
        entry::HandoverView,
        entry::Exchange,
        entry::HandoverPlace,
    ]
}

fn consultation() -> String {
    declarations![
        ids::ConsultationId,
        ids::GroupId,
        ids::PointId,
        ids::IdeaId,
        ids::SeatId,
        ids::MaterialId,
        ids::CardId,
        ids::ObjectionId,
        ids::CommandId,
        ids::Epoch,
        ids::Receipt,
        ids::ReceiptHash,
        ids::WordsHash,
        role::Role,
        phase::Phase,
        problem::Code,
        problem::Problem,
        command::Kind,
        command::ReportReason,
        command::Share,
        clocks::AnnouncedState,
        clocks::LateIdea,
        clocks::LateShelf,
        clocks::ClockOf,
        command::Action,
        settings::LocalText,
        settings::Tallies,
        settings::EntryMode,
        settings::Admission,
        settings::Settings,
        settings::NewPoint,
        settings::Create,
        settings::Point,
        consultation::Link,
        consultation::Created,
        consultation::CreatedGroup,
        consultation::Join,
        consultation::Joined,
        consultation::JoinInfo,
        consultation::DoorstepGroup,
        consultation::ConsultationState,
        consultation::ConsultationView,
        consultation::ClockState,
        consultation::GroupState,
        consultation::You,
        consultation::Door,
        consultation::Answer,
        consultation::BoardView,
        consultation::IdeaView,
        consultation::IdeaState,
        consultation::TicketRequest,
        consultation::Ticket,
    ]
}

fn desks() -> String {
    declarations![
        desk::Desk,
        desk::Attendance,
        desk::Burst,
        desk::Conduct,
        desk::Arrived,
        desk::Ballots,
        desk::ClosedTogether,
        desk::DeskIdea,
        desk::DeskList,
        desk::DeskPage,
        desk::AlertState,
        desk::Alert,
        desk::Alerts,
        desk::HiddenIdea,
        desk::GroupDesk,
        wordings::Wording,
        wordings::Wordings,
        wordings::WordingsPage,
        ledger::LedgerEntry,
        ledger::LedgerLine,
        ledger::Worded,
        plenary::DoubtfulText,
        plenary::DoubtfulTexts,
    ]
}

fn records() -> String {
    declarations![
        consultation::Fullness,
        ids::NoteId,
        ids::CertificateId,
        translations::Translation,
        group_card::GroupCard,
        group_card::GroupCardView,
        group_card::OwnAnswer,
        group_card::CardIdea,
        group_card::Disagreement,
        group_card::Why,
        group_card::CardFigures,
        group_card::Signed,
        group_card::Note,
        idea_outcome::Follow,
        idea_outcome::Owned,
        idea_outcome::Followed,
        idea_outcome::IdeaOutcome,
        idea_outcome::Whereabouts,
        idea_outcome::Listed,
        ending::Ending,
        ending::Participation,
        ending::Exported,
        ending::Certificate,
        ending::PurgedBy,
        ending::Deleted,
    ]
}

fn prepared() -> String {
    declarations![
        preparation::Field,
        field_error::Wrong,
        field_error::FieldError,
        preparation::NewLink,
        preparation::Preparation,
        preparation::PreparedGroup,
        preparation::Checklist,
        preparation::Missing,
        preparation::LinkInfo,
        preparation::LinkEnded,
        rehearsal::Rehearse,
        rehearsal::RehearsalView,
        rehearsal::Rehearsal,
        rehearsal::Progress,
        programme::ProgrammeView,
        programme::Programme,
        programme::Speaker,
        programme::AgendaEntry,
        programme::Reading,
        programme::Material,
        programme::MaterialSource,
        programme::MaterialFile,
        programme::FileContent,
        programme::KindWords,
        programme::HideReason,
        programme::HelpContact,
    ]
}

fn list() -> String {
    declarations![
        plenary::Section,
        plenary::Places,
        plenary::Rule,
        plenary::Weights,
        plenary::Status,
        plenary::PlenaryView,
        plenary::Representation,
        plenary::Coverage,
        plenary::Because,
        plenary::Shortfall,
        plenary::People,
        plenary::Few,
        plenary::Statement,
        plenary::Responses,
        plenary_vote::PlenaryVoteHeld,
        plenary_vote::PaperScope,
        settings::WorkingLanguage,
        plenary_vote::PlenaryVoteStage,
        plenary_vote::PlenaryVoteState,
        plenary_vote::PaperEntryState,
        plenary_vote::OwnPlenaryVote,
        plenary::ObjectionLine,
        plenary::OwnResponse,
        plenary::PlenaryItem,
        plenary::ItemFacts,
        plenary::Support,
        plenary::Source,
        curation::Curation,
        curation::Waiting,
        curation::Suggestion,
        curation::PairMark,
        curation::PassedOver,
        curation::NamedIdea,
        curation::ListDecisions,
        adoption::AdoptionState,
        adoption::OwnAdoption,
        versions::VersionReason,
        versions::Versions,
        versions::VersionInfo,
        versions::Erased,
        versions::Version,
        versions::VersionContent,
        versions::VersionRun,
        versions::VersionEntry,
        stateless::ServerMessage,
    ]
}

/// A list of words of the wire, in the order of their type.
fn words<T: serde::Serialize>(name: &str, all: &[T]) -> String {
    let all: Vec<String> = all.iter().map(|one| serde_json::to_string(one).unwrap_or_default()).collect();
    format!("\nexport const {name} = [{}] as const;\n", all.join(", ").replace('"', "'"))
}

fn constants() -> String {
    let numbers = [
        (
            "Version of the protocol: a server that says a higher one is newer than the page.",
            "PROTOCOL",
            proto::PROTOCOL,
        ),
        (
            "The smallest number of people that is written as a number; fewer read *some*.",
            "PEOPLE_MIN",
            plenary::PEOPLE_MIN,
        ),
        ("UTF-16 units of an idea.", "IDEA_UNITS_MAX", lengths::IDEA_UNITS_MAX),
        ("The same where people type it.", "IDEA_UNITS_ON_SCREENS", lengths::IDEA_UNITS_ON_SCREENS),
        ("UTF-16 units of a text of the plenary.", "ENTRY_UNITS_MAX", lengths::ENTRY_UNITS_MAX),
        ("The same where people type it.", "ENTRY_UNITS_ON_SCREENS", lengths::ENTRY_UNITS_ON_SCREENS),
        ("UTF-16 units of a minority note.", "NOTE_UNITS_MAX", lengths::NOTE_UNITS_MAX),
        ("UTF-16 units of the line of an objection.", "OBJECTION_UNITS_MAX", lengths::OBJECTION_UNITS_MAX),
        ("UTF-16 units of a title or name by the organizer.", "TITLE_UNITS_MAX", lengths::TITLE_UNITS_MAX),
        ("Line breaks in a row (rule B8).", "BREAKS_MAX", u32::try_from(letters::BREAKS_MAX).unwrap_or(0)),
        ("Marks on one letter (rule B8).", "MARKS_MAX", u32::try_from(letters::MARKS_MAX).unwrap_or(0)),
    ];
    let numbers =
        numbers.map(|(doc, name, value)| format!("\n/** {doc} */\nexport const {name} = {value};\n"));
    [
        HEADER.to_owned(),
        numbers.concat(),
        words("PHASES", &phase::Phase::ALL),
        words("ROLES", &role::Role::ALL),
        words("KINDS", &command::Kind::ALL),
    ]
    .concat()
}

#[test]
fn the_constants_are_those_of_the_crate() {
    holds(concat!(env!("CARGO_MANIFEST_DIR"), "/bindings/constants.ts"), &constants());
}

#[test]
fn the_bindings_are_those_of_the_types() {
    holds(concat!(env!("CARGO_MANIFEST_DIR"), "/bindings/proto.ts"), &bindings());
}

fn holds(path: &str, now: &str) {
    if std::env::var_os("PLENUM_WRITE").is_some() {
        assert!(std::fs::write(path, now).is_ok(), "{path} cannot be written");
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == now, "{path} is stale: PLENUM_WRITE=1 cargo test -p plenum-proto --test bindings");
}
