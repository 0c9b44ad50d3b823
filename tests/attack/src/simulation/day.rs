//! Runs days: of a seed or of a saved plan; shortens, prints and saves the plan of one that fails.

use std::cell::Cell;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::PathBuf;
use std::sync::Once;

use serde_json::json;
use server::journal::{Journal, Record, Stream};
use yrs::updates::decoder::Decode;
use yrs::{Doc, Transact, Update};

use super::choice;
use super::page::everything;
use super::plan::Plan;
use super::world::{ORGANIZER, World};
use crate::chance::Chance;

/// How large a day is.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// How many things happen.
    pub steps: usize,
    /// The fewest phones.
    pub phones: usize,
    /// Does the server answer before anything is durable? Such a day must fail.
    pub answers_early: bool,
}

impl Day {
    /// Short enough for a thousand of them in a test run.
    pub const SHORT: Self = Self { steps: 300, phones: 6, answers_early: false };
}

/// Counts of what happened in days, to show that they are no empty ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Happened {
    /// Number of steps that plans have in all.
    pub steps: usize,
    /// Commands that were answered.
    pub answered: usize,
    /// Typed words that a page was told are recorded.
    pub recorded: usize,
    /// Ideas that were erased or taken back.
    pub erased: usize,
    /// Deaths of the server.
    pub deaths: usize,
    /// Boards that were read because their vote opened.
    pub votes: usize,
    /// Runs of the merge.
    pub runs: usize,
    /// Times that somebody read everything over HTTP.
    pub reads: usize,
    /// Ideas that reports of danger hid.
    pub dangers: usize,
    /// Items of lists that somebody objects to.
    pub responses: usize,
    /// Approvals of entries in plenary votes that are closed at the end.
    pub plenary_votes: usize,
    /// Words of rapporteurs that were recorded.
    pub written: usize,
    /// Groups that were made in the course of a day.
    pub late_groups: usize,
    /// Seats that are closed at the end.
    pub closed: usize,
    /// Days that ended by a deletion of everything.
    pub purged: usize,
}

impl Happened {
    /// The sums of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            steps: self.steps + other.steps,
            answered: self.answered + other.answered,
            recorded: self.recorded + other.recorded,
            erased: self.erased + other.erased,
            deaths: self.deaths + other.deaths,
            votes: self.votes + other.votes,
            runs: self.runs + other.runs,
            reads: self.reads + other.reads,
            dangers: self.dangers + other.dangers,
            responses: self.responses + other.responses,
            plenary_votes: self.plenary_votes + other.plenary_votes,
            written: self.written + other.written,
            late_groups: self.late_groups + other.late_groups,
            closed: self.closed + other.closed,
            purged: self.purged + other.purged,
        }
    }
}

/// Why a day failed, and what happened before.
struct Failed {
    why: String,
    log: Vec<String>,
}

/// Runs the day of a seed.
///
/// # Errors
/// What went wrong, with the shortened plan and the file in which it was saved.
pub fn run(seed: u64, day: Day) -> Result<Happened, String> {
    run_and_note(seed, day).map(|(_, happened)| happened)
}

/// The plan of a seed.
///
/// # Errors
/// When the day of the seed fails, as [`run`].
pub fn plan_of(seed: u64, day: Day) -> Result<Plan, String> {
    run_and_note(seed, day).map(|(plan, _)| plan)
}

fn run_and_note(seed: u64, day: Day) -> Result<(Plan, Happened), String> {
    let mut chance = Chance::seeded(seed);
    let mut plan = choice::plan(seed, day.phones, &mut chance);
    let mut world = World::new(&plan, day.answers_early);
    let first = attempt(&mut world, |world| {
        for done in 0..day.steps {
            let step = world.choose(&mut chance, done * 100 / day.steps);
            plan.steps.push(step.clone());
            world.step(&step);
        }
        world.ends(plan.purge);
    });
    match first {
        Ok(()) => {
            let happened = world.happened(&plan);
            Ok((plan, happened))
        }
        Err(failed) => Err(report(&plan, &failed, day)),
    }
}

/// Runs a plan.
///
/// # Errors
/// What went wrong, with what was refused before.
pub fn run_plan(plan: &Plan, day: Day) -> Result<Happened, String> {
    carried_out(plan, day)
        .map(|world| world.happened(plan))
        .map_err(|failed| format!("{}\n  {}", failed.why, failed.log.join("\n  ")))
}

/// Everything that the journal holds after a plan, entry by entry: events and rows as they are, documents by what they say. The
/// bytes of a document may differ, because yrs writes the fields of a value in any order.
///
/// # Errors
/// What went wrong.
pub fn remains(plan: &Plan) -> Result<Vec<String>, String> {
    let world = carried_out(plan, Day::SHORT).map_err(|failed| failed.why)?;
    let (journal, id) = (&world.ground.journal, world.ground.id);
    let mut remains = Vec::new();
    for (seq, record) in journal.load(id, Stream::Consultation).unwrap().records {
        let Record::Decided(bytes) = record else { continue };
        remains.push(format!("{seq} {}", String::from_utf8(bytes).unwrap()));
    }
    for stream in world.groups.iter().map(|group| Stream::Board(*group)).chain([Stream::Plenary]) {
        let loaded = journal.load(id, stream).unwrap();
        let doc = Doc::new();
        let (seq, snapshot) = loaded.snapshot.map(|row| (row.seq, row.state.to_vec())).unzip();
        let places: Vec<_> = seq.into_iter().chain(loaded.records.iter().map(|(seq, _)| *seq)).collect();
        let updates = loaded.records.into_iter().filter_map(|(_, record)| match record {
            Record::Updated(update) => Some(update),
            Record::Born { .. } | Record::Bound { .. } | Record::Decided(_) => None,
        });
        for update in snapshot.into_iter().chain(updates) {
            doc.transact_mut().apply_update(Update::decode_v1(&update).unwrap()).unwrap();
        }
        remains.push(format!("{stream:?} {places:?} {}", serde_json::to_value(everything(&doc)).unwrap()));
    }
    remains.extend(journal.texts(id).unwrap().into_iter().map(|row| format!("{row:?}")));
    Ok(remains)
}

fn carried_out(plan: &Plan, day: Day) -> Result<World, Failed> {
    let mut world = World::new(plan, day.answers_early);
    attempt(&mut world, |world| {
        plan.steps.iter().for_each(|step| world.step(step));
        world.ends(plan.purge);
    })?;
    Ok(world)
}

/// How many shorter plans are tried.
const TRIES: usize = 600;

fn report(plan: &Plan, failed: &Failed, day: Day) -> String {
    // What goes wrong, without the ids and words in it.
    let kind = |why: &str| why.chars().filter(|one| one.is_alphabetic()).take(24).collect::<String>();
    let same = |one: &Plan| carried_out(one, day).is_err_and(|other| kind(&other.why) == kind(&failed.why));
    let mut plan = plan.clone();
    plan.found = failed.why.lines().next().unwrap_or_default().to_owned();
    let short = plan.shortened(TRIES, same);
    let after = carried_out(&short, day).err().map(|failed| failed.log.join("\n  ")).unwrap_or_default();
    let place = save(&short);
    format!(
        "the day of seed {}: {}\nits plan, shortened from {} to {} steps, is saved as {place}; \
         in tests/attack/plans it is a test\n{}\nwhat happened\n  {after}",
        plan.seed,
        failed.why,
        plan.steps.len(),
        short.steps.len(),
        short.to_json()
    )
}

/// Saves a plan below the folder of builds.
fn save(plan: &Plan) -> String {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/plans"));
    let place = folder.join(format!("seed-{}.json", plan.seed));
    let saved = fs::create_dir_all(&folder).and_then(|()| fs::write(&place, plan.to_json()));
    saved.map_or_else(|error| format!("nothing ({error})"), |()| place.display().to_string())
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs a part of a day; a panic in it is what went wrong, and is not printed: its report is.
fn attempt(world: &mut World, part: impl FnOnce(&mut World)) -> Result<(), Failed> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                before(panic);
            }
        }));
    });
    QUIET.set(true);
    let ran = catch_unwind(AssertUnwindSafe(|| part(world)));
    QUIET.set(false);
    ran.map_err(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        Failed { why: said.unwrap_or_default(), log: std::mem::take(&mut world.log) }
    })
}

impl World {
    /// The end of a day: everything arrives, everything is checked; then everything is deleted, if the plan says so.
    fn ends(&mut self, purge: bool) {
        self.settle();
        self.check_all();
        if purge {
            self.purge();
            self.check_purged();
        }
    }

    /// The organizer deletes everything.
    fn purge(&mut self) {
        let title = self.server.as_ref().unwrap().live.consultation().founding().title.clone();
        let title = serde_json::to_value(title).unwrap();
        let title = title.as_str().map(str::to_owned).unwrap_or_else(|| {
            title.as_object().and_then(|all| all.values().next()?.as_str().map(str::to_owned)).unwrap()
        });
        self.decide(ORGANIZER, 2, &json!({ "do": "purge", "confirm": title }));
        self.step(&super::plan::Step::Turn { take: usize::MAX });
    }

    fn happened(&self, plan: &Plan) -> Happened {
        let mut happened = Happened {
            steps: plan.steps.len(),
            answered: self.answered.len(),
            erased: self.erased.len(),
            deaths: self.deaths,
            votes: self.votes_read,
            reads: self.reads,
            late_groups: self.groups.len() - 2,
            ..Happened::default()
        };
        let list = proto::ids::DocumentName::Plenary(self.ground.id);
        happened.written = self.recorded.iter().filter(|(_, of, _)| *of == list).count();
        happened.recorded = self.recorded.len() - happened.written;
        let Some(server) = &self.server else { return happened };
        let live = server.live.consultation();
        happened.runs = live.run() as usize;
        happened.dangers = live.ideas().values().filter(|idea| idea.danger().is_some()).count();
        happened.responses = live.room().iter().filter(|(_, said)| said.object > 0).count();
        let result = live.plenary_result();
        happened.plenary_votes =
            result.iter().flat_map(|result| &result.ballots).map(|(_, _, entries)| entries.len()).sum();
        happened.closed = (0..self.people.len()).filter(|at| self.is_shut(*at)).count();
        happened.purged = usize::from(server.purged);
        happened
    }
}
