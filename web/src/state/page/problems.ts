/** The words for a refusal, in the reader's language. */
import type { Code } from '../../wire/proto';
import { secondsToWait } from '../../wire/wait';
import { notices } from './notices.svelte';
import { say, type Key } from './words.svelte';

export function problemText(code: Code | 'offline'): string {
  const seconds = code === 'too-fast' ? secondsToWait() : null;
  if (seconds !== null) return say('problem.too-fast-for', { n: seconds });
  const key = `problem.${code}` as Key;
  return say(key) || say('problem.unavailable');
}

/** Says at the lower edge that something was refused; that all was deleted the whole screen says. */
export function tellProblem(code: Code | 'offline'): void {
  if (code !== 'purged') notices.tell(problemText(code), { tone: 'warn' });
}
