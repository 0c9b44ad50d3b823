// How two neighbours fare: at a steady pace one types a mark, and it is measured when the other one has it.

import { until } from './until.mjs';

/** Types `count` marks, one every `everyMs`; gives the sorted times until they arrived, in milliseconds. */
export async function pulse({ one, two, idea }, { count, everyMs }) {
  const begun = new Map();
  const taken = [];
  const look = () => {
    const now = performance.now();
    const words = two.words(idea);
    for (const [mark, at] of begun) {
      if (!words.includes(mark)) continue;
      taken.push(now - at);
      begun.delete(mark);
    }
  };
  two.doc.on('update', look);
  let typed = 0;
  const timer = setInterval(() => {
    typed += 1;
    if (typed === count) clearInterval(timer);
    const mark = `‹${typed.toString(36)}›`;
    if (typed % 50 === 1) one.text(idea).delete(0, one.text(idea).length);
    begun.set(mark, performance.now());
    one.type(idea, mark);
  }, everyMs);
  try {
    await until(() => `${count} marks arrive; ${taken.length} have`, () => taken.length === count, { within: 30_000 });
  } finally {
    clearInterval(timer);
    two.doc.off('update', look);
  }
  return taken.sort((a, b) => a - b);
}

/** In words: how it was before and during something, and the ratio. */
export function compared(before, during) {
  const at = (times, share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  const line = (share) => {
    const [calm, busy] = [at(before, share), at(during, share)];
    return `p${share * 100} ${calm.toFixed(1)} → ${busy.toFixed(1)} ms (× ${(busy / calm).toFixed(2)})`;
  };
  return `${line(0.5)}, ${line(0.95)}`;
}
