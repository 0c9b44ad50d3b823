/**
 * The minutes of the discussion points, divided anew when the opening took longer than planned: in proportion to what
 * was planned, whole minutes that sum up to what is left, at least one each while there are enough.
 */
export function divide(planned: readonly number[], minutes: number): number[] {
  if (planned.length === 0) return [];
  const total = Math.max(0, Math.floor(minutes));
  const sum = planned.reduce((all, each) => all + Math.max(0, each), 0);
  // Nothing planned: all alike.
  const weights = planned.map((each) => (sum === 0 ? 1 : Math.max(0, each)));
  const weight = sum === 0 ? planned.length : sum;
  const least = total >= planned.length ? 1 : 0;
  const rest = total - least * planned.length;
  // Each has its least; what is beyond goes to who is farthest below the own share.
  const shares = weights.map((each) => (total * each) / weight);
  const given = shares.map((share) => Math.max(least, Math.floor(share)));
  let over = given.reduce((all, each) => all + each, 0) - (least * planned.length + rest);
  const order = shares.map((_, at) => at);
  while (over < 0) {
    const behind = order.reduce((a, b) => (gap(b) > gap(a) ? b : a), 0);
    given[behind] = (given[behind] ?? 0) + 1;
    over += 1;
  }
  while (over > 0) {
    // Those that were lifted to one minute took it from the longest.
    const ahead = order
      .filter((at) => (given[at] ?? 0) > least)
      .reduce((a, b) => (gap(b) < gap(a) ? b : a), order.find((at) => (given[at] ?? 0) > least) ?? 0);
    given[ahead] = (given[ahead] ?? 0) - 1;
    over -= 1;
  }
  return given;

  function gap(at: number): number {
    return (shares[at] ?? 0) - (given[at] ?? 0);
  }
}

/** The plan with the points from this one on divided anew; those before stay. */
export function divideFrom(planned: readonly number[], from: number, minutes: number): number[] {
  return [...planned.slice(0, from), ...divide(planned.slice(from), minutes)];
}
