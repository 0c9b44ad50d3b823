//! A merge run: what the consultation gives to it, and the list that the plenary shows, computed from the boards. Pure; `live::jobs`
//! reads the boards and computes beside the consultation.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use proto::api::consultation::{BoardView, IdeaState, IdeaView};
use proto::api::curation::{ListDecisions, NamedIdea, PassedOver, Suggestion};
use proto::command::Kind;
use proto::ids::{GroupId, IdeaId, PointId};
use proto::plenary::PlenaryView;
use proto::problem::{Code, Problem};
use proto::text::letters::is_empty;

use super::suggestions::Suggested;
use crate::config::{BoundLimits, Limits};
use crate::consultation::{Consultation, Hash32, PaperEntry, PlenaryResult, PlenaryVoteStage, RunFacts};
use crate::merge::{
    self, Ballot, Born, CandidatePair, Decisions, IdeaKey, KeptOff, MergeIdea, PlenaryBallot, PlenaryInput,
    Run, RunInput, candidates, united,
};
use crate::plenary::carried_over::{TAG_ORPHAN, has_words, keep_work};
use crate::plenary::{SourceIdea, TalliesShown, name_few, view};

/// A run, or why there is none.
pub type Merged = Result<MergeOutcome, Problem>;

/// What comes of a run.
#[derive(Debug)]
pub struct MergeOutcome {
    /// The items of the list with their order and facts.
    pub facts: RunFacts,
    /// The lot, if it was drawn for this run.
    pub drawn: Option<Hash32>,
    /// Were votes to be seen when it began?
    pub tallies: TalliesShown,
    /// How far the plenary vote was when it began.
    pub stage: PlenaryVoteStage,
    /// What staff are told beside it.
    pub suggested: Suggested,
    /// Every idea that was read; empty unless somebody asked to know.
    pub readable: BTreeMap<IdeaId, NamedIdea>,
}

/// What the consultation gives to a run: everything but the words, which are in the rooms.
#[derive(Clone, Debug)]
pub struct MergeInput {
    number: u32,
    drawn: Option<Hash32>,
    tallies: TalliesShown,
    stage: PlenaryVoteStage,
    votes: BTreeMap<IdeaId, u32>,
    decisions: ListDecisions,
    suggestions_max: usize,
    bounds: BoundLimits,
    names_all: bool,
    /// What an idea about a point is, if nobody said so.
    proposed: BTreeMap<PointId, Kind>,
    near: Vec<CandidatePair>,
    kept_off: BTreeMap<IdeaId, Vec<IdeaId>>,
    input: RunInput,
}

impl MergeInput {
    /// Of a consultation as it stands; `drawn` is the lot if it has to be drawn for this run.
    #[must_use]
    pub fn of(consultation: &Consultation, drawn: Option<Hash32>, limits: &Limits) -> Self {
        let lot = consultation.lot().or(drawn).map(|lot| lot.0.to_vec()).unwrap_or_default();
        let mut ballots: Vec<_> = consultation.ballots().collect();
        // Numbers instead of seats: a run's input links no two votes to a person outside of it.
        ballots.sort_unstable();
        let ballots = ballots.into_iter().enumerate().map(|(number, (_, home, approved))| Ballot {
            seat: format!("{number:06}").into(),
            group: cast_in(consultation, home, &approved).into(),
            approves: approved.into_iter().map(IdeaKey::from).collect(),
        });
        let decisions = consultation.list().clone();
        let mut decided = keys_of(&decisions);
        let combined = consultation.combinations().into_iter();
        decided.combined = combined.map(|(idea, root)| (idea.into(), root.into())).collect();
        let input = RunInput {
            consultation: consultation.id().to_string(),
            k: decisions.k.clone(),
            rule: decisions.rule,
            weights: decisions.weights,
            lot,
            ballots: ballots.collect(),
            decisions: decided,
            promoted_at_most: usize::try_from(consultation.promoted_at_most()).ok(),
            plenary: consultation.plenary_result().map(plenary_input),
            ..RunInput::default()
        };
        let votes = consultation.ideas().keys().map(|id| (*id, consultation.own_tally(*id))).collect();
        let tallies = tallies(consultation);
        Self {
            number: consultation.run() + 1,
            drawn,
            tallies,
            stage: consultation.plenary_vote_stage(),
            votes,
            decisions,
            suggestions_max: limits.suggestions_max,
            bounds: limits.bounds.clone(),
            names_all: false,
            proposed: proposed(consultation),
            near: Vec::new(),
            kept_off: consultation.run_facts().map(|run| run.kept_off.clone()).unwrap_or_default(),
            input,
        }
    }

    /// The outcome names every idea that was read; pairs that may mean the same are known already.
    #[must_use]
    pub fn with_all_ideas(self, near: &[Suggestion]) -> Self {
        let near = near.iter().map(|pair| CandidatePair {
            a: pair.a.into(),
            b: pair.b.into(),
            score: pair.score,
            shared: pair.shared.clone(),
            mark: pair.mark,
        });
        Self { names_all: true, near: near.collect(), ..self }
    }
}

fn proposed(consultation: &Consultation) -> BTreeMap<PointId, Kind> {
    let points = consultation.founding().points.iter().map(|point| point.id);
    points.map(|point| (point, consultation.proposed_kind(point))).collect()
}

/// The group in which a ballot was cast: that of its ideas. Who moved afterwards takes no weight along; who voted in two groups
/// counts where it is at home now.
fn cast_in(consultation: &Consultation, home: GroupId, approved: &[IdeaId]) -> GroupId {
    let group_of = |id: &IdeaId| consultation.ideas().get(id).map(crate::consultation::Idea::group);
    let mut groups = approved.iter().filter_map(group_of);
    let first = groups.next();
    first.filter(|first| groups.all(|group| group == *first)).unwrap_or(home)
}

/// May votes be seen? Only if no group still votes in secret.
#[must_use]
pub fn tallies(consultation: &Consultation) -> TalliesShown {
    let hidden = |group: &GroupId| !consultation.tallies_shown(Some(*group));
    if !consultation.tallies_shown(None) || consultation.groups().keys().any(hidden) {
        TalliesShown::No
    } else {
        TalliesShown::Yes
    }
}

/// The plenary vote as a run reads it: numbers instead of seats, others than those of the groups' ballots.
fn plenary_input(result: PlenaryResult) -> PlenaryInput {
    let PlenaryResult { paper, mut ballots, lot } = result;
    ballots.sort_unstable();
    let ballot = |(number, (_, group, approved)): (usize, (_, GroupId, Vec<IdeaId>))| PlenaryBallot {
        seat: format!("{number:06}").into(),
        group: group.into(),
        approves: approved.into_iter().map(IdeaKey::from).collect(),
    };
    let entry = |entry: PaperEntry| {
        (entry.item.into(), entry.ideas.into_iter().map(|(idea, _)| idea.into()).collect())
    };
    PlenaryInput {
        paper: paper.into_iter().map(entry).collect(),
        ballots: ballots.into_iter().enumerate().map(ballot).collect(),
        lot: lot.0.to_vec(),
    }
}

fn keys_of(decisions: &ListDecisions) -> Decisions {
    Decisions {
        assign: decisions.assign.iter().map(|(idea, item)| ((*idea).into(), (*item).into())).collect(),
        combined: BTreeMap::new(),
        not_duplicate: decisions.not_duplicate.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect(),
        pins: decisions.pins.iter().map(|item| (*item).into()).collect(),
        exclude: decisions.exclude.iter().map(|item| (*item).into()).collect(),
    }
}

/// What the list shows of an idea.
fn source_idea(idea: &IdeaView, votes: u32) -> SourceIdea {
    SourceIdea {
        text: idea.text.clone(),
        entry: Some(idea.sent_words()).filter(|words| *words != idea.text).map(str::to_owned),
        lang: idea.lang.clone(),
        translations: idea.translations.clone(),
        votes,
    }
}

/// The run and its list, from what was read.
pub fn compute(
    prepared: MergeInput,
    boards: &BTreeMap<GroupId, impl Borrow<BoardView>>,
    before: &PlenaryView,
) -> Merged {
    let MergeInput {
        number,
        drawn,
        tallies,
        stage,
        votes,
        decisions,
        suggestions_max,
        bounds,
        names_all,
        proposed,
        near,
        kept_off: earlier_kept_off,
        mut input,
    } = prepared;
    let mut words = BTreeMap::new();
    let mut groups = BTreeMap::new();
    for (group, board) in boards {
        // What people emptied together is no idea until it says something again.
        for idea in board.borrow().ideas.iter().filter(|idea| !is_empty(&idea.text)) {
            input.ideas.push(MergeIdea {
                id: idea.id.into(),
                group: (*group).into(),
                text: idea.text.clone(),
                lang: idea.lang.clone(),
                promoted: idea.state == IdeaState::Promoted,
                kind: idea.kind.or_else(|| proposed.get(&idea.point).copied()),
                point: Some(idea.point.into()),
                tr: idea.tr.clone(),
            });
            words.insert(idea.id, source_idea(idea, votes.get(&idea.id).copied().unwrap_or(0)));
            groups.insert(idea.id, *group);
        }
    }
    input.born = earlier_kept_off.iter().map(|(item, ideas)| ((*item).into(), born_off(ideas))).collect();
    input.born.extend(before.items.iter().map(|item| (item.id.into(), born(item))));
    let found = candidates(&input.ideas, |_| None);
    input.pairs = Some(united(found.pairs, &near));
    input.forget_missing();
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "a merge failed");
        Problem::because(Code::Unavailable, format!("The merge failed: {error}"))
    };
    let run = merge::run(&input).map_err(|error| failed(&error))?;
    let mut list = view(&run, &words, tallies).map_err(|error| failed(&error))?;
    let kept_off: BTreeMap<IdeaId, Vec<IdeaId>> = run.kept_off.iter().filter_map(kept_ideas).collect();
    let excluded = decisions.exclude.iter().chain(kept_off.keys()).copied().collect();
    keep_work(&mut list, &before.items, &excluded, |idea| words.contains_key(&idea));
    let beyond = name_few(&mut list, &bounds);
    let audit = match tallies {
        TalliesShown::Yes => serde_json::to_value(&run.audit).unwrap_or_default(),
        TalliesShown::No => serde_json::Value::Null,
    };
    let facts = RunFacts {
        run: number,
        sha256: run.run.input_sha256.clone(),
        rule: run.run.rule,
        weights: run.run.weights,
        items: list.items,
        beyond,
        kept_off,
        order: list.order,
        audit,
    };
    let unread: Vec<IdeaId> = found.unread.iter().filter_map(id).collect();
    let finder = Finder { run: &run, words: &words, groups: &groups, unread: &unread };
    let readable = if names_all { finder.named(words.keys().copied()) } else { BTreeMap::new() };
    let suggested = finder.all(tallies, suggestions_max);
    Ok(MergeOutcome { facts, drawn, tallies, stage, suggested, readable })
}

fn born(item: &proto::plenary::PlenaryItem) -> Born {
    Born {
        anchor: (item.facts.anchor != item.id).then(|| item.facts.anchor.into()),
        members: item.facts.sources.iter().map(|source| source.idea.into()).collect(),
        worked: has_words(item),
        lost: item.facts.tags.iter().any(|tag| tag == TAG_ORPHAN),
    }
}

/// An item that was kept off the list by the last run: it is on no list.
fn born_off(ideas: &[IdeaId]) -> Born {
    let anchor = ideas.first().map(|idea| (*idea).into());
    Born { anchor, members: ideas.iter().map(|idea| (*idea).into()).collect(), ..Born::default() }
}

fn kept_ideas(item: &KeptOff) -> Option<(IdeaId, Vec<IdeaId>)> {
    let others = item.members.iter().filter(|member| **member != item.anchor);
    Some((id(&item.id)?, std::iter::once(&item.anchor).chain(others).filter_map(id).collect()))
}

/// Picks what staff are told.
struct Finder<'a> {
    run: &'a Run,
    words: &'a BTreeMap<IdeaId, SourceIdea>,
    groups: &'a BTreeMap<IdeaId, GroupId>,
    /// Ideas of which a text could not be read.
    unread: &'a [IdeaId],
}

impl Finder<'_> {
    fn all(&self, tallies: TalliesShown, suggestions_max: usize) -> Suggested {
        let suggestions = self.run.suggestions.iter().take(suggestions_max).filter_map(suggestion);
        let unread = self.unread.to_vec();
        let mut found = Suggested { suggestions: suggestions.collect(), unread, ..Suggested::default() };
        if tallies == TalliesShown::Yes {
            let passed = self.run.audit.passed_over.iter().filter_map(|passed| {
                let (idea, than) = (id(&passed.idea)?, id(&passed.than)?);
                let group = *self.groups.get(&idea)?;
                let (votes, than_votes) = (count(passed.votes), count(passed.than_votes));
                Some(PassedOver { idea, group, votes, than, than_votes })
            });
            found.passed_over = passed.collect();
        }
        let pairs = found.suggestions.iter().flat_map(|pair| [pair.a, pair.b]);
        let passed = found.passed_over.iter().flat_map(|passed| [passed.idea, passed.than]);
        found.kept_off =
            self.run.kept_off.iter().filter_map(|item| Some((id(&item.id)?, id(&item.anchor)?))).collect();
        let beside = found.kept_off.values().chain(self.unread).copied();
        let named: BTreeSet<IdeaId> = pairs.chain(passed).chain(beside).collect();
        found.ideas = self.named(named);
        found
    }

    /// These ideas with their words, groups and items.
    fn named(&self, ideas: impl IntoIterator<Item = IdeaId>) -> BTreeMap<IdeaId, NamedIdea> {
        let item_of = self.items();
        let name = |id: IdeaId| {
            let (words, group) = (self.words.get(&id)?, *self.groups.get(&id)?);
            let item = item_of.get(&id).copied();
            Some((id, NamedIdea { group, text: words.text.clone(), lang: words.lang.clone(), item }))
        };
        ideas.into_iter().filter_map(name).collect()
    }

    /// Idea → its item, for all that are on the list.
    fn items(&self) -> BTreeMap<IdeaId, IdeaId> {
        let members = |item: &merge::Item| {
            let item_id = id(&item.id)?;
            Some(
                item.members
                    .iter()
                    .filter_map(move |member| Some((id(&member.idea)?, item_id)))
                    .collect::<Vec<_>>(),
            )
        };
        self.run.items.iter().filter_map(members).flatten().collect()
    }
}

/// A pair as staff read it.
pub fn suggestion(pair: &CandidatePair) -> Option<Suggestion> {
    let (a, b) = (id(&pair.a)?, id(&pair.b)?);
    Some(Suggestion { a, b, score: pair.score, shared: pair.shared.clone(), mark: pair.mark })
}

fn id(key: &IdeaKey) -> Option<IdeaId> {
    key.as_str().parse().ok()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
