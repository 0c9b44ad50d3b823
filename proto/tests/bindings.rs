//! The TypeScript of every type on the wire equals `bindings/proto.ts`, which the client is compiled against.
//!
//! `PLENUM_WRITE=1 cargo test -p plenum-proto --test bindings` writes it.

use proto::{
    api, card, command, curation, desk, doors, ending, follow, ids, ledger, pace, phase, plenary,
    preparation, prepare, problem, programme, rehearsal, role, wire::stateless, wordings,
};
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
        doors::GroupDoor,
        doors::Cards,
        doors::Card,
        doors::CardState,
        doors::SeatsToClose,
        doors::SeatsOnly,
        doors::ClosedWhy,
        doors::SeatCode,
        doors::Parcel,
        doors::ParcelView,
        doors::Exchange,
        doors::ParcelPlace,
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
        role::Role,
        phase::Phase,
        problem::Code,
        problem::Problem,
        command::Kind,
        command::ReportReason,
        command::Share,
        pace::ClosingState,
        pace::LateIdea,
        pace::LateShelf,
        pace::ClockOf,
        command::Action,
        preparation::LocalText,
        preparation::Tallies,
        preparation::Entry,
        preparation::Admission,
        preparation::Settings,
        preparation::NewPoint,
        preparation::Create,
        preparation::Point,
        api::Link,
        api::Created,
        api::CreatedGroup,
        api::Join,
        api::Joined,
        api::Doorstep,
        api::DoorstepGroup,
        api::ConsultationState,
        api::ConsultationView,
        api::ClockState,
        api::GroupState,
        api::You,
        api::Door,
        api::Answer,
        api::BoardView,
        api::IdeaView,
        api::IdeaState,
        api::TicketRequest,
        api::Ticket,
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
        desk::Closing,
        desk::DeskIdea,
        desk::DeskList,
        desk::DeskPage,
        desk::AlertState,
        desk::Alert,
        desk::HiddenIdea,
        desk::GroupDesk,
        wordings::Wording,
        wordings::Wordings,
        ledger::LedgerEntry,
        ledger::LedgerLine,
        ledger::Worded,
        plenary::DoubtfulText,
        plenary::DoubtfulTexts,
    ]
}

fn records() -> String {
    declarations![
        api::Fullness,
        ids::NoteId,
        ids::CertificateId,
        card::GroupCard,
        card::CardView,
        card::OwnAnswer,
        card::CardIdea,
        card::Disagreement,
        card::Why,
        card::CardFigures,
        card::Signed,
        card::Note,
        follow::Follow,
        follow::Owned,
        follow::Followed,
        follow::Fate,
        follow::Whereabouts,
        follow::Listed,
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
        prepare::Field,
        prepare::Wrong,
        prepare::FieldError,
        prepare::NewLink,
        prepare::Preparation,
        prepare::PreparedGroup,
        prepare::Checklist,
        prepare::Missing,
        prepare::LinkInfo,
        prepare::Ended,
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
        plenary::Shortfall,
        plenary::People,
        plenary::Few,
        plenary::Statement,
        plenary::Room,
        plenary::RoomLine,
        plenary::Stand,
        plenary::PlenaryItem,
        plenary::ItemFacts,
        plenary::Support,
        plenary::Source,
        curation::Curation,
        curation::Waiting,
        curation::Suggestion,
        curation::PassedOver,
        curation::NamedIdea,
        curation::ListDecisions,
        stateless::ServerMessage,
    ]
}

#[test]
fn the_bindings_are_those_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/bindings/proto.ts");
    let now = bindings();
    if std::env::var_os("PLENUM_WRITE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == now, "{path} is stale: PLENUM_WRITE=1 cargo test -p plenum-proto --test bindings");
}
