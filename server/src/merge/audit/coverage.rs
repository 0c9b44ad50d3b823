//! How many people have an approved entry on the list, and how many could have.

use crate::merge::ranking::electorate::Contest;

/// A list fails when fewer than nine tenths of the people have something on it whom a list of the same length could give it.
const TENTHS_MIN: usize = 9;

/// People with an approved entry on the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::merge) struct Coverage {
    /// People who approve anything that could be listed.
    pub voters: usize,
    /// Those who approve a listed entry.
    pub covered: usize,
    /// Those who would approve a listed one if each place went to the entry that most people without one approve (a greedy
    /// maximum cover).
    pub greedy: usize,
}

impl Coverage {
    /// Do about as many people have something on the list as could have?
    pub const fn is_enough(self) -> bool {
        self.covered * 10 >= self.greedy * TENTHS_MIN
    }
}

/// Who has an approved entry among these of a section of k places.
pub(in crate::merge) fn coverage(contest: &Contest<'_>, listed: &[usize], k: usize) -> Coverage {
    let mut is_listed = vec![false; contest.candidates.len()];
    listed.iter().for_each(|&candidate| is_listed[candidate] = true);
    let has_one = |approves: &[usize]| approves.iter().any(|&candidate| is_listed[candidate]);
    let covered = contest.voters.iter().filter(|voter| has_one(&voter.approves)).count();
    Coverage { voters: contest.voters.len(), covered, greedy: greedy_cover(contest, k) }
}

/// How many people k entries cover that are chosen one after the other, each for the people whom it adds.
fn greedy_cover(contest: &Contest<'_>, k: usize) -> usize {
    let mut gain: Vec<usize> = contest.supporters.iter().map(Vec::len).collect();
    let mut is_covered = vec![false; contest.voters.len()];
    let mut covered = 0;
    for _ in 0..k.min(gain.len()) {
        let Some((best, &most)) = gain.iter().enumerate().rev().max_by_key(|&(_, gain)| *gain) else { break };
        if most == 0 {
            break;
        }
        covered += most;
        for &voter in &contest.supporters[best] {
            if !is_covered[voter] {
                is_covered[voter] = true;
                contest.voters[voter].approves.iter().for_each(|&candidate| gain[candidate] -= 1);
            }
        }
    }
    covered
}
