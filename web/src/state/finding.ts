/** Finds the cards that have certain words, in an idea or one of its translations, whatever their case. */
import type { Card } from './ideaCard';

/** Cards that have each of these words, in their order. */
export function withWords(cards: readonly Card[], asked: string): Card[] {
  const words = asked
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  const has = (text: string): boolean => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
  const any = ({ text, tr, folded }: Card): boolean =>
    has(text) || Object.values(tr ?? {}).some(has) || folded.some((idea) => has(idea.text));
  return cards.filter(any);
}
