//! One merge from beginning to end.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto::plenary::Section;
use sha2::{Digest, Sha256};

use super::audit;
use super::cluster::{Cluster, Clusters, cluster};
use super::input::{Ballot, GroupKey, IdeaKey, Places, PointKey, RunInput};
use super::judge::{SectionRanking, Verdict, groups_without};
use super::lot::lot_digest;
use super::output::{
    Audit, Because, Facts, Item, ItemSupport, KeptOff, Member, MergeError, Run, TAG_BEST_BY_TALLY,
    TAG_HELD_BACK, TAG_NO_VOTES, TAG_NOT_ON_PAPER, TAG_PINNED, canonical,
};
use crate::merge::ranking::cut::cut;
use crate::merge::ranking::electorate::{Contest, contest};
use crate::merge::ranking::plenary_vote::PlenaryVote;
use crate::merge::ranking::purses::Placement;
use crate::merge::ranking::weights::GroupWeights;

/// The sections in the order of the list.
const SECTIONS: [Section; 4] =
    [Section::Challenges, Section::Recommendations, Section::Partnerships, Section::Ideas];

/// Builds the list. Pure: the same input, in whatever order, gives the same run.
///
/// # Errors
/// When the input contradicts itself: an id twice, or one that is nowhere. See [`RunInput::forget_missing`].
pub fn run(input: &RunInput) -> Result<Run, MergeError> {
    let input = &input.sorted();
    let index = index(input)?;
    check_mentions(input, &index)?;
    let approvals = approvals(input, &index)?;
    let tallies = tallies(input, &index, &approvals);
    let clusters = cluster(input, &index, &tallies);
    let named = Named::read(input, &index, &clusters)?;
    let candidacy = Candidacy::of(input, &tallies);
    let eligible = candidacy.eligible(&clusters, &named);

    let weights = GroupWeights::of(input);
    let plenary = PlenaryVote::of(input, &index, &clusters);
    let ranked = |section, contest, k| SectionRanking::of(input.rule, section, contest, (&named.pins, k));
    let (all, decided, candidates) = (&clusters, &named, &candidacy);
    let made = |ranking: &SectionRanking<'_>, before: usize, on_paper: bool| {
        let (clusters, contest, named, candidacy) = (all, &ranking.contest, decided, candidates);
        let make = ItemMaker { input, clusters, contest, named, candidacy, on_paper };
        make.all(&ranking.placements, before)
    };
    let mut items = Vec::new();
    let mut sections = Vec::new();
    for section in SECTIONS {
        let voted = plenary.as_ref().and_then(|vote| vote.contest(&clusters, section, &eligible));
        let others = plenary.as_ref().filter(|_| voted.is_some()).map(|vote| vote.others(&eligible));
        // What people put first takes its place from what was voted on.
        let beside = |pin: &&usize| {
            clusters.all[**pin].section == section && others.as_ref().is_some_and(|others| others[**pin])
        };
        let k = input.places(section).saturating_sub(named.pins.iter().filter(beside).count());
        if let Some(contest) = voted {
            let ranking = ranked(section, contest, k);
            items.extend(made(&ranking, items.len(), true));
            sections.push(ranking);
        }
        // What nobody could vote on in the plenary is ranked by the votes of the groups, below what was on the paper.
        let these = others.as_ref().unwrap_or(&eligible);
        let ranking = ranked(section, contest(input, &approvals, &clusters, section, these, &weights), k);
        items.extend(made(&ranking, items.len(), others.is_none()));
        if others.is_none() {
            sections.push(ranking);
        }
    }
    let turnout = turnout(input, &approvals, &clusters, &eligible);
    let cut = cut(input, &mut items, &turnout);
    let kept_off = named.kept_off(input, &clusters);
    let verdict = Verdict::of(input.rule, &sections, &mut items, &clusters);
    Ok(Run {
        run: facts(input)?,
        audit: Audit {
            represented: verdict.represented(),
            close_tried: verdict.close_tried(),
            violations: verdict.violations,
            coverage: verdict.coverage,
            close: verdict.close,
            groups_without: groups_without(input, &items, &cut.listed),
            passed_over: audit::passed_over::passed_over(input, &tallies),
            promoted_nothing: candidacy.promoted_nothing.into_iter().cloned().collect(),
            assign_ignored: clusters.assign_ignored,
            excluded: kept_off.iter().map(|item| item.id.clone()).collect(),
        },
        kept_off,
        listed: cut.listed,
        heard: cut.heard,
        below_the_line: cut.below_the_line,
        items,
        suggestions: clusters.suggestions,
    })
}

fn facts(input: &RunInput) -> Result<Facts, MergeError> {
    let hash = Sha256::digest(canonical(input)?.as_bytes());
    let k = input.k.clone().unwrap_or_else(|| {
        let sections: BTreeSet<Section> = input.ideas.iter().map(super::MergeIdea::section).collect();
        Places::PerSection(sections.into_iter().map(|section| (section, input.places(section))).collect())
    });
    Ok(Facts { input_sha256: hex::encode(hash), rule: input.rule, weights: input.weights, k })
}

fn index(input: &RunInput) -> Result<HashMap<&IdeaKey, usize>, MergeError> {
    let mut index = HashMap::with_capacity(input.ideas.len());
    for (position, idea) in input.ideas.iter().enumerate() {
        if index.insert(&idea.id, position).is_some() {
            return Err(MergeError::DuplicateIdea(idea.id.clone()));
        }
    }
    match input.ballots.windows(2).find(|pair| pair[0].seat == pair[1].seat) {
        Some(pair) => Err(MergeError::DuplicateSeat(pair[0].seat.to_string())),
        None => Ok(index),
    }
}

/// Every decision that names an idea must name one that is there.
fn check_mentions(input: &RunInput, index: &HashMap<&IdeaKey, usize>) -> Result<(), MergeError> {
    let check = |id: &IdeaKey, place: &dyn Fn() -> String| {
        if index.contains_key(id) {
            Ok(())
        } else {
            Err(MergeError::UnknownIdea { place: place(), id: id.clone() })
        }
    };
    for id in input.decisions.assign.keys() {
        check(id, &|| "decisions.assign".to_owned())?;
    }
    for (idea, root) in &input.decisions.combined {
        check(idea, &|| "decisions.combined".to_owned())?;
        check(root, &|| "decisions.combined".to_owned())?;
    }
    for (a, b) in &input.decisions.not_duplicate {
        check(a, &|| "decisions.not_duplicate".to_owned())?;
        check(b, &|| "decisions.not_duplicate".to_owned())?;
    }
    for pair in input.pairs.iter().flatten() {
        check(&pair.a, &|| "pairs".to_owned())?;
        check(&pair.b, &|| "pairs".to_owned())?;
    }
    for id in &input.reference.tie_order {
        check(id, &|| "reference.tie_order".to_owned())?;
    }
    Ok(())
}

/// Ballot → the ideas that it approves.
fn approvals(input: &RunInput, index: &HashMap<&IdeaKey, usize>) -> Result<Vec<Vec<usize>>, MergeError> {
    let of = |ballot: &Ballot| {
        let find = |id: &IdeaKey| {
            let unknown = || MergeError::UnknownIdea {
                place: format!("the ballot of {}", ballot.seat),
                id: id.clone(),
            };
            index.get(id).copied().ok_or_else(unknown)
        };
        ballot.approves.iter().map(find).collect()
    };
    input.ballots.iter().map(of).collect()
}

/// Votes per idea; one that stands for others on its board has everybody's who approves any of them, once.
fn tallies(input: &RunInput, index: &HashMap<&IdeaKey, usize>, approvals: &[Vec<usize>]) -> Vec<usize> {
    let mut root = vec![None; input.ideas.len()];
    for (idea, stands_for_it) in &input.decisions.combined {
        root[index[idea]] = Some(index[stands_for_it]);
    }
    let mut tallies = vec![0; input.ideas.len()];
    for approved in approvals {
        let mut approved: Vec<usize> =
            approved.iter().copied().chain(approved.iter().filter_map(|&idea| root[idea])).collect();
        approved.sort_unstable();
        approved.dedup();
        approved.into_iter().for_each(|idea| tallies[idea] += 1);
    }
    tallies
}

/// The clusters that people's decisions name.
struct Named {
    /// In people's order.
    pins: Vec<usize>,
    excluded: BTreeSet<usize>,
}

impl Named {
    fn read(
        input: &RunInput,
        index: &HashMap<&IdeaKey, usize>,
        clusters: &Clusters,
    ) -> Result<Self, MergeError> {
        // An item that has no ideas any more is named in vain, but not by mistake.
        let find = |id: &IdeaKey, place: &str| match clusters.named(id, index) {
            None if !input.born.contains_key(id) && !clusters.may_be(id) => {
                Err(MergeError::UnknownIdea { place: place.to_owned(), id: id.clone() })
            }
            found => Ok(found),
        };
        let pins = input.decisions.pins.iter().map(|id| find(id, "decisions.pins"));
        let excluded = input.decisions.exclude.iter().map(|id| find(id, "decisions.exclude"));
        Ok(Self {
            pins: pins.filter_map(Result::transpose).collect::<Result<_, _>>()?,
            excluded: excluded.filter_map(Result::transpose).collect::<Result<_, _>>()?,
        })
    }

    /// The items that are kept off, by id.
    fn kept_off(&self, input: &RunInput, clusters: &Clusters) -> Vec<KeptOff> {
        let key = |idea: usize| input.ideas[idea].id.clone();
        let item = |cluster: &Cluster| {
            let members = cluster.members.iter().map(|&(idea, _)| key(idea)).collect();
            KeptOff { id: cluster.id.clone(), anchor: key(cluster.anchor), members }
        };
        self.excluded.iter().map(|&position| item(&clusters.all[position])).collect()
    }
}

/// Which ideas may be listed.
struct Candidacy<'a> {
    /// Idea → promoted, or standing in for a group that promoted nothing.
    promoted: Vec<bool>,
    promoted_nothing: BTreeSet<&'a GroupKey>,
}

impl<'a> Candidacy<'a> {
    fn of(input: &'a RunInput, tallies: &[usize]) -> Self {
        let mut promoted: Vec<bool> = input.ideas.iter().map(|idea| idea.promoted).collect();
        let most = input.promoted_at_most();
        let mut per_group: BTreeMap<&GroupKey, Vec<usize>> = BTreeMap::new();
        // What is combined comes in with the idea that stands for it.
        let by_themselves = input
            .ideas
            .iter()
            .enumerate()
            .filter(|(_, idea)| !input.decisions.combined.contains_key(&idea.id));
        for (position, idea) in by_themselves {
            per_group.entry(&idea.group).or_default().push(position);
        }
        per_group.retain(|_, ideas| ideas.iter().all(|&idea| !promoted[idea]));
        for ideas in per_group.values_mut() {
            ideas.sort_by_cached_key(|&idea| {
                (Reverse(tallies[idea]), lot_digest(&input.lot, &input.ideas[idea].id), idea)
            });
            let mut taken: BTreeMap<Section, usize> = BTreeMap::new();
            for &idea in ideas.iter() {
                let taken = taken.entry(input.ideas[idea].section()).or_default();
                *taken += 1;
                promoted[idea] = *taken <= most;
            }
        }
        Self { promoted, promoted_nothing: per_group.into_keys().collect() }
    }

    /// Cluster → may it be listed?
    fn eligible(&self, clusters: &Clusters, named: &Named) -> Vec<bool> {
        let promoted = |cluster: &Cluster| cluster.members.iter().any(|&(idea, _)| self.promoted[idea]);
        let may = |(position, cluster)| promoted(cluster) && !named.excluded.contains(&position);
        clusters.all.iter().enumerate().map(may).collect()
    }
}

/// People per group who approve anything that may be listed, in any section.
fn turnout<'a>(
    input: &'a RunInput,
    approvals: &[Vec<usize>],
    clusters: &Clusters,
    eligible: &[bool],
) -> BTreeMap<&'a GroupKey, usize> {
    let mut turnout = BTreeMap::new();
    for (ballot, approved) in input.ballots.iter().zip(approvals) {
        if approved.iter().any(|&idea| eligible[clusters.of_idea[idea]]) {
            *turnout.entry(&ballot.group).or_default() += 1;
        }
    }
    turnout
}

/// Writes down what a section's ranking says, item by item.
struct ItemMaker<'a> {
    input: &'a RunInput,
    clusters: &'a Clusters,
    contest: &'a Contest<'a>,
    named: &'a Named,
    candidacy: &'a Candidacy<'a>,
    /// Could people vote on it where they voted on its section?
    on_paper: bool,
}

impl ItemMaker<'_> {
    /// Ranks run on after the items of earlier sections.
    fn all(&self, placements: &[Placement], before: usize) -> Vec<Item> {
        let mut by_votes = vec![0; placements.len()];
        for (position, candidate) in self.contest.by_votes().into_iter().enumerate() {
            by_votes[candidate] = position + 1;
        }
        placements
            .iter()
            .enumerate()
            .map(|(position, placement)| {
                self.item(before + position + 1, placement, by_votes[placement.candidate])
            })
            .collect()
    }

    fn item(&self, rank: usize, placement: &Placement, rank_by_votes: usize) -> Item {
        let position = self.contest.candidates[placement.candidate];
        let cluster = &self.clusters.all[position];
        let ideas = &self.input.ideas;
        let points: BTreeSet<&PointKey> =
            cluster.members.iter().filter_map(|&(idea, _)| ideas[idea].point.as_ref()).collect();
        let members = cluster.members.iter().map(|&(idea, via)| Member {
            idea: ideas[idea].id.clone(),
            group: ideas[idea].group.clone(),
            via,
        });
        let supporters = &self.contest.supporters[placement.candidate];
        let by_group = self.contest.by_group(supporters.iter().map(|&voter| (voter, 1)));
        Item {
            id: cluster.id.clone(),
            section: cluster.section,
            points: points.into_iter().cloned().collect(),
            anchor: ideas[cluster.anchor].id.clone(),
            members: members.collect(),
            rank,
            number: 0,
            t: placement.t,
            support: ItemSupport { seats: by_group.values().sum(), groups: by_group.len(), by_group },
            paid_by_group: self.contest.by_group(placement.payments.iter().copied()),
            rank_by_votes,
            because: Because::default(),
            tags: self.tags(position, cluster, placement),
        }
    }

    fn tags(&self, position: usize, cluster: &Cluster, placement: &Placement) -> Vec<String> {
        let ideas = &self.input.ideas;
        let stands_in = cluster.members.iter().all(|&(idea, _)| !ideas[idea].promoted)
            && cluster.members.iter().any(|&(idea, _)| self.candidacy.promoted[idea]);
        [
            (stands_in, TAG_BEST_BY_TALLY),
            (self.contest.supporters[placement.candidate].is_empty(), TAG_NO_VOTES),
            (self.named.pins.contains(&position), TAG_PINNED),
            (placement.held_back, TAG_HELD_BACK),
            (!self.on_paper, TAG_NOT_ON_PAPER),
        ]
        .into_iter()
        .filter(|&(applies, _)| applies)
        .map(|(_, tag)| tag.to_owned())
        .collect()
    }
}
