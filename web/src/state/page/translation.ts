/** What somebody wrote, in the language of its reader: the translation, what made it, and whether the words changed since. */
import type { Translation } from '../../wire/proto';
import { wordsRead } from '../../wire/read';

export { wordsRead };

export type Translations = Readonly<Record<string, Translation>>;

export interface Translated {
  /** The tag under which it is kept. */
  lang: string;
  text: string;
  machine: boolean;
  /** It says what other words said: those of before. */
  earlier: boolean;
  /** How often it was replaced. */
  n: number;
}

export const primary = (tag: string): string => tag.split('-')[0] ?? '';

/** The words in this language; none where they are in it themselves, or nobody translated them. */
export function inLanguage(
  { text, lang }: { text: string; lang: string },
  translations: Translations | undefined,
  language: string,
): Translated | null {
  if (translations === undefined || primary(lang) === language) return null;
  const tag = Object.keys(translations).find((tag) => tag === language || primary(tag) === language);
  const found = tag === undefined ? undefined : translations[tag];
  if (tag === undefined || found === undefined || found.text === '') return null;
  const earlier = found.of !== undefined && found.of !== wordsRead(text);
  return { lang: tag, text: found.text, machine: found.machine ?? false, earlier, n: found.n ?? 0 };
}

/** What is said beside a translation. */
export function markOf({
  machine,
  earlier,
}: Translated): 'tr.translated' | 'tr.machine' | 'tr.translated-earlier' | 'tr.machine-earlier' {
  if (machine) return earlier ? 'tr.machine-earlier' : 'tr.machine';
  return earlier ? 'tr.translated-earlier' : 'tr.translated';
}
