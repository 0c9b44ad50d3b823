//! In which order the structs of an update can be taken: each after everything that it refers to.
//!
//! Sections come in descending client id, so a struct may name one that stands later in the bytes. This walk follows
//! such a reference, comes back, and goes on: an explicit stack, no recursion, no section twice on it, and each struct
//! waits at most once for each of its references. Structs that wait for each other are a circle, which no honest
//! document contains.

/// What taking one struct of a section came to.
pub(super) enum Step {
    /// It was taken; the section now stands at this clock.
    Took(u32),
    /// The section has no more.
    Done,
    /// It must wait until another section stands beyond this clock.
    Waits { section: usize, clock: u32 },
}

/// Structs that wait for each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Circle;

/// Takes all structs of `sections` sections; `step` takes the next one of a section.
///
/// `step` must not ask to wait for a clock that the other section will never reach.
pub(super) fn in_causal_order<E: From<Circle>>(
    sections: usize,
    mut step: impl FnMut(usize) -> Result<Step, E>,
) -> Result<(), E> {
    let mut waiting: Vec<(usize, u32)> = Vec::new();
    let mut is_waiting = vec![false; sections];
    for first in 0..sections {
        let mut current = first;
        loop {
            let resumes = match step(current)? {
                Step::Took(clock) => waiting.last().is_some_and(|&(_, needed)| clock > needed),
                Step::Done => true,
                Step::Waits { section, clock } => {
                    if let Some(flag) = is_waiting.get_mut(current) {
                        *flag = true;
                    }
                    if is_waiting.get(section).copied().unwrap_or(true) {
                        return Err(Circle.into());
                    }
                    waiting.push((current, clock));
                    current = section;
                    false
                }
            };
            if resumes {
                let Some((section, _)) = waiting.pop() else { break };
                if let Some(flag) = is_waiting.get_mut(section) {
                    *flag = false;
                }
                current = section;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sections of structs of one clock each; each struct names those that it needs.
    fn order(sections: &[&[&[(usize, u32)]]]) -> Result<Vec<(usize, u32)>, Circle> {
        let mut taken = vec![0u32; sections.len()];
        let mut order = Vec::new();
        in_causal_order(sections.len(), |at| {
            let Some(needs) = sections[at].get(taken[at] as usize) else { return Ok(Step::Done) };
            for &(section, clock) in *needs {
                if taken[section] <= clock {
                    return Ok(Step::Waits { section, clock });
                }
            }
            order.push((at, taken[at]));
            taken[at] += 1;
            Ok::<_, Circle>(Step::Took(taken[at]))
        })?;
        Ok(order)
    }

    #[test]
    fn a_struct_is_taken_after_those_it_names() {
        let order = order(&[&[&[(1, 1)], &[]], &[&[], &[(2, 0)], &[(0, 0)]], &[&[]]]);
        assert_eq!(order, Ok(vec![(1, 0), (2, 0), (1, 1), (0, 0), (0, 1), (1, 2)]));
    }

    #[test]
    fn a_struct_that_waits_is_asked_again_only_when_the_other_is_there() {
        let mut asked = Vec::new();
        let mut taken = [0u32; 2];
        let came = in_causal_order(2, |at| {
            asked.push(at);
            if at == 0 && taken[1] < 3 {
                return Ok(Step::Waits { section: 1, clock: 2 });
            }
            if taken[at] == 3 {
                return Ok(Step::Done);
            }
            taken[at] += 1;
            Ok::<_, Circle>(Step::Took(taken[at]))
        });
        assert_eq!(came, Ok(()));
        assert_eq!(asked, [0, 1, 1, 1, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn a_circle_is_noticed() {
        assert_eq!(order(&[&[&[(1, 0)]], &[&[(0, 0)]]]), Err(Circle));
        assert_eq!(order(&[&[&[(0, 1)], &[]]]), Err(Circle));
        assert_eq!(order(&[&[&[(1, 0)]], &[&[(2, 0)]], &[&[(0, 0)]]]), Err(Circle));
    }

    #[test]
    fn a_long_chain_takes_no_stack() {
        let n = 20_000u32;
        let left: Vec<Vec<(usize, u32)>> = (0..n).map(|i| vec![(1, i)]).collect();
        let right: Vec<Vec<(usize, u32)>> =
            (0..n).map(|i| if i == 0 { vec![] } else { vec![(0, i - 1)] }).collect();
        let left: Vec<&[(usize, u32)]> = left.iter().map(Vec::as_slice).collect();
        let right: Vec<&[(usize, u32)]> = right.iter().map(Vec::as_slice).collect();
        assert_eq!(order(&[&left, &right]).unwrap().len(), 2 * n as usize);
    }
}
