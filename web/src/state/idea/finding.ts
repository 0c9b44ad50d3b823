/** Finds the cards that have certain words, in an idea or one of its translations, whatever their case, accents or digits. */
import type { Card } from './ideaCard';

/** First digits of the scripts in which people of our languages write numbers: Arabic, Persian, Devanagari. */
const zeros = [0x0660, 0x06f0, 0x0966];

/** A text as it is compared: without case and marks, and with Latin digits. */
export function folded(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = zeros.find((first) => code >= first && code < first + 10);
    return zero === undefined ? digit : String(code - zero);
  });
}

/** What is compared of each card, kept because a card stays the same object until something of it changes. */
const known = new WeakMap<Card, string[]>();

function textsOf(card: Card): string[] {
  const before = known.get(card);
  if (before !== undefined) return before;
  const { text, tr, folded: others } = card;
  const texts = [text, ...Object.values(tr ?? {}), ...others.map((idea) => idea.text)].map(folded);
  known.set(card, texts);
  return texts;
}

/** Cards that have each of these words in one text, in their order. */
export function withWords(cards: readonly Card[], asked: string): Card[] {
  const words = folded(asked)
    .split(/\s+/u)
    .filter((word) => word !== '');
  return cards.filter((card) => textsOf(card).some((text) => words.every((word) => text.includes(word))));
}
