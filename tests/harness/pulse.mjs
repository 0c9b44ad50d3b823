// How two neighbours fare: at a steady pace one types a mark, and it is measured when the other one has it.

import { until } from './until.mjs';

/**
 * Types `count` marks, one every `everyMs`; gives the sorted times until they arrived, in milliseconds. With `tidy` each mark
 * is taken away when it has arrived, so that the text is what it was.
 */
export async function pulse({ one, two, idea }, { count, everyMs, tidy = false, within = 30_000 }) {
  const begun = new Map();
  const taken = [];
  const look = () => {
    const now = performance.now();
    const words = two.words(idea);
    for (const [mark, at] of begun) {
      if (!words.includes(mark)) continue;
      taken.push(now - at);
      begun.delete(mark);
      if (tidy) one.erase(idea, mark);
    }
  };
  two.doc.on('update', look);
  let typed = 0;
  const timer = setInterval(() => {
    typed += 1;
    if (typed === count) clearInterval(timer);
    const mark = `‹${typed.toString(36)}›`;
    if (!tidy && typed % 50 === 1) one.text(idea).delete(0, one.text(idea).length);
    begun.set(mark, performance.now());
    one.type(idea, mark);
  }, everyMs);
  try {
    await until(() => `${count} marks arrive; ${taken.length} have`, () => taken.length === count, { within });
  } finally {
    clearInterval(timer);
    two.doc.off('update', look);
  }
  return taken.sort((a, b) => a - b);
}

/** The time within which this share of them arrived. */
export function percentile(times, share) {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))];
}

/** In words: how it was before and during something, and the ratio. */
export function compared(before, during, shares = [0.5, 0.95]) {
  const line = (share) => {
    const [calm, busy] = [percentile(before, share), percentile(during, share)];
    return `p${share * 100} ${calm.toFixed(1)} → ${busy.toFixed(1)} ms (× ${(busy / calm).toFixed(2)})`;
  };
  return shares.map(line).join(', ');
}
