import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fill, guessLanguage } from '../src/state/page/words.svelte';

type Entry = string | Record<string, string>;
const folder = new URL('../src/text/', import.meta.url);
const read = (language: string): Record<string, Entry> =>
  JSON.parse(readFileSync(new URL(`${language}.json`, folder), 'utf8'));
const languages = ['en', 'fr', 'es', 'ru', 'ar', 'zh'];
const english = read('en');
const names = (text: string): string => (text.match(/\{\w+\}/g) ?? []).sort().join();

describe.each(languages)('the words in %s', (language) => {
  const table = read(language);

  it('are all there, none too many, in the order of the English ones', () => {
    expect(Object.keys(table)).toEqual(Object.keys(english));
  });

  it('have every plural form of the language', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort();
    for (const [key, entry] of Object.entries(table)) {
      expect(typeof entry, key).toBe(typeof english[key]);
      if (typeof entry !== 'string') expect(Object.keys(entry).sort(), key).toEqual(forms);
    }
  });

  it('have the places for values that the English ones have', () => {
    for (const [key, entry] of Object.entries(table)) {
      const original = english[key] ?? '';
      if (typeof entry === 'string' && typeof original === 'string')
        expect(names(entry), key).toBe(names(original));
      if (typeof entry !== 'string' && typeof original !== 'string')
        expect(names(entry['other'] ?? ''), key).toBe(names(original['other'] ?? ''));
    }
  });

  it('are not empty', () => {
    for (const entry of Object.values(table).flatMap((each) =>
      typeof each === 'string' ? each : Object.values(each),
    ))
      expect(entry.trim()).not.toBe('');
  });
});

describe('words with numbers', () => {
  const say = (language: string, key: string, n: number): string =>
    fill(read(language)[key] ?? '', language, { n });

  it('choose the right form', () => {
    expect(say('en', 'ideas.count', 1)).toBe('1 idea');
    expect(say('en', 'ideas.count', 0)).toBe('0 ideas');
    expect([1, 3, 5, 21, 22, 111].map((n) => say('ru', 'ideas.count', n))).toEqual([
      '1 идея',
      '3 идеи',
      '5 идей',
      '21 идея',
      '22 идеи',
      '111 идей',
    ]);
    expect(say('ar', 'ideas.count', 2)).toBe('فكرتان');
    expect(say('fr', 'ideas.count', 0)).toBe('0 idée');
    expect(say('zh', 'ideas.count', 7)).toBe('7 条想法');
  });

  it('set names apart, so that they do not turn a sentence around', () => {
    expect(fill('رمز {code} هنا', 'ar', { code: 'ABC' })).toBe('رمز \u2068ABC\u2069 هنا');
  });

  it('are guessed from what the browser prefers', () => {
    expect(guessLanguage(['de-AT', 'ar-EG', 'en'])).toBe('ar');
    expect(guessLanguage(['de'])).toBe('en');
  });
});

describe('every text', () => {
  it('is said somewhere', () => {
    const files = readdirSync(new URL('../src/', import.meta.url), { recursive: true, encoding: 'utf8' });
    const source = files
      .filter((name) => /\.(ts|svelte)$/.test(name))
      .map((name) => readFileSync(new URL(`../src/${name}`, import.meta.url), 'utf8'))
      .join('\n');
    const composed =
      /^((problem|ranking|kind|phase|saved|status|section|statement|fate|did|worded|role|certificate|entry|card-state|found|prepare|missing|wrong|links|safe\.state|conduct\.only)\.|(board|list)\.(nearly-)?full$)/;
    const unsaid = Object.keys(english).filter((key) => !composed.test(key) && !source.includes(`'${key}'`));
    expect(unsaid).toEqual([]);
  });
});
