/**
 * Which letters of people's texts a page sends and shows: the likeness of `proto/src/text/letters.rs` (rule B8), tested with the
 * same table of cases.
 */
import { BREAKS_MAX, MARKS_MAX } from './constants';

const tagsAndFlags = /(\u{1F3F4}[\u{E0020}-\u{E007F}]*)|[\u{E0020}-\u{E007F}]/gu;
const breaks = /\r\n?|[\v\f\u0085\u2028\u2029]/gu;
/** Letters that act: controls, what turns the order of a line around. */
const acting = /(?![\n\t])[\p{Cc}\u202A-\u202E\uFFF9-\uFFFB]/gu;
/** Letters that nobody sees and no text needs. The space of no width is not among them: Khmer and Thai need it. */
const hidden =
  /\u034F|\u00AD|[\u17B4-\u17B5]|[\u115F-\u1160\u3164\uFEFF\uFFA0\u2060-\u206F\uFFF0-\uFFFC\u{E0000}-\u{E001F}\u{E0080}-\u{E00FF}\u{E01F0}-\u{E0FFF}\p{Noncharacter_Code_Point}]/gu;
const without =
  /[\s\p{Cc}\p{M}]|[\u061C\u180E\u200B-\u200F\u2800\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0020}-\u{E007F}]/gu;

/** What a page keeps of what somebody types or pastes, before it is shown to anybody: nothing that acts or hides. */
export function typed(text: string): string {
  const flags = text.replace(tagsAndFlags, (_, flag: string | undefined) => flag ?? '');
  return fewBreaks(flags.replace(breaks, '\n').replace(acting, '').replace(hidden, ''));
}

/** Is there nothing in it that can be seen? */
export function saysNothing(text: string): boolean {
  return text.replace(acting, '').replace(hidden, '').replace(without, '') === '';
}

/** At most two empty lines in a row. */
function fewBreaks(text: string): string {
  if (text.split('\n').length <= BREAKS_MAX + 1) return text;
  let count = 0;
  let out = '';
  for (const letter of text) {
    if (letter === '\n') count += 1;
    else if (!saysNothing(letter)) count = 0;
    if (letter !== '\n' || count <= BREAKS_MAX) out += letter;
  }
  return out;
}

/** Marks beyond what any script puts on one letter, with or without joiners between them. */
const piled = new RegExp(`((?:\\p{M}[\\u200C\\u200D]*){${String(MARKS_MAX)}})[\\p{M}\\u200C\\u200D]+`, 'gu');

/** The text with at most six marks on a letter. */
export const fewMarks = (text: string): string => text.replace(piled, '$1');

// Overrides, embeddings, isolates, zero-width fillers.
const turning = /[\u200B\u202A-\u202E\u2060-\u206F\uFEFF]/g;

/** What of people's texts is shown on the list and on paper. */
export const shownLetters = (text: string): string => fewMarks(text.replace(turning, ''));
