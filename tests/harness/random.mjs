// Chance that can be repeated: a small generator with a seed that is printed when something fails.

/** Numbers from a seed (the mulberry32 generator): `below(n)` is a whole number from 0 to n - 1. */
export function seeded(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound) => Math.floor(next() * bound);
  return { seed, below, pick: (list) => list[below(list.length)] };
}

/** The seed from the environment, or a new one. */
export function seedOf(name = 'PLENUM_TEST_SEED') {
  return process.env[name] ? Number(process.env[name]) : Math.floor(Math.random() * 2 ** 32);
}
