/** One word for one thing in each language, and one manner of address: `src/text/README.md` says which. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Entry = string | Record<string, string>;
const at = (path: string): URL => new URL(path, import.meta.url);
const page = readFileSync(at('../src/text/README.md'), 'utf8');
const languages = ['fr', 'es', 'ru', 'ar', 'zh'];

/** The rows of the table under a heading. */
function rows(heading: string): string[][] {
  const part = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = part.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** A word of the page as a pattern: `…` is any letters, and a word ends where letters end. */
function pattern(word: string, language: string): RegExp {
  const free = language === 'zh';
  const begins = free || language === 'ar' || word.startsWith('…') ? '' : '(?<!\\p{L})';
  const ends = free || word.endsWith('…') ? '' : '(?![\\p{L}\\p{M}])';
  return new RegExp(`${begins}${word.replaceAll('…', '')}${ends}`, 'iu');
}

const unwanted = rows('Words that are not used').flatMap(([language = '', words = '', why = '']) =>
  words.split(', ').map((word) => ({ language, why, word, pattern: pattern(word, language) })),
);

/** Every text of a language: screens, files that people save, and the templates that everybody begins with. */
function texts(language: string): [string, string][] {
  const screens = JSON.parse(readFileSync(at(`../src/text/${language}.json`), 'utf8')) as Record<
    string,
    Entry
  >;
  const server = '../../server/src';
  const files = JSON.parse(
    readFileSync(at(`${server}/plenary/export/text/${language}.json`), 'utf8'),
  ) as Record<string, Entry>;
  const templates = readdirSync(at(`${server}/consultation/prepare/template/`)).filter((name) =>
    name.endsWith('.json'),
  );
  const prepared = templates.flatMap((name) =>
    localTexts(
      JSON.parse(readFileSync(at(`${server}/consultation/prepare/template/${name}`), 'utf8')),
      language,
    ),
  );
  const flat = ([key, entry]: [string, Entry]): [string, string][] =>
    typeof entry === 'string' ? [[key, entry]] : Object.values(entry).map((text) => [key, text]);
  return [
    ...Object.entries(screens).flatMap(flat),
    ...Object.entries(files).flatMap(flat),
    ...prepared.map((text): [string, string] => ['template', text]),
  ];
}

function localTexts(value: unknown, language: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === language && typeof inner === 'string' ? [inner] : localTexts(inner, language),
  );
}

describe.each(languages)('the texts in %s', (language) => {
  it('use no second word for one thing, and one manner of address', () => {
    const wrong = texts(language).flatMap(([key, text]) =>
      unwanted
        .filter((each) => each.language === language && each.pattern.test(text))
        .map(({ word, why }) => `${key}: “${word}” in “${text}” (${why})`),
    );
    expect(wrong).toEqual([]);
  });

  it('have a word for every term', () => {
    const column = languages.indexOf(language) + 1;
    const all = texts(language)
      .map(([, text]) => text.toLowerCase())
      .join('\n');
    for (const row of rows('The words')) {
      const stems = (row[column] ?? '').split(/[,、،(]/).map((word) => word.trim());
      const known = stems.some((stem) => stem !== '' && all.includes(stem.toLowerCase().slice(0, 5)));
      expect(known, `${row[0]}: ${row[column]}`).toBe(true);
    }
  });
});

/** What the section “Marks” of the page refuses, in each language. */
const wrongMarks: Readonly<Record<string, RegExp>> = {
  en: /['"]|\.\.\./u,
  fr: /['"“”]|\.\.\.|(?<!\u202f)[;!?]|(?<![\u00a0\d]):(?!\/\/)|«(?!\u00a0)|(?<!\u00a0)»/u,
  es: /['"]|\.\.\.|^[^¿]*\?|^[^¡]*!/u,
  ru: /['"“”]|\.\.\./u,
  ar: /['"]|\.\.\.|[?;]|,(?!\d)/u,
  zh: /['"]|\.\.\.|\p{Script=Han}[,;:?!()]|[,;:?!()]\p{Script=Han}|(?<!…)…(?!…)/u,
};

describe.each(Object.keys(wrongMarks))('the marks in %s', (language) => {
  it('are those of the language', () => {
    const wrong = texts(language).filter(([, text]) => wrongMarks[language]?.test(text));
    expect(wrong).toEqual([]);
  });
});

describe('the glossary', () => {
  it('refuses what it says', () => {
    const refused = (text: string, language: string): string[] =>
      unwanted
        .filter((each) => each.language === language && each.pattern.test(text))
        .map(({ word }) => word);
    expect(refused('Posez votre question', 'fr')).toEqual(['votre', '…ez']);
    expect(refused('أخفى مدير الجلسة اللوح.', 'ar')).toEqual(['مدير الجلسة', 'اللوح']);
    expect(refused('أخفى الميسّر اللوحة كلها', 'ar')).toEqual([]);
    expect(refused('Das ist твоя идея', 'ru')).toEqual(['твоя']);
    expect(refused('您在门口', 'zh')).toEqual(['您']);
    expect(refused('su asiento', 'es')).toEqual(['asiento…']);
  });

  it('refuses marks of other languages', () => {
    const wrong = { fr: "l'idée", es: 'Seguro?', ru: '“так”', ar: 'أين?', zh: '打开看板…', en: "It's" };
    for (const [language, text] of Object.entries(wrong)) expect(text).toMatch(wrongMarks[language] ?? /^$/);
    const right = {
      fr: 'l’idée\u202f? «\u00a0Oui\u00a0»\u00a0: 10:30',
      es: '¿Seguro?',
      ar: 'أين؟',
      zh: '打开看板……（是）',
    };
    for (const [language, text] of Object.entries(right))
      expect(text).not.toMatch(wrongMarks[language] ?? /^/);
  });
});
