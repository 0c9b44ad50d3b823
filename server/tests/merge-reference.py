"""Makes merge-reference.json: rankings by another implementation, in exact fractions.

    pip install abcvoting==2.19.2
    python3 merge-reference.py > merge-reference.json

Sequential Phragmén and the Method of Equal Shares (completed by Phragmén) of the abcvoting package, with its
"standard-fractions". It breaks ties by the lowest index; "tie_order" does the same here. Consultations are drawn with a
fixed seed: independent approvals, parties (many ties), one crowd beside small groups, people who agree almost; without
weights, with whole ones, with fractions, and with whole ones that floats cannot tell apart. Every candidate has a supporter,
because abcvoting ranks those without by their index and not last. Cases in which a time exceeds the k + 1 that abcvoting
takes for "never" are left out.

A case is [rule, k, weights or null, ballots, candidates in the order in which they were chosen].
"""

import json
import random
from fractions import Fraction

from abcvoting import abcrules
from abcvoting.preferences import Profile, Voter

EXACT = "standard-fractions"


def ballots(draw, kind, people, candidates):
    everyone = list(range(candidates))
    if kind == "independent":
        share = draw.choice([0.15, 0.3, 0.5])
        return [{c for c in everyone if draw.random() < share} for _ in range(people)]
    if kind == "parties":
        parties = draw.randint(2, 4)
        lists = [{c for c in everyone if c % parties == p} for p in range(parties)]
        return [set(draw.choice(lists)) for _ in range(people)]
    if kind == "crowd":
        crowd = set(draw.sample(everyone, max(1, candidates // 2)))
        return [set(crowd) if n < people * 2 // 3 else {draw.choice(everyone)} for n in range(people)]
    base = set(draw.sample(everyone, max(1, candidates // 2)))
    return [base ^ {draw.choice(everyone)} for _ in range(people)]


def weights(draw, kind, people):
    if kind == "none":
        return None
    if kind == "whole":
        return [str(draw.randint(1, 5)) for _ in range(people)]
    if kind == "fractions":
        return [f"{draw.randint(1, 30)}/{draw.randint(1, 12)}" for _ in range(people)]
    return [str(10**12 + draw.randint(0, 2)) for _ in range(people)]


def order(rule, voters, weight, candidates, k):
    profile = Profile(candidates)
    for voter, given in zip(voters, weight or ["1"] * len(voters)):
        profile.add_voter(Voter(sorted(voter), weight=Fraction(given)))
    if rule == "phragmen":
        _, detail = abcrules._seqphragmen_resolute(profile, k, EXACT)
        return detail["next_cand"]
    _, detail = abcrules._equal_shares_algorithm(profile, k, EXACT, resolute=True)
    rest = detail["phragmen_phase"]["next_cand"] if "phragmen_phase" in detail else []
    return detail["next_cand"] + rest


def main():
    draw = random.Random(4)
    lines = []
    while len(lines) < 480:
        rule = ["phragmen", "equal-shares"][len(lines) % 2]
        kind = ["independent", "parties", "crowd", "almost"][len(lines) // 2 % 4]
        weighing = ["none", "whole", "fractions", "close"][len(lines) // 8 % 4]
        people = draw.choice([3, 5, 8, 12, 20, 40])
        candidates = draw.choice([3, 5, 8, 12, 16])
        voters = [v for v in ballots(draw, kind, people, candidates) if v]
        if set().union(*voters) != set(range(candidates)):
            continue
        k = candidates if rule == "phragmen" else draw.randint(1, candidates)
        weight = weights(draw, weighing, len(voters))
        try:
            chosen = order(rule, voters, weight, candidates, k)
        except ValueError:
            continue
        if len(set(chosen)) == k:
            case = [rule, k, weight, [sorted(voter) for voter in voters], chosen]
            lines.append(json.dumps(case, separators=(",", ":")))
    print("[\n" + ",\n".join(lines) + "\n]")


if __name__ == "__main__":
    main()
