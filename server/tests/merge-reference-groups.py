"""Makes merge-reference-groups.zip: a thousand rankings of people in groups, with the weights that Plenum gives, by another
implementation, in exact fractions.

    pip install abcvoting==2.19.2
    python3 merge-reference-groups.py

As merge-reference.py, whose rules and ballots these are; but each person is of one of two to nine groups, and weighs what `docs/merge.md`
says: the weight is computed here a second time, from the sizes of the groups. Ties are broken by the lowest index ("tie_order").

A case is [rule, k, weights, took part per group, group of each ballot, ballots, candidates in the order in which they were chosen].
"""

import importlib.util
import json
import random
import zipfile
from math import isqrt
from pathlib import Path

HERE = Path(__file__).parent
spec = importlib.util.spec_from_file_location("reference", HERE / "merge-reference.py")
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)

CASES = 1000
UNIT = 10**6


def weight(kind, people, sizes):
    """What a person of a group of so many people weighs: never more than in one of the mean size, nor in one of five."""
    groups, total = len(sizes), sum(sizes)
    size = max(max(people, 5) * groups, total)
    return isqrt(UNIT * UNIT * groups // size) if kind == "sqrt" else UNIT * groups // size


def case(draw, number):
    rule = ["phragmen", "equal-shares"][number % 2]
    kind = ["sqrt", "group"][number // 2 % 2]
    ballots = ["independent", "parties", "crowd", "almost"][number // 4 % 4]
    people, candidates = draw.choice([5, 8, 12, 20, 40, 60]), draw.choice([3, 5, 8, 12])
    voters = [v for v in reference.ballots(draw, ballots, people, candidates) if v]
    if set().union(*voters) != set(range(candidates)):
        return None
    groups = draw.randint(2, min(9, len(voters)))
    # Groups of very different sizes; each has a voter.
    of = list(range(groups)) + [min(int(draw.expovariate(1.0) * 2), groups - 1) for _ in voters[groups:]]
    draw.shuffle(of)
    # Some took part and approve nothing.
    took_part = [of.count(group) + draw.choice([0, 0, 1, 4]) for group in range(groups)]
    weights = [str(weight(kind, took_part[group], took_part)) for group in of]
    k = candidates if rule == "phragmen" else draw.randint(1, candidates)
    try:
        chosen = reference.order(rule, voters, weights, candidates, k)
    except ValueError:
        return None
    if len(set(chosen)) != k:
        return None
    return [rule, k, kind, took_part, of, [sorted(voter) for voter in voters], chosen]


def main():
    draw = random.Random(12)
    cases = []
    while len(cases) < CASES:
        made = case(draw, len(cases))
        if made:
            cases.append(json.dumps(made, separators=(",", ":")))
    with zipfile.ZipFile(HERE / "merge-reference-groups.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        packed.writestr(zipfile.ZipInfo("groups.json"), "[\n" + ",\n".join(cases) + "\n]\n", zipfile.ZIP_DEFLATED)


main()
