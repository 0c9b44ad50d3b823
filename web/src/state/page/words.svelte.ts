/**
 * The words on the screen, in the reader's language. Keys are typed from `en.json`; each language is one lazy file.
 * A value is a text, or one text per plural form. What people wrote is set apart with isolates, so that a Latin name
 * in an Arabic sentence does not turn it around.
 */
import type en from '../../text/en.json';
import type { LocalText } from '../../wire/proto';
import { saved } from '../../wire/saved';

export type Key = keyof typeof en;
type Plural = Partial<Record<Intl.LDMLPluralRule, string>>;
export type Table = Record<Key, string | Plural>;

export const languages = {
  en: 'English',
  fr: 'Français',
  es: 'Español',
  ru: 'Русский',
  ar: 'العربية',
  zh: '中文',
};
export type Language = keyof typeof languages;

const loaders: Record<Language, () => Promise<{ default: unknown }>> = {
  en: () => import('../../text/en.json'),
  fr: () => import('../../text/fr.json'),
  es: () => import('../../text/es.json'),
  ru: () => import('../../text/ru.json'),
  ar: () => import('../../text/ar.json'),
  zh: () => import('../../text/zh.json'),
};

const isLanguage = (tag: string): tag is Language => tag in languages;

/** The first of these tags that there are words for. */
export function guessLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const base = tag.toLowerCase().split('-')[0] ?? '';
    if (isLanguage(base)) return base;
  }
  return 'en';
}

/** A formatter of each language, made once: to make one takes longer than to fill a whole card. */
function once<T>(make: (language: string) => T): (language: string) => T {
  const made = new Map<string, T>();
  return (language) => {
    const known = made.get(language) ?? make(language);
    made.set(language, known);
    return known;
  };
}
const numbersOf = once((language) => new Intl.NumberFormat(language));
const pluralsOf = once((language) => new Intl.PluralRules(language));

/** Puts values into a text; plural forms are chosen by `n`. */
export function fill(
  entry: string | Plural,
  language: string,
  values: Record<string, string | number>,
): string {
  let text = typeof entry === 'string' ? entry : undefined;
  if (typeof entry !== 'string') {
    const form = pluralsOf(language).select(Number(values['n'] ?? 0));
    text = entry[form] ?? entry.other;
  }
  return (text ?? '').replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) return '';
    return typeof value === 'number' ? numbersOf(language).format(value) : isolated(value);
  });
}

const [firstStrongIsolate, popIsolate] = [0x2068, 0x2069].map((code) => String.fromCodePoint(code));

/** Sets what people wrote apart from the sentence around it. */
export function isolated(text: string): string {
  return `${firstStrongIsolate ?? ''}${text}${popIsolate ?? ''}`;
}

class Words {
  language = $state.raw<Language>('en');
  #table = $state.raw<Table | null>(null);

  /** Loads the language that was chosen here before, or the browser's. */
  async start(): Promise<void> {
    const kept = saved.get<string>('language');
    await this.#load(kept !== null && isLanguage(kept) ? kept : guessLanguage(navigator.languages));
  }

  async choose(language: Language): Promise<void> {
    await this.#load(language);
    saved.set('language', language);
  }

  async #load(language: Language): Promise<void> {
    const { default: table } = await loaders[language]();
    this.#table = table as Table;
    this.language = language;
    document.documentElement.lang = language;
    document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
  }

  say(key: Key, values: Record<string, string | number> = {}): string {
    const entry = this.#table?.[key];
    return entry === undefined ? '' : fill(entry, this.language, values);
  }

  number(value: number): string {
    return numbersOf(this.language).format(value);
  }

  /** How long something is, in its largest whole unit: 3 days, 2 hours, 40 minutes. */
  span(milliseconds: number): string {
    const units = [
      ['day', 86_400_000],
      ['hour', 3_600_000],
      ['minute', 60_000],
    ] as const;
    const [unit, size] = units.find(([, size]) => milliseconds >= size) ?? ['minute', 60_000];
    const format = { style: 'unit', unit, unitDisplay: 'long' } as const;
    return new Intl.NumberFormat(this.language, format).format(Math.max(1, Math.floor(milliseconds / size)));
  }

  /** A moment as the reader's own clock on the wall shows it; with the day when it is another than today's. */
  moment(at: number): string {
    const day = new Intl.DateTimeFormat(this.language, { dateStyle: 'full' });
    const today = day.format(at) === day.format(Date.now());
    const style = today
      ? { timeStyle: 'short' as const }
      : { dateStyle: 'medium' as const, timeStyle: 'short' as const };
    return new Intl.DateTimeFormat(this.language, style).format(at);
  }

  percent(share: number): string {
    return new Intl.NumberFormat(this.language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
  }

  list(parts: string[]): string {
    return new Intl.ListFormat(this.language, { type: 'conjunction' }).format(parts);
  }

  /** What stands between two sentences. */
  get gap(): string {
    return this.language === 'zh' ? '' : ' ';
  }

  /** A language as its tag says, in words. */
  languageName(tag: string): string {
    try {
      return new Intl.DisplayNames(this.language, { type: 'language' }).of(tag) ?? tag;
    } catch {
      // Tags come from other phones.
      return tag;
    }
  }

  /** A text of the organizer, in this language or the nearest there is. */
  of(text: LocalText): string {
    if (typeof text === 'string') return text;
    return text[this.language] ?? text['en'] ?? Object.values(text)[0] ?? '';
  }
}

export const words = new Words();
export const say = (key: Key, values?: Record<string, string | number>): string => words.say(key, values);
