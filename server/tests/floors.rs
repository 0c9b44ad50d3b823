//! Imports go down, never sideways or up: the floors of the server, as a test.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up. Modules of one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["clock", "isolated", "service_client", "stop_signal"],
    &["seeded_defects", "rate", "watch"],
    &["config", "access", "address_prefix"],
    &["journal", "merge", "embeddings", "threads"],
    &["consultation", "plenary"],
    &["room"],
    &["live"],
    &["hub"],
    &["socket", "simulate"],
    &["rehearsal"],
    &["http"],
    &["lifecycle"],
];

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The top modules that a source names as `crate::…`, outside of comments.
fn named(source: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in source.lines() {
        let code = line.split("//").next().unwrap_or("");
        for rest in code.split("crate::").skip(1) {
            let name: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !name.is_empty() {
                names.insert(name);
            }
        }
    }
    names
}

#[test]
fn imports_go_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 30, "the sources are where they were");
    let mut wrong = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&root).unwrap();
        let module = inside.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "");
        if module == "lib" || module == "main" {
            continue;
        }
        let floor = floor_of(&module).unwrap_or_else(|| panic!("{module} has no floor yet"));
        for name in named(&fs::read_to_string(&file).unwrap()) {
            match floor_of(&name) {
                Some(below) if below < floor || name == module => {}
                Some(_) => wrong.push(format!("{} imports {name}", inside.display())),
                None => wrong.push(format!("{} imports {name}, which has no floor", inside.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the pure state of a running consultation must not know: runtime, tasks, channels, clocks, sockets, files.
const IMPURE: &[&str] = &[
    "tokio::",
    "mpsc",
    "oneshot",
    "spawn",
    "JoinSet",
    ".await",
    "async ",
    "Instant::now",
    "SystemTime",
    "tick()",
    "Outbox",
    "std::fs",
    "dyn Journal",
    "RoomHandle",
    "clock::Clock",
];

#[test]
fn i12_the_state_of_a_running_consultation_is_pure() {
    let live = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/live");
    let mut files = vec![live.join("state.rs")];
    sources(&live.join("state"), &mut files);
    assert!(files.len() > 15, "the sources are where they were");
    let mut wrong = Vec::new();
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        let product = source.split("#[cfg(test)]").next().unwrap_or("");
        for line in product.lines().map(|line| line.split("//").next().unwrap_or("")) {
            wrong.extend(IMPURE.iter().filter(|word| line.contains(**word)).map(|word| {
                format!("{} knows {word}: {}", file.strip_prefix(&live).unwrap().display(), line.trim())
            }));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The innermost parts of a consultation: what they hold is changed by what they are told, and they know nothing around them.
const INNERMOST: &[&str] = &[
    "answered_commands.rs",
    "ideas/moderation/danger.rs",
    "ideas/deleted_words/traces.rs",
    "list/kept_responses.rs",
    "prepare/field_change.rs",
    "vote/ballot_box.rs",
];

#[test]
fn the_innermost_parts_of_a_consultation_do_not_know_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/consultation");
    let knows =
        |source: &str| code(source).any(|line| line.contains("Consultation;") || line.contains("state::"));
    assert!(knows(&fs::read_to_string(root.join("vote/ballots.rs")).unwrap()), "the check sees who knows it");
    for file in INNERMOST {
        assert!(!knows(&fs::read_to_string(root.join(file)).unwrap()), "{file} knows the consultation");
    }
}

/// Product code below `src` that names one of these words, as `file: line`.
fn naming(words: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut found = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        if name.contains("tests") {
            continue;
        }
        let source = fs::read_to_string(&file).unwrap();
        let product = source.split("#[cfg(test)]").next().unwrap_or("");
        let code = product.lines().map(|line| line.split("//").next().unwrap_or(""));
        found.extend(
            code.filter(|line| words.iter().any(|word| line.contains(word)))
                .map(|line| format!("{name}: {}", line.trim())),
        );
    }
    found
}

/// The parts of a consultation: by which method a part is reached, and the folder that owns it.
const PARTS: &[(&str, &str)] = &[
    ("prepared", "prepare"),
    ("course", "day"),
    ("people", "people"),
    ("contributions", "ideas"),
    ("votes", "vote"),
    ("plenary_list", "list"),
    ("end_facts", "end"),
    ("told", "view"),
];

/// Lines of product code, without comments.
fn code(source: &str) -> impl Iterator<Item = &str> {
    let product = source.split("#[cfg(test)]\nmod ").next().unwrap_or("");
    product.lines().map(|line| line.split("//").next().unwrap_or(""))
}

#[test]
fn a_part_of_a_consultation_is_read_and_written_in_its_own_folder_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/consultation");
    let state = fs::read_to_string(root.join("state.rs")).unwrap();
    let body = state.split("pub struct Consultation {\n").nth(1).unwrap().split("\n}").next().unwrap();
    let fields: Vec<&str> = code(body).map(str::trim).filter(|line| line.contains(':')).collect();
    assert!((8..=12).contains(&fields.len()), "a consultation has few parts: {fields:?}");
    assert!(fields.iter().all(|field| !field.starts_with("pub")), "nobody else sees them: {fields:?}");
    let lent = |line: &&str| line.contains("fn ") && (line.contains("-> &mut ") || line.contains("_mut("));
    let known = |line: &str| PARTS.iter().any(|(part, _)| line.contains(&format!("fn {part}_mut(")));
    let unknown: Vec<&str> = code(&state).filter(lent).filter(|line| !known(line)).collect();
    assert!(unknown.is_empty(), "whose part is this? {unknown:?}");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for file in files {
        let inside = file.strip_prefix(&root).unwrap().display().to_string();
        let source = fs::read_to_string(&file).unwrap();
        for (part, owner) in PARTS {
            let names = [format!(".{part}()"), format!(".{part}_mut()")];
            for line in code(&source).filter(|line| names.iter().any(|name| line.contains(name))) {
                if inside.starts_with(&format!("{owner}/")) {
                    seen.insert(*part);
                } else {
                    wrong.push(format!("{inside} reaches into {owner}: {}", line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(seen.len(), PARTS.len(), "the check sees the owners");
}

#[test]
fn i1_only_the_socket_reads_frames_and_only_a_document_decodes_updates() {
    // Simulated phones stand on the other side of the wire.
    let allowed = ["socket/connection.rs", "room/document.rs", "simulate/"];
    let mut found = naming(&["decode_v1", "decode_v2", "read_hocuspocus", "read_y_websocket"]);
    assert!(found.iter().any(|line| line.starts_with("socket/connection.rs")), "the check sees the socket");
    found.retain(|line| !allowed.iter().any(|place| line.starts_with(place)));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn i3_no_lock_is_around_a_document() {
    let file = |line: &String| line.split(':').next().unwrap_or("").to_owned();
    let owners: BTreeSet<String> = naming(&["LiveDocument"]).iter().map(file).collect();
    assert!(owners.contains("room/loading.rs"), "the check sees the owner");
    assert!(owners.iter().all(|name| name.starts_with("room/")), "{owners:?}");
    let mut locks = naming(&["Mutex", "RwLock"]);
    locks.retain(|line| owners.contains(&file(line)));
    assert!(locks.is_empty(), "{}", locks.join("\n"));
}

#[test]
fn i10_presence_knows_no_journal() {
    let presence = naming(&["journal", "Record", "append"]);
    let mut found: Vec<&String> =
        presence.iter().filter(|line| line.starts_with("room/presence.rs")).collect();
    found.retain(|line| !line.contains(".append(&mut"));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn the_check_sees_imports_and_no_comments() {
    let source = "use crate::hub::Hub; // crate::http\n// crate::room\nlet a = crate::config::B;";
    assert_eq!(named(source), ["config", "hub"].map(str::to_owned).into());
}
