/** The words for a refusal, in the reader's language. */
import type { Code } from '../../wire/proto';
import { say, type Key } from './words.svelte';

export function problemText(code: Code | 'offline'): string {
  const key = `problem.${code}` as Key;
  return say(key) || say('problem.unavailable');
}
