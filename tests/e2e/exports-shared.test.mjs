// An export is made once for all who ask, and never says what its consultation does not say any more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request } from '../harness/http.mjs';
import { neighbours } from '../harness/neighbours.mjs';
import { compared, pulse } from '../harness/pulse.mjs';
import { scene } from '../harness/scene.mjs';
import { KEY } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { itemOf } from '../harness/items.mjs';

const ASKING = 50;
const ENTRIES = 6;
const LETTERS = { count: 40, everyMs: 60 };

const exportsOf = async (stage) => (await stage.api.json('/api/health', { token: KEY })).exports;

/** A list of promoted ideas. */
async function listed(t, texts) {
  const stage = await scene(t, { seats: 10 });
  const ideas = [];
  for (const [n, text] of texts.entries()) {
    const group = stage.groups[n % 2];
    ideas.push((await stage.share(text, { group, seat: group.seats[Math.floor(n / 2) % 10] })).idea);
  }
  await stage.phase('vote');
  for (const [n, idea] of ideas.entries()) await stage.promote(idea, { group: stage.groups[n % 2] });
  await stage.api.command(stage.organizer, { do: 'merge' });
  return { stage, ideas };
}

test('fifty people ask for one file: it is made once, and letters go on meanwhile', async (t) => {
  const { stage } = await listed(t, Array.from({ length: ENTRIES }, (_, n) => `Entry number ${n}: ${'a street with lights '.repeat(20)}`));
  const other = await scene(t, { server: stage.server });
  const near = await neighbours(other);
  const quiet = await pulse(near, LETTERS);
  const during = pulse(near, LETTERS);
  const files = await Promise.all(Array.from({ length: ASKING }, () => stage.api.exported(stage.organizer, stage.id, 'docx')));
  assert.deepEqual(await exportsOf(stage), { asked: ASKING, made: 1 });
  assert.equal(new Set(files.map((file) => file.text)).size, 1);
  t.diagnostic(`letters elsewhere while ${ASKING} ask: ${compared(quiet, await during)}`);
  await near.check('exports');
  // Another format and another language are other files; the same again are not.
  await stage.api.exported(stage.editor, stage.id, 'md');
  await stage.api.exported(stage.editor, stage.id, 'md?lang=fr');
  await stage.api.exported(stage.editor, stage.id, 'md?lang=fr');
  assert.deepEqual(await exportsOf(stage), { asked: ASKING + 3, made: 3 });
});

test('what was hidden, reworded or purged is in no file that is given out afterwards', async (t) => {
  const { stage, ideas } = await listed(t, ['My number is 079 555 99 88', 'Lights in every street', 'A house for the young']);
  const text = async () => (await stage.api.exported(stage.editor, stage.id, 'md')).text;
  assert.match(await text(), /079 555 99 88/);
  await stage.api.command(stage.organizer, { do: 'hide', idea: ideas[0], reason: 'personal-data', erase: true });
  assert.doesNotMatch(await text(), /079 555 99 88/);
  await stage.phase('plenary');
  // Letters of staff in the list change what is said as well, without any decision.
  await stage.api.command(stage.editor, { do: 'reword', item: itemOf(ideas[1]) });
  const editor = await stage.hocuspocus(stage.staff(stage.editor, `plenary/${stage.id}`));
  const wording = () => editor.doc.getMap('items').get(itemOf(ideas[1]))?.get('wording');
  await until('the editor has the wording', () => wording()?.toString() === 'Lights in every street');
  assert.match(await text(), /Lights in every street/);
  wording().insert(0, 'Lamps, and ');
  await editor.recorded();
  assert.match(await text(), /Lamps, and Lights in every street/);
  await stage.api.command(stage.organizer, { do: 'purge', confirm: 'A consultation' });
  const gone = await request(`${stage.server.url}/api/plenary/${stage.id}/export.md`, { token: stage.organizer });
  assert.ok([401, 404, 410].includes(gone.status), `${gone.status}`);
});
