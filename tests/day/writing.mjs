// The first half of the model day: people arrive, write, and are looked after by their moderators.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { newReceipt } from '../harness/api.mjs';
import { records } from '../harness/csv.mjs';
import { RECORDING } from '../harness/polis.mjs';
import { until } from '../harness/until.mjs';
import { GROUPS, PHONES, send } from './common.mjs';

const IDEAS_PER_PHONE = 3;
const KINDS = ['challenge', 'opportunity', 'recommendation', 'partnership', 'good-practice', 'recommendation'];

/** What people wrote in the recorded consultation, in six languages: as many different texts as are asked for. */
function recordedTexts(count) {
  const file = path.join(RECORDING, 'comments.csv');
  const texts = new Set(records(readFileSync(file, 'utf8')).map((row) => row['comment-body'].trim()));
  assert.ok(texts.size >= count, `${count} texts`);
  return [...texts].slice(0, count);
}

/** Forty phones scan the code; each is put into the smallest group. The last ones are the outsiders, who get no client. */
export async function arrive(day) {
  const { stage } = day;
  Object.assign(day, { phones: [], outside: [] });
  for (let number = 0; number < PHONES; number += 1) {
    const outsider = day.outsiders[number - (PHONES - day.outsiders.length)];
    const seat = outsider ? await outsider(stage) : await stage.api.join({ key: stage.key });
    const group = stage.groups.find((one) => one.id === seat.group);
    group.seats.push(seat);
    if (outsider) {
      day.outside.push(seat);
      continue;
    }
    const client = await stage.hocuspocus(seat);
    day.phones.push({ seat, group, client, outbox: [], receipts: new Map() });
  }
  for (const group of stage.groups) assert.equal(group.seats.length, PHONES / GROUPS.length, `${group.name} is balanced`);
}

/** During the briefing nothing can be shared; what was written stays on the phone. */
export async function brief({ stage, phones }) {
  await stage.api.command(stage.organizer, { do: 'phase', phase: 'briefing', minutes: 20 });
  const [early] = phones;
  const share = { do: 'share', idea: randomUUID(), group: early.group.id, lang: 'en', text: 'Too early', receipt: newReceipt().hash };
  const refused = await early.client.command(share);
  assert.equal(refused.problem?.code, 'wrong-phase');
  await until('all phones show the briefing', () => phones.every(({ client }) => client.state.phase === 'briefing'));
}

/** Ideas are shared, held back, shown together; people write in each other's words; some take theirs back. */
export async function brainstorm(day) {
  const { stage, notes, phones, random } = day;
  await stage.api.command(stage.organizer, { do: 'phase', phase: 'brainstorm', minutes: 30 });
  const texts = recordedTexts(PHONES * IDEAS_PER_PHONE);
  await Promise.all(phones.map((phone, at) => shareAll(day, phone, texts.slice(at * IDEAS_PER_PHONE, (at + 1) * IDEAS_PER_PHONE))));
  for (const { client } of phones) assert.equal(Object.keys(client.board().ideas).length, 0, 'nothing is shown before the reveal');
  for (const group of stage.groups) {
    await stage.api.command(group.moderator, { do: 'reveal', group: group.id });
  }
  for (const { client, group } of phones) for (const idea of notes.standing(group.id)) await client.has(idea);
  for (let round = 0; round < 3; round += 1) {
    for (const { client, group } of phones) {
      const idea = random.pick(notes.standing(group.id));
      client.type(idea, notes.mark(idea));
    }
  }
  for (const { client } of phones) await client.recorded();
  for (const phone of [phones[3], phones[17]]) {
    const [idea, receipt] = [...phone.receipts][0];
    await send(phone, { do: 'withdraw', idea, receipt });
    notes.took(idea, 'withdrawn');
  }
}

async function shareAll({ stage, notes }, phone, texts) {
  for (const [at, text] of texts.entries()) {
    const [idea, { receipt, hash }] = [randomUUID(), newReceipt()];
    const kind = KINDS[(at + phone.group.seats.indexOf(phone.seat)) % KINDS.length];
    const point = stage.points[(at + phone.seat.seat.charCodeAt(0)) % stage.points.length].id;
    await send(phone, { do: 'share', idea, group: phone.group.id, point, kind, lang: 'en', text, receipt: hash });
    phone.receipts.set(idea, receipt);
    notes.shared(idea, { group: phone.group.id, text, kind, point });
  }
}

/** A moderator writes for somebody without a phone; somebody who reads both puts it into another language. */
export async function spoken({ stage, notes, phones }) {
  const group = stage.groups[1];
  const [idea, { hash }] = [randomUUID(), newReceipt()];
  const text = 'Said aloud: teach parents as well';
  const said = { idea, group: group.id, point: stage.points[0].id, kind: 'recommendation', lang: 'en', text, receipt: hash };
  await stage.api.command(group.moderator, { do: 'share', ...said, spoken: true });
  await stage.api.command(group.moderator, { do: 'reveal', group: group.id });
  notes.shared(idea, { group: group.id, text, kind: said.kind, point: said.point });
  const readers = phones.filter((one) => one.group === group);
  for (const { client } of readers) await client.has(idea);
  await send(readers[2], { do: 'translate', idea, lang: 'fr', text: 'Former aussi les parents' });
  const shown = () => readers[3].client.board().ideas[idea];
  await until('all have the translation', () => shown().tr?.fr === 'Former aussi les parents');
  assert.equal(shown().spoken, true);
}

/** A moderator takes one idea off with a reason; another one comes back as it was. */
export async function hide({ stage, notes, phones }) {
  const [group] = stage.groups;
  const [gone, back] = notes.standing(group.id);
  const readers = phones.filter((one) => one.group === group);
  for (const idea of [gone, back]) await stage.api.command(group.moderator, { do: 'hide', idea, reason: 'hurts' });
  await until('no phone shows them', () => readers.every(({ client }) => !client.text(gone) && !client.text(back)));
  await stage.api.command(group.moderator, { do: 'unhide', idea: back });
  for (const { client } of readers) await client.has(back);
  assert.equal(notes.wrongWords(back, readers[0].client.words(back)), undefined);
  notes.took(gone, 'hidden');
}

/** Two ideas by which somebody may be in danger: gone for everybody at once; the contact shows one again. */
export async function danger({ stage, notes, phones }) {
  const group = stage.groups[1];
  const [back, gone] = notes.standing(group.id);
  const readers = phones.filter((one) => one.group === group);
  for (const idea of [back, gone]) await send(readers[0], { do: 'report', idea, why: 'danger' });
  await until('no phone shows them', () => readers.every(({ client }) => !client.text(back) && !client.text(gone)));
  const desk = await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: group.moderator });
  for (const idea of [back, gone]) assert.ok(!JSON.stringify(desk).includes(notes.ideas.get(idea).text), 'nor the desk');
  const alerts = await stage.api.json(`/api/consultations/${stage.id}/alerts`, { token: stage.safeguarding });
  assert.deepEqual(alerts.map(({ id }) => id).sort(), [back, gone].sort());
  await stage.api.command(stage.safeguarding, { do: 'settle', idea: back, show: true });
  await stage.api.command(stage.safeguarding, { do: 'settle', idea: gone, show: false });
  for (const { client } of readers) await client.has(back);
  assert.equal(notes.wrongWords(back, readers[0].client.words(back)), undefined);
  notes.took(gone, 'hidden');
}

/** A whole board out of sight, and as it was again. */
export async function outOfSight({ stage, notes, phones }) {
  const group = stage.groups[2];
  const readers = phones.filter((one) => one.group === group);
  await stage.api.command(group.moderator, { do: 'hide-board', group: group.id, on: true });
  await until('no phone shows anything', () => readers.every(({ client }) => Object.keys(client.board().ideas).length === 0));
  await stage.api.command(group.moderator, { do: 'hide-board', group: group.id, on: false });
  for (const idea of notes.standing(group.id)) for (const { client } of readers) await client.has(idea);
  for (const idea of notes.standing(group.id)) assert.equal(notes.wrongWords(idea, readers[0].client.words(idea)), undefined);
}
