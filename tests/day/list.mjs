// The end of the model day: the list, its export against the test's own notes, what everybody hears, and the purge.

import assert from 'node:assert/strict';
import { findings } from '../harness/purge.mjs';
import { until } from '../harness/until.mjs';
import { GROUPS, PHONES, PROMOTED } from './common.mjs';

/** People of fewer than this are not counted out in what leaves the house. */
const SOME = 5;

/** The list is built, an editor works on it, and it is frozen. */
export async function plenary(day) {
  const { stage } = day;
  await stage.api.command(stage.organizer, { do: 'phase', phase: 'plenary', minutes: 15 });
  await stage.api.command(stage.editor, { do: 'merge' });
  const { items } = await stage.api.plenary(stage.editor, stage.id);
  const item = items.find((one) => one.section === 'recommendations');
  await stage.api.command(stage.editor, { do: 'reword', item: item.id });
  const editor = await stage.hocuspocus(stage.staff(stage.editor, `plenary/${stage.id}`));
  const wording = () => editor.doc.getMap('items').get(item.id)?.get('wording');
  await until('the wording is filled in', () => wording()?.toString() === item.text);
  wording().insert(0, 'We ask the Member States: ');
  await editor.recorded();
  await stage.api.command(stage.editor, { do: 'freeze', on: true });
  day.worded = { item: item.id, wording: `We ask the Member States: ${item.text}` };
}

/** The export against the notes. */
export async function compare({ stage, notes, worded }) {
  const exported = JSON.parse((await stage.api.exported(stage.organizer, stage.id, 'json')).text);
  const items = exported.sections.flatMap((section) => [...section.listed, ...section.below]);
  const sources = items.flatMap((item) => item.sources);
  const wrong = [];
  for (const source of sources) {
    const words = notes.wrongWords(source.idea, source.text);
    if (words) wrong.push(words);
    const votes = notes.votes(source.idea);
    const said = votes > 0 && votes < SOME ? 'some' : votes;
    if (source.votes !== said) wrong.push(`${source.idea} has ${votes} votes, the export says ${source.votes}`);
  }
  for (const item of items) {
    const people = notes.approving(item.sources.map((source) => source.idea));
    const said = people > 0 && people < SOME ? 'some' : people;
    if (people > 0 && item.support?.seats !== said) wrong.push(`${item.id} has ${people} people, the export says ${item.support?.seats}`);
  }
  for (const [idea, into] of notes.into) {
    const found = items.find((item) => item.sources.some((source) => source.idea === into));
    if (found && !found.sources.some((source) => source.idea === idea)) wrong.push(`${idea} is not with ${into}`);
  }
  for (const idea of notes.promoted) {
    if (!sources.some((source) => source.idea === idea)) wrong.push(`${idea} was promoted and is not in the export`);
  }
  const counted = new Set(sources.map((source) => source.idea));
  if (counted.size !== sources.length) wrong.push('an idea stands in two items');
  assert.deepEqual(wrong, []);
  assert.equal(items.find((item) => item.id === worded.item).wording, worded.wording);
  for (const group of exported.groups) {
    assert.equal(group.participants, PHONES / GROUPS.length);
    assert.equal(group.ideas, notes.standing(group.id).length);
    // Held ideas were private until the reveal, and these had none: only how many is told.
    const late = [...notes.late].filter((idea) => notes.ideas.get(idea).group === group.id).length;
    assert.deepEqual([group.late, group.late_ideas], [late, []]);
  }
  const texts = [JSON.stringify(exported)];
  for (const format of ['md', 'csv']) texts.push((await stage.api.exported(stage.organizer, stage.id, format)).text);
  for (const gone of notes.forbidden()) {
    for (const text of texts) assert.ok(!text.includes(gone), `${gone} was taken back`);
  }
}

/** Every phone asks what became of its ideas: what it hears agrees with the list, and nobody hears of others' ideas. */
export async function follow({ stage, notes, phones }) {
  const { items } = await stage.api.plenary(stage.room, stage.id);
  for (const phone of phones) {
    const ideas = [...phone.receipts].map(([idea, receipt]) => ({ idea, receipt }));
    const { ideas: fates } = await stage.api.json('/api/follow', { method: 'POST', body: { consultation: stage.id, ideas } });
    for (const { idea, place, promoted, combined, listed } of fates) {
      assert.equal(combined, notes.into.get(idea));
      const { gone } = notes.ideas.get(idea);
      assert.equal(place, { withdrawn: 'unknown', hidden: 'hidden', late: 'late' }[gone] ?? 'shown', `${idea} ${gone}`);
      const sent = gone === undefined && notes.promoted.has(notes.into.get(idea) ?? idea);
      assert.equal(promoted, sent);
      const item = items.find(({ sources, tags }) => !tags.includes('orphan') && sources.some((source) => source.idea === idea));
      assert.equal(listed?.item, promoted ? item?.id : undefined);
    }
  }
  const [one, other] = phones;
  const [idea] = [...one.receipts.keys()];
  const [receipt] = [...other.receipts.values()];
  const body = { consultation: stage.id, ideas: [{ idea, receipt }] };
  const { ideas } = await stage.api.json('/api/follow', { method: 'POST', body });
  assert.deepEqual(ideas, [{ idea, place: 'unknown', promoted: false }], 'a receipt opens its own idea only');
}

/** The doors close; everything can still be read. */
export async function close({ stage, notes }) {
  await stage.api.command(stage.organizer, { do: 'door', open: false });
  await stage.api.command(stage.organizer, { do: 'phase', phase: 'closed' });
  await assert.rejects(stage.api.join({ key: stage.key }), { code: 'door-closed' });
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: stage.room });
  const did = (what) => ledger.filter((line) => line.did === what).length;
  assert.equal(did('revealed'), GROUPS.length + 1, 'and what was spoken');
  assert.equal(did('promoted'), GROUPS.length * PROMOTED);
  assert.deepEqual([did('hidden'), did('unhidden')], [3, 1], 'by moderators');
  const held = (on) => ledger.filter((line) => line.did === 'held-in-group' && line.on === on).length;
  assert.deepEqual([held(true), held(false)], [2, 1], 'reported from the group, and shown again');
  assert.deepEqual([did('board-hidden'), did('admitted'), did('combined')], [2, 1, notes.into.size]);
  for (const gone of notes.forbidden()) assert.ok(!JSON.stringify(ledger).includes(gone), 'no hidden words');
  assert.ok(ledger.every((line) => line.at % 60_000 === 0), 'nothing finer than the minute');
}

/** All is deleted: no word of the day is left in any file. */
export async function purge({ stage, notes, lines, phones }) {
  await stage.api.exported(stage.organizer, stage.id, 'json');
  const ending = await stage.api.json(`/api/consultations/${stage.id}/ending`, { token: stage.organizer });
  assert.equal(ending.exported_all, true);
  for (const part of ending.participation) {
    const people = phones.filter(({ group }) => group.id === part.group).length;
    assert.equal(part.seats, PHONES / GROUPS.length);
    assert.ok(part.wrote >= people && part.wrote <= part.seats && part.voted >= people && part.voted <= part.seats, 'also through the crash');
  }
  const words = Object.fromEntries([...notes.ideas.values()].map(({ text }, at) => [`idea ${at}`, text]));
  for (const [group, line] of lines) words[`the note of ${group}`] = line;
  assert.notDeepEqual(await findings(stage.server.data, words), {});
  const { certificate } = await stage.api.command(stage.organizer, { do: 'purge', confirm: 'A consultation' });
  assert.equal(certificate.exported.sha256, ending.exported.sha256);
  await until('nothing is left', async () => Object.keys(await findings(stage.server.data, words)).length === 0, { within: 60_000 });
  await assert.rejects(stage.api.consultation(stage.organizer, stage.id), { code: 'purged' });
}
