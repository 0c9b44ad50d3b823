/** What of people's texts is shown on the list and on paper: nothing that turns a line around, hides, or piles up. */

// Overrides, embeddings, isolates, zero-width fillers; and marks beyond what any script puts on one letter.
const turning = /[\u200B\u202A-\u202E\u2060-\u206F\uFEFF]/g;
const piled = /(\p{M}{6})[\p{M}\u200C\u200D]+/gu;

export const shownLetters = (text: string): string => text.replace(turning, '').replace(piled, '$1');
