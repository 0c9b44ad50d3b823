//! Who may do what, where and when: `docs/access.md` is the table, and every cell of it is what people were promised.
//!
//! `PLENUM_WRITE=1 cargo test -p plenum-server --test access` writes the page, and the table of commands in section C of
//! `proto/README.md`. The expectation below was written from what people were promised, not from the table.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use std::collections::BTreeSet;
use std::fmt::Write;

use proto::ids::GroupId;
use proto::phase::Phase;
use proto::problem::Code;
use proto::role::Role;
use server::access::{AccessRule, Actor, Deed, Reach, Situation, TABLE, authorize};
use uuid::Uuid;

const HEAD: &str = "# Who may do what, where and when

Generated from the table in `server/src/access.rs` by a test of `server/tests/access.rs`; never edited. The server refuses what
no cell allows. *own* means: in the group of the seat or link; *all*: in every group, and in what belongs to no group.
A group may be in another phase than the consultation; what concerns a group goes by the group's phase. A translator writes in the
language of the link and in no other one.
";

/// A deed in words.
const fn words(deed: Deed) -> &'static str {
    match deed {
        Deed::Share => "Publish an idea on a board",
        Deed::Edit => "Give an own idea another text, by its receipt",
        Deed::Withdraw => "Take an own idea back, by its receipt",
        Deed::Approve => "Approve an idea",
        Deed::Promote => "Send an idea to the plenary",
        Deed::Hide => "Take an idea off its board with a reason, and show it again",
        Deed::Combine => "Combine ideas of a board, take them apart, or say that they are not the same",
        Deed::Order => "Put a group's promoted ideas in order, for its card",
        Deed::SeeWordings => "See earlier wordings of an idea",
        Deed::Restore => "Give an idea an earlier wording again",
        Deed::Lock => "Let nobody change an idea's text, or let people again",
        Deed::RemoveWriter => "Close the seat of who writes in an idea, and undo what it wrote",
        Deed::Shelve => "Put an idea that came too late on the late shelf",
        Deed::Admit => "Let an idea that waits for the moderator, or one from the late shelf, onto its board",
        Deed::Report => "Say that an idea of a board should be looked at",
        Deed::ReportListed => "Say that an idea of the list should be looked at",
        Deed::Safeguard => "Read and settle reports that somebody may be in danger",
        Deed::ShareSpoken => "Share an idea for somebody without a phone",
        Deed::Translate => "Put an idea into another language",
        Deed::CallHelp => "Call for help in a group",
        Deed::EndHelp => "Say that help has come to a group",
        Deed::Reveal => "Show the ideas held back on a board",
        Deed::MoveGroup => "Move one group to a phase",
        Deed::MoveAll => "Move the whole consultation to a phase",
        Deed::SetPace => "Go to a discussion point, set its clock, plan minutes",
        Deed::Door => "Open and close the door",
        Deed::Cards => "Make, revoke and replace cards of the closed roll",
        Deed::CountHeads => "Say how many people are in a room or in a group",
        Deed::LetIn => "Let people in who wait at the door",
        Deed::CloseSeats => "Close many seats together, and their votes with them",
        Deed::MoveSeat => "Move a seat into a group or out of it, by the code that its phone shows",
        Deed::ChangeGroup => "Go to another group oneself, where people choose theirs",
        Deed::Amend => "Change what is prepared, and see what is missing",
        Deed::Links => "See, make, revoke and hand on staff links",
        Deed::Rehearse => "Rehearse what is prepared with simulated phones",
        Deed::Merge => "Build the plenary list",
        Deed::Assign => "Put ideas together or apart, for the list",
        Deed::Arrange => "Put items first or keep them off the list; set cut, rule and weights",
        Deed::Freeze => "Let the list stand still, or move again",
        Deed::ReadSuggestions => "See what may be the same, and what was passed over",
        Deed::Reword => "Fill an item's wording with its anchor's words",
        Deed::SettleText => "Read texts that say something like deleted words, put them back or delete them",
        Deed::PlenaryVote => {
            "Open and close the vote of everybody, add a group that was late, let seats vote that came late"
        }
        Deed::ApproveEntry => "Approve an entry in the vote of everybody",
        Deed::Adoption => "Ask people whether they stand by a version of the list, and close that",
        Deed::Adopt => "Say that one stands by a version of the list",
        Deed::Object => "Object to an entry of the list with one line",
        Deed::HideObjection => "Delete the words of an objection",
        Deed::EditBoard => "Write inside a text of a board",
        Deed::WordEntry => "Write inside a group's wording of an idea that it sends to the plenary",
        Deed::EditPlenary => "Write inside a text of the plenary",
        Deed::ReadBoard => "Read a board",
        Deed::ReadPlenary => "Read the plenary",
        Deed::SignOff => "Say whether the group's card is what was said",
        Deed::HideNote => "Hide a minority note, or show it again",
        Deed::Retain => "Set for how long the consultation is kept",
        Deed::Purge => "Delete all of the consultation, and see how it stands at its end",
        Deed::SeeDoor => "See the join code",
        Deed::SeeDesk => "See how many have not written yet, and what waits for a moderator",
    }
}

/// The commands that a deed is done by.
const fn commands(deed: Deed) -> &'static [&'static str] {
    match deed {
        Deed::Share | Deed::ShareSpoken => &["share"],
        Deed::Edit => &["edit"],
        Deed::Withdraw => &["withdraw"],
        Deed::Approve => &["approve"],
        Deed::Promote => &["promote"],
        Deed::Hide => &["hide", "unhide", "hide-board"],
        Deed::Combine => &["combine", "take-apart", "not-duplicate"],
        Deed::Order => &["order"],
        Deed::Restore => &["restore"],
        Deed::Lock => &["lock"],
        Deed::RemoveWriter => &["remove-writer"],
        Deed::Shelve => &["shelve"],
        Deed::Admit => &["admit"],
        Deed::Report | Deed::ReportListed => &["report"],
        Deed::Safeguard => &["acknowledge", "settle", "settle-all"],
        Deed::Translate => &["translate"],
        Deed::CallHelp | Deed::EndHelp => &["help"],
        Deed::Reveal => &["reveal"],
        Deed::MoveGroup | Deed::MoveAll => &["phase", "stay", "clock"],
        Deed::SetPace => &["point", "next-point", "minutes", "clock"],
        Deed::Door => &["door"],
        Deed::Cards => &["make-cards", "revoke-card", "replace-card"],
        Deed::CountHeads => &["chairs"],
        Deed::LetIn => &["let-in"],
        Deed::CloseSeats => &["close-seats", "restore-seats"],
        Deed::MoveSeat => &["move-seat"],
        Deed::ChangeGroup => &["change-group"],
        Deed::Amend => &["amend"],
        Deed::Links => &["add-link", "revoke-link", "hand-link"],
        Deed::Merge => &["merge"],
        Deed::Assign => &["assign", "not-duplicate"],
        Deed::Arrange => &["pin", "exclude", "ranking"],
        Deed::Freeze => &["freeze"],
        Deed::Reword => &["reword"],
        Deed::SettleText => &["settle-text"],
        Deed::PlenaryVote => {
            &["open-plenary-vote", "close-plenary-vote", "add-group-to-paper", "let-voters-in"]
        }
        Deed::ApproveEntry => &["approve-entry"],
        Deed::Adoption => &["open-adoption", "close-adoption"],
        Deed::Adopt => &["adopt"],
        Deed::Object => &["object"],
        Deed::HideObjection => &["hide-objection"],
        Deed::SignOff => &["sign-off"],
        Deed::HideNote => &["hide-note"],
        Deed::Retain => &["retain"],
        Deed::Purge => &["purge"],
        Deed::SeeWordings
        | Deed::Rehearse
        | Deed::ReadSuggestions
        | Deed::EditBoard
        | Deed::WordEntry
        | Deed::EditPlenary
        | Deed::ReadBoard
        | Deed::ReadPlenary
        | Deed::SeeDoor
        | Deed::SeeDesk => &[],
    }
}

/// The routes below `/api` by which a deed is done or read; commands, whatever they are, also go to `POST /api/commands`.
const ROUTES: &[(Deed, &[&str])] = &[
    (Deed::SeeWordings, &["/boards/{group}/wordings", "/boards/{group}/wordings/{idea}"]),
    (Deed::Safeguard, &["/consultations/{id}/alerts"]),
    (Deed::Cards, &["/consultations/{id}/entry-cards"]),
    (
        Deed::Amend,
        &[
            "/consultations/{id}/preparation",
            "/consultations/{id}/checklist",
            "/consultations/{id}/template",
            "/consultations/{id}/materials/{material}",
        ],
    ),
    (Deed::Links, &["/consultations/{id}/links"]),
    (Deed::Rehearse, &["/consultations/{id}/rehearsal"]),
    (Deed::ReadSuggestions, &["/plenary/{id}/suggestions"]),
    (Deed::SettleText, &["/plenary/{id}/doubtful"]),
    (
        Deed::ReadBoard,
        &["/boards/{group}", "/boards/{group}/late", "/consultations/{id}/group-cards/{group}"],
    ),
    (
        Deed::ReadPlenary,
        &[
            "/plenary/{id}",
            "/plenary/{id}/versions",
            "/plenary/{id}/versions/{number}",
            "/plenary/{id}/export.md",
            "/plenary/{id}/export.docx",
            "/plenary/{id}/export.csv",
            "/plenary/{id}/export.json",
        ],
    ),
    (Deed::Purge, &["/consultations/{id}/ending"]),
    (Deed::SeeDesk, &["/consultations/{id}/desk", "/boards/{group}/desk"]),
];

/// Routes about which the table says nothing: of everybody who is in the consultation (a file of it can be read by them as well),
/// of anybody, and of the organizer key.
const OTHER_ROUTES: &[&str] = &[
    "/consultations",
    "/consultations/import",
    "/health",
    "/consultations/{id}",
    "/consultations/{id}/ledger",
    "/consultations/{id}/programme",
    "/consultations/{id}/seat-code",
    "/consultations/{id}/exchange",
    "/commands",
    "/tickets",
    "/handover",
    "/handover/{id}",
    "/templates/{name}",
    "/join",
    "/join/{code}",
    "/certificates/{id}",
    "/follow",
];

fn routes(deed: Deed) -> &'static [&'static str] {
    ROUTES.iter().find(|(of, _)| *of == deed).map_or(&[], |(_, routes)| routes)
}

fn quoted(words: &[&str], before: &str) -> String {
    words.iter().map(|word| format!("`{before}{word}`")).collect::<Vec<_>>().join(", ")
}

fn deeds() -> Vec<Deed> {
    let mut deeds: Vec<Deed> = Vec::new();
    for rule in TABLE {
        if !deeds.contains(&rule.deed) {
            deeds.push(rule.deed);
        }
    }
    deeds
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    for deed in deeds() {
        write!(page, "\n## {}\n\n", words(deed)).unwrap();
        let named = [("Commands", commands(deed), ""), ("Routes", routes(deed), "/api")];
        let named = named.into_iter().filter(|(_, all, _)| !all.is_empty());
        let named: Vec<String> =
            named.map(|(what, all, at)| format!("{what}: {}.", quoted(all, at))).collect();
        if !named.is_empty() {
            write!(page, "{}\n\n", named.join(" ")).unwrap();
        }
        page.push_str("| |");
        for phase in Phase::ALL {
            write!(page, " {} |", phase.as_str()).unwrap();
        }
        page.push_str("\n|---|---|---|---|---|---|---|\n");
        for role in Role::ALL {
            write!(page, "| {} |", serde_json::to_value(role).unwrap().as_str().unwrap()).unwrap();
            for phase in Phase::ALL {
                let rules = TABLE.iter().filter(|rule| rule.deed == deed && rule.when.contains(&phase));
                let reach = { rules }.flat_map(|rule| rule.who).find(|(who, _)| *who == role).map_or(
                    "–",
                    |(_, reach)| match reach {
                        Reach::Anywhere => "all",
                        Reach::OwnGroup => "own",
                    },
                );
                write!(page, " {reach} |").unwrap();
            }
            page.push('\n');
        }
    }
    page
}

#[test]
fn i2_the_page_is_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/access.md");
    let now = page();
    if std::env::var_os("PLENUM_WRITE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == now, "{path} is stale: PLENUM_WRITE=1 cargo test -p plenum-server --test access");
}

/// Who may do it by this line of the table, in words.
fn who(rule: &AccessRule) -> String {
    let name = |role: Role| serde_json::to_value(role).unwrap().as_str().unwrap().to_owned();
    let of = |wanted| rule.who.iter().filter(move |(_, reach)| *reach == wanted).map(|(role, _)| name(*role));
    let own = of(Reach::OwnGroup).map(|role| format!("{role} (own group)"));
    own.chain(of(Reach::Anywhere)).collect::<Vec<_>>().join(", ")
}

fn when(rule: &AccessRule) -> String {
    let phases: Vec<&str> = rule.when.iter().map(|phase| phase.as_str()).collect();
    if phases.len() == Phase::ALL.len() { "always".to_owned() } else { phases.join(", ") }
}

#[test]
fn c3_the_specification_says_who_may_send_each_command_as_the_table_does() {
    let mut table = "| what | do | who | when |\n|---|---|---|---|\n".to_owned();
    for rule in TABLE.iter().filter(|rule| !commands(rule.deed).is_empty()) {
        let (words, commands) = (words(rule.deed), quoted(commands(rule.deed), ""));
        writeln!(table, "| {words} | {commands} | {} | {} |", who(rule), when(rule)).unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../proto/README.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (begin, end) = ("<!-- who may send each command: generated -->\n", "<!-- end of who may -->");
    let from = page.find(begin).expect("the page has a place for the table") + begin.len();
    let to = page.find(end).expect("the table has an end");
    if std::env::var_os("PLENUM_WRITE").is_some() {
        std::fs::write(path, format!("{}{table}{}", &page[..from], &page[to..])).unwrap();
    } else {
        let hint = "PLENUM_WRITE=1 cargo test -p plenum-server --test access";
        assert!(page[from..to] == table, "{path} is stale: {hint}");
    }
}

#[test]
fn i2_each_command_is_one_of_a_deed() {
    let golden = include_str!("../../proto/golden/commands.json");
    let golden: serde_json::Map<String, serde_json::Value> = serde_json::from_str(golden).unwrap();
    let all: BTreeSet<&str> = golden.keys().map(String::as_str).collect();
    let of_deeds: BTreeSet<&str> = deeds().into_iter().flat_map(commands).copied().collect();
    // Whoever sends these has no seat yet.
    let unseated = BTreeSet::from(["create", "join"]);
    assert_eq!(all.difference(&of_deeds).copied().collect::<BTreeSet<_>>(), unseated);
    assert_eq!(of_deeds.difference(&all).count(), 0, "no deed names a command that is not there");
}

#[test]
fn w12_each_route_is_one_of_a_deed_or_of_those_that_the_table_does_not_know() {
    let source = include_str!("../src/http/mod.rs");
    let named = source.split(".route(").skip(1).map(|part| part.split('"').nth(1).unwrap());
    let named: BTreeSet<&str> =
        named.filter(|route| !route.starts_with("/sync") && *route != "/healthz").collect();
    let known: Vec<&str> =
        ROUTES.iter().flat_map(|(_, routes)| *routes).chain(OTHER_ROUTES).copied().collect();
    let once: BTreeSet<&str> = known.iter().copied().collect();
    assert_eq!(named, once);
    assert_eq!(known.len(), once.len(), "none is named twice");
}

/// What people were promised: deed, who in the own group, who everywhere, when. O organizer, M moderator, P participant,
/// R rapporteur, E editor, T translator, S a room's screen, G the safeguarding contact; phases by their number from the lobby (0) to closed (6).
const PROMISED: &[(Deed, &str, &str, &str)] = &[
    (Deed::Share, "PM", "O", "2"),
    (Deed::Edit, "PM", "O", "2"),
    (Deed::Withdraw, "", "PMO", "0123456"),
    (Deed::Approve, "P", "", "3"),
    (Deed::Promote, "M", "O", "45"),
    (Deed::Hide, "M", "O", "0123456"),
    (Deed::Combine, "M", "O", "245"),
    (Deed::Order, "MR", "O", "2345"),
    (Deed::SeeWordings, "M", "O", "0123456"),
    (Deed::Restore, "M", "O", "2345"),
    (Deed::Lock, "M", "O", "2345"),
    (Deed::RemoveWriter, "M", "O", "2345"),
    (Deed::Shelve, "PM", "O", "3456"),
    (Deed::Admit, "M", "O", "2345"),
    (Deed::Report, "PMR", "OE", "0123456"),
    (Deed::ReportListed, "", "PMORET", "0123456"),
    (Deed::Safeguard, "", "G", "0123456"),
    (Deed::ShareSpoken, "M", "O", "2"),
    (Deed::Translate, "PM", "O", "2"),
    (Deed::Translate, "M", "O", "345"),
    (Deed::Translate, "", "T", "2345"),
    (Deed::CallHelp, "PM", "O", "0123456"),
    (Deed::EndHelp, "M", "O", "0123456"),
    (Deed::Reveal, "M", "O", "2345"),
    (Deed::MoveGroup, "M", "O", "0123456"),
    (Deed::MoveAll, "", "O", "0123456"),
    (Deed::SetPace, "M", "O", "012345"),
    (Deed::Door, "", "O", "0123456"),
    (Deed::Cards, "", "O", "0123456"),
    (Deed::CountHeads, "M", "O", "0123456"),
    (Deed::LetIn, "M", "O", "0123456"),
    (Deed::CloseSeats, "M", "O", "0123456"),
    (Deed::MoveSeat, "M", "O", "0123456"),
    (Deed::ChangeGroup, "", "P", "01"),
    (Deed::Amend, "", "O", "0123456"),
    (Deed::Links, "", "O", "0123456"),
    (Deed::Rehearse, "", "O", "01"),
    (Deed::Merge, "", "OE", "2345"),
    (Deed::Assign, "", "OE", "2345"),
    (Deed::Arrange, "", "OE", "2345"),
    (Deed::Freeze, "", "OE", "2345"),
    (Deed::ReadSuggestions, "", "MOE", "0123456"),
    (Deed::Reword, "", "OE", "2345"),
    (Deed::SettleText, "", "OE", "0123456"),
    (Deed::PlenaryVote, "", "O", "5"),
    (Deed::ApproveEntry, "", "P", "5"),
    (Deed::Adopt, "", "P", "5"),
    (Deed::Adoption, "", "O", "5"),
    (Deed::Object, "", "P", "5"),
    (Deed::HideObjection, "", "OE", "0123456"),
    (Deed::EditBoard, "PM", "O", "2"),
    (Deed::WordEntry, "PMR", "O", "4"),
    (Deed::EditPlenary, "", "OE", "2345"),
    (Deed::ReadBoard, "PMR", "OES", "0123456"),
    (Deed::ReadPlenary, "", "OMPRETS", "0123456"),
    (Deed::SignOff, "P", "", "45"),
    (Deed::HideNote, "M", "O", "3456"),
    (Deed::Retain, "", "O", "0123456"),
    (Deed::Purge, "", "O", "0123456"),
    (Deed::SeeDoor, "", "OMRES", "0123456"),
    (Deed::SeeDesk, "M", "O", "0123456"),
];

const fn letter(role: Role) -> char {
    match role {
        Role::Organizer => 'O',
        Role::Moderator => 'M',
        Role::Rapporteur => 'R',
        Role::Editor => 'E',
        Role::Translator => 'T',
        Role::Participant => 'P',
        Role::Projector => 'S',
        Role::Safeguarding => 'G',
    }
}

/// What must come of it: nothing when it is permitted.
fn promised(deed: Deed, actor: Actor, place: Situation) -> Option<Code> {
    let at_home = actor.group.is_some() && actor.group == place.group;
    let role = letter(actor.role);
    let lines = PROMISED.iter().filter(|line| line.0 == deed);
    let may =
        lines.filter(|(_, own, everywhere, _)| everywhere.contains(role) || (at_home && own.contains(role)));
    let when: Vec<&str> = may.map(|(.., when)| *when).collect();
    if when.is_empty() {
        return Some(Code::Forbidden);
    }
    let number = Phase::ALL.iter().position(|phase| *phase == place.phase).unwrap().to_string();
    if when.iter().any(|when| when.contains(&number)) { None } else { Some(Code::WrongPhase) }
}

#[test]
fn i2_every_cell_of_role_phase_deed_and_place_is_as_promised() {
    let groups = [None, Some(GroupId(Uuid::from_u128(1))), Some(GroupId(Uuid::from_u128(2)))];
    let mut cells = 0;
    for deed in deeds() {
        for role in Role::ALL {
            for phase in Phase::ALL {
                for at in groups {
                    for group in groups {
                        let (actor, place) = (Actor { role, group: at }, Situation { group, phase });
                        let came = authorize(deed, actor, place, ()).err().map(|problem| problem.code);
                        assert_eq!(came, promised(deed, actor, place), "{deed:?} {actor:?} {place:?}");
                        cells += 1;
                    }
                }
            }
        }
    }
    let promised: BTreeSet<String> = PROMISED.iter().map(|(deed, ..)| format!("{deed:?}")).collect();
    assert_eq!(
        (deeds().len(), cells),
        (promised.len(), deeds().len() * Role::ALL.len() * Phase::ALL.len() * 9)
    );
}
