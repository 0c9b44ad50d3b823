// The list as files: Word, table, Markdown, JSON and paper, in six languages, with texts that want to be more than texts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { records } from '../harness/csv.mjs';
import { request } from '../harness/http.mjs';
import { itemOf } from '../harness/items.mjs';
import { refused } from '../harness/refusals.mjs';
import { scene } from '../harness/scene.mjs';
import { unzip } from '../harness/zip.mjs';

const ARABIC = 'التوعية الرقمية في المدارس';
const FORMULA = '=HYPERLINK("http://evil.example","x")';
const SCRIPT = '<script>alert(1)</script>\u2067gnp.exe';
const HEADINGS = { ar: 'التوصيات', en: 'Recommendations', es: 'Recomendaciones', fr: 'Recommandations', ru: 'Рекомендации', zh: '建议' };
const LANGUAGES = Object.keys(HEADINGS);

/** Six people in one group and two in another; an Arabic idea, one that looks like a formula, one with a script. */
async function listed(t, options = {}) {
  const stage = await scene(t, { groups: ['Harbour', 'Hills'], seats: 6, ...options });
  const [harbour, hills] = stage.groups;
  const ideas = [];
  for (const [text, group, lang] of [[ARABIC, harbour, 'ar'], [FORMULA, hills, 'en'], [SCRIPT, hills, 'en']]) {
    ideas.push(await stage.share(text, { group, lang, kind: 'recommendation' }));
  }
  await stage.phase('vote');
  for (const seat of harbour.seats) await stage.api.approve(seat.token, ideas[0].idea);
  for (const seat of hills.seats.slice(0, 2)) await stage.api.approve(seat.token, ideas[1].idea);
  for (const [index, group] of [harbour, hills, hills].entries()) await stage.promote(ideas[index].idea, { group });
  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'merge' });
  return { stage, harbour, hills, ideas };
}

const file = (stage, format, lang, headers) =>
  request(`${stage.server.url}/api/plenary/${stage.id}/export.${format}${lang ? `?lang=${lang}` : ''}`, { token: stage.editor, headers });

test('every file has its type and its name, and only who may read the list gets it', async (t) => {
  const { stage } = await listed(t);
  const kinds = {
    md: /^text\/markdown/,
    docx: /^application\/vnd\.openxmlformats-officedocument\.wordprocessingml\.document$/,
    csv: /^text\/csv/,
    json: /^application\/json/,
  };
  for (const [format, kind] of Object.entries(kinds)) {
    const answer = await stage.api.exported(stage.editor, stage.id, format);
    assert.match(answer.headers['content-type'], kind);
    assert.match(answer.headers['content-disposition'], new RegExp(`attachment; filename="[^"]+\\.${format}"`));
    assert.deepEqual((await file(stage, format)).bytes, answer.bytes, `${format}: the same list is the same file`);
    await refused(stage.api.exported('nobody', stage.id, format), 'unauthorized', format);
  }
  await stage.end();
});

test('headings and fixed sentences are in the language that is asked for', async (t) => {
  const { stage } = await listed(t);
  for (const lang of LANGUAGES) {
    const markdown = await file(stage, 'md', lang);
    assert.equal(markdown.headers['content-language'], lang);
    assert.ok(markdown.text.includes(`## ${HEADINGS[lang]}`), lang);
    assert.ok(unzip((await file(stage, 'docx', lang)).bytes).get('word/document.xml').includes(HEADINGS[lang]), lang);
    const json = JSON.parse((await file(stage, 'json', lang)).text);
    assert.equal(json.lang, lang);
    assert.equal(json.sections[0].section, 'recommendations', 'names for programs stay');
  }
  assert.ok((await file(stage, 'md', undefined, { 'accept-language': 'de, ru;q=0.8, en;q=0.5' })).text.includes(HEADINGS.ru));
  assert.ok((await file(stage, 'md', 'zh', { 'accept-language': 'ru' })).text.includes(HEADINGS.zh), 'the address comes first');
  assert.ok((await file(stage, 'md')).text.includes(HEADINGS.en));
  for (const lang of ['xx', '%3Cb%3E']) {
    const answer = await file(stage, 'md', lang);
    assert.equal(answer.status, 400, answer.text);
    assert.equal(JSON.parse(answer.text).code, 'malformed');
  }
  await stage.end();
});

test('Word: Arabic is right to left in its paragraph and in its letters', async (t) => {
  const { stage } = await listed(t);
  const parts = unzip((await file(stage, 'docx', 'en')).bytes);
  const document = parts.get('word/document.xml');
  const heading = document.split('<w:p>').find((paragraph) => paragraph.includes('"Heading2"') && paragraph.includes(ARABIC));
  assert.ok(heading.includes('<w:bidi/>') && heading.includes('<w:numPr>'), heading);
  assert.match(heading, /<w:rtl\/><w:lang w:bidi="ar"\/>/);
  assert.ok(document.includes('&lt;script&gt;') && !document.includes('\u2067'));
  assert.ok(unzip((await file(stage, 'docx', 'ar')).bytes).get('word/document.xml').includes('<w:bidi/></w:sectPr>'));
  await stage.end();
});

test('a table: one row per source, figures or some, and no formula', async (t) => {
  const { stage, ideas } = await listed(t);
  const csv = await file(stage, 'csv');
  assert.deepEqual([...csv.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'it begins with a byte order mark');
  const rows = records(csv.text);
  assert.equal(rows.length, 3);
  const [first, second] = rows;
  assert.deepEqual(
    [first.number, first.wording, first.source_group, first.source_language, first.support_people, first.item_id],
    ['1', ARABIC, 'Harbour', 'ar', '6', itemOf(ideas[0].idea)],
  );
  assert.deepEqual([second.source, second.support_people, second.source_votes], [`'${FORMULA}`, 'some', 'some']);
  for (const cell of rows.flatMap((row) => Object.values(row))) assert.doesNotMatch(cell, /^[\s"]*[=+\-@]/);
  await stage.end();
});

test('why here: in words when votes may be seen, and not at all before', async (t) => {
  const { stage } = await listed(t);
  const [first, second] = JSON.parse((await file(stage, 'json')).text).sections[0].listed;
  assert.match(first.why, /Approved by 6 people in 1 group\./);
  assert.match(second.why, /Approved by some people\./);
  assert.doesNotMatch(second.why, /\b2 people\b/);
  await stage.end();

  const secret = await scene(t, { groups: ['Harbour'], seats: 6 });
  const [harbour] = secret.groups;
  const { idea } = await secret.share('Still being voted on', { kind: 'recommendation' });
  await secret.phase('vote');
  for (const seat of harbour.seats) await secret.api.approve(seat.token, idea);
  await secret.promote(idea, { group: harbour });
  await secret.api.command(secret.organizer, { do: 'merge' });
  const [entry] = JSON.parse((await file(secret, 'json')).text).sections[0].listed;
  assert.deepEqual([entry.why, entry.support, entry.rank_by_votes, entry.paid_percent_by_group], [null, null, null, {}]);
  const word = unzip((await file(secret, 'docx')).bytes).get('word/document.xml');
  for (const text of [(await file(secret, 'md')).text, (await file(secret, 'csv')).text, word]) {
    assert.ok(text.includes('Still being voted on'));
    assert.doesNotMatch(text, /Approved|nothing else on the list|Why here/);
  }
  await secret.end();
});

test('on paper: nothing to press, nothing folded, small figures hidden; on the screen nothing is wider than it', async (t) => {
  const { stage } = await listed(t);
  const chrome = await browser(t);
  for (const locale of ['en-GB', 'ar']) {
    const one = await phone(chrome, `the editor in ${locale}`, { locale });
    const { pathname, hash } = new URL(stage.created.editor.url);
    await one.open(`${stage.server.url}${pathname}${hash}`);
    const item = one.page.locator('[data-test="plenary-item"]').nth(1);
    await item.waitFor();
    await item.locator('[data-test="why"] summary').click();
    await item.locator('[data-test="why-text"]').filter({ hasText: /\S/ }).waitFor();
    await one.fits('why here');
    const exact = await item.innerText();
    await one.page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await one.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const paper = await one.page.evaluate(() => ({
      pressed: [...document.querySelectorAll('button, input, textarea, select')].filter((one) => one.checkVisibility()).length,
      folded: document.querySelectorAll('main details:not([open])').length,
      paper: getComputedStyle(document.documentElement).backgroundColor,
      text: document.querySelector('[data-test="paper"]').innerText,
    }));
    assert.deepEqual([paper.pressed, paper.folded, paper.paper], [0, 0, 'rgb(255, 255, 255)']);
    for (const words of ['A consultation', 'Harbour', 'SHA-256', ARABIC]) assert.ok(paper.text.includes(words), words);
    assert.notEqual(await item.innerText(), exact, 'two people are some people on paper');
    await one.page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await one.page.emulateMedia({ media: 'screen' });
    assert.equal(await item.innerText(), exact, 'the screen is as it was');
    one.clean(stage.server);
  }
  await stage.end();
});
