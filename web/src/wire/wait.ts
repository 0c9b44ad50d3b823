/**
 * How long somebody must wait who was too fast, as the server said it last. A refusal is shown in the moment in which it came, in
 * many places of the page: they all say the same seconds.
 */
import type { Problem } from './proto';

let until = 0;

/** Takes in a refusal; one that does not say how long means a moment. */
export function noteWait({ code, wait }: Problem, now = performance.now()): void {
  if (code === 'too-fast') until = wait === undefined ? 0 : now + wait * 1_000;
}

/** Whole seconds from now on; `null`: a moment. */
export function secondsToWait(now = performance.now()): number | null {
  const left = Math.ceil((until - now) / 1_000);
  return left > 0 ? left : null;
}
