// The model day, compressed: four groups, forty phones on stock clients, staff, a crash in the middle of the vote. What
// was exported at its end is compared with what the phones wrote, which the test noted down and counted by itself.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { newReceipt } from '../harness/api.mjs';
import { records } from '../harness/csv.mjs';
import { converged } from '../harness/ending.mjs';
import { Notebook } from '../harness/notebook.mjs';
import { RECORDING } from '../harness/polis.mjs';
import { findings } from '../harness/purge.mjs';
import { seeded, seedOf } from '../harness/random.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

const GROUPS = ['Harbour', 'Hills', 'Valley', 'Plains'];
const PHONES = 40;
const IDEAS_PER_PHONE = 3;
const VOTES = 5;
const PROMOTED = 5;
const KINDS = ['challenge', 'opportunity', 'recommendation', 'partnership', 'good-practice', 'recommendation'];
/** People of fewer than this are not counted out in what leaves the house. */
const SOME = 5;

/** What people wrote in the recorded consultation, in six languages: as many different texts as are asked for. */
function recordedTexts(count) {
  const file = path.join(RECORDING, 'comments.csv');
  const texts = new Set(records(readFileSync(file, 'utf8')).map((row) => row['comment-body'].trim()));
  assert.ok(texts.size >= count, `${count} texts`);
  return [...texts].slice(0, count);
}

test('the model day: what is exported is what forty phones wrote, through a crash in the middle of the vote', async (t) => {
  const random = seeded(seedOf());
  t.diagnostic(`seed ${random.seed}`);
  const settings = { private_first: true, votes: VOTES, promoted_per_group: PROMOTED, tallies: 'hidden' };
  const points = ['Misuse of technology', 'Seeing through it', 'Working together', 'Human rights', 'What youth can build'];
  const stage = await scene(t, { groups: GROUPS, seats: 0, phase: 'lobby', settings, points });
  const notes = new Notebook();
  const day = { stage, notes, random };

  await arrive(day);
  await brief(day);
  await brainstorm(day);
  await spoken(day);
  await hide(day);
  await danger(day);
  await outOfSight(day);
  await vote(day);
  await late(day);
  await hideAgain(day);
  await combine(day);
  await stepBack(day);
  await promote(day);
  await signOff(day);
  await plenary(day);
  await compare(day);
  await follow(day);
  await close(day);
  await stage.end();
  await purge(day);
});

/** Forty phones scan the code; each is put into the smallest group. */
async function arrive(day) {
  const { stage } = day;
  day.phones = [];
  for (let number = 0; number < PHONES; number += 1) {
    const seat = await stage.api.join({ key: stage.key });
    const group = stage.groups.find((one) => one.id === seat.group);
    group.seats.push(seat);
    const client = await stage.hocuspocus(seat);
    day.phones.push({ seat, group, client, outbox: [], receipts: new Map() });
  }
  for (const group of stage.groups) assert.equal(group.seats.length, PHONES / GROUPS.length, `${group.name} is balanced`);
}

/** During the briefing nothing can be shared; what was written stays on the phone. */
async function brief({ stage, phones }) {
  await stage.api.command(stage.organizer, { do: 'phase', phase: 'briefing', minutes: 20 });
  const [early] = phones;
  const share = { do: 'share', idea: randomUUID(), group: early.group.id, lang: 'en', text: 'Too early', receipt: newReceipt().hash };
  const refused = await early.client.command(share);
  assert.equal(refused.problem?.code, 'wrong-phase');
  await until('all phones show the briefing', () => phones.every(({ client }) => client.state.phase === 'briefing'));
}

/** Ideas are shared, held back, shown together; people write in each other's words; some take theirs back. */
async function brainstorm(day) {
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

/** A moderator takes one idea off with a reason; another one comes back as it was. */
async function hide({ stage, notes, phones }) {
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

/** A moderator writes for somebody without a phone; somebody who reads both puts it into another language. */
async function spoken({ stage, notes, phones }) {
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

/** Two ideas by which somebody may be in danger: gone for everybody at once; the contact shows one again. */
async function danger({ stage, notes, phones }) {
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
async function outOfSight({ stage, notes, phones }) {
  const group = stage.groups[2];
  const readers = phones.filter((one) => one.group === group);
  await stage.api.command(group.moderator, { do: 'hide-board', group: group.id, on: true });
  await until('no phone shows anything', () => readers.every(({ client }) => Object.keys(client.board().ideas).length === 0));
  await stage.api.command(group.moderator, { do: 'hide-board', group: group.id, on: false });
  for (const idea of notes.standing(group.id)) for (const { client } of readers) await client.has(idea);
  for (const idea of notes.standing(group.id)) assert.equal(notes.wrongWords(idea, readers[0].client.words(idea)), undefined);
}

/** Two ideas come after the lock: one is let in, the other stays on the shelf, and is in nobody's list. */
async function late({ stage, notes, phones }) {
  const group = stage.groups[3];
  const [phone, other] = phones.filter((one) => one.group === group);
  for (const [sender, text] of [[phone, 'Late, and let in'], [other, 'Late, and on the shelf']]) {
    const [idea, { receipt, hash }] = [randomUUID(), newReceipt()];
    const share = { idea, group: group.id, point: stage.points[0].id, kind: 'challenge', lang: 'en', text, receipt: hash };
    assert.equal((await sender.client.command({ do: 'share', ...share })).problem?.code, 'wrong-phase');
    await send(sender, { do: 'shelve', ...share });
    sender.receipts.set(idea, receipt);
    notes.shared(idea, { group: group.id, text, kind: share.kind, point: share.point });
    if (sender === other) notes.shelved(idea);
    else await stage.api.command(group.moderator, { do: 'admit', idea });
  }
  const shelf = await stage.api.json(`/api/boards/${group.id}/late`, { token: group.moderator });
  assert.deepEqual(shelf.ideas.map(({ text }) => text), ['Late, and on the shelf']);
  const [admitted] = notes.standing(group.id).slice(-1);
  await phone.client.has(admitted);
}

/** In each group the best idea stands for the next one as well: both texts stay, and who voted for both counts once. */
async function combine({ stage, notes }) {
  for (const group of stage.groups) {
    const [into, idea] = notes.best(group.id, 9).filter((one, _, all) => sectionOf(notes, one) === sectionOf(notes, all[0]));
    if (idea === undefined) continue;
    await stage.api.command(group.moderator, { do: 'combine', idea, into });
    notes.into.set(idea, into);
  }
  assert.ok(notes.into.size > 0, 'some are combined');
}

const SECTIONS = { challenge: 1, opportunity: 1, recommendation: 2, partnership: 3, 'good-practice': 3 };
const sectionOf = (notes, idea) => SECTIONS[notes.ideas.get(idea).kind];

/** One that has votes already is hidden after the vote: its votes count no more. */
async function hideAgain({ stage, notes }) {
  const group = stage.groups.at(-1);
  const [best] = notes.best(group.id, 1);
  await stage.api.command(group.moderator, { do: 'hide', idea: best, reason: 'off-topic' });
  notes.took(best, 'hidden');
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

/** Sends a command on the phone's socket; it must be done. */
async function send(phone, command) {
  const answer = await phone.client.command(command);
  assert.equal(answer.ok, true, `${command.do}: ${JSON.stringify(answer)}`);
}

/** All vote at the same time; in the middle the server dies without a word, and comes back. */
async function vote(day) {
  const { stage, notes, phones, random } = day;
  await stage.api.command(stage.organizer, { do: 'phase', phase: 'vote', minutes: 5 });
  const choices = phones.map((phone) => ({ phone, ideas: draw(random, notes.standing(phone.group.id), VOTES) }));
  const total = choices.length * VOTES;
  const dying = { after: Math.floor(total / 3) + random.below(total / 3), answered: 0, dead: undefined };
  await Promise.all(choices.map((choice) => voteAll(day, choice, dying)));
  assert.ok(dying.dead, 'the server died in the middle of the vote');
  await converged(stage);
  for (const { phone, ideas } of choices) {
    const { you } = await stage.api.consultation(phone.seat.token, stage.id);
    assert.deepEqual([...you.approved].sort(), [...ideas].sort(), 'each phone has its own ballot back');
  }
  const tally = (await stage.view(stage.groups[0])).ideas.map((idea) => idea.tally);
  assert.ok(tally.every((votes) => votes === null), 'nobody sees votes while the vote is on');
}

/** As a phone does: in order, and what was not answered again, under the same id and counter. */
async function voteAll({ stage, notes }, { phone, ideas }, dying) {
  for (const [at, idea] of ideas.entries()) {
    const command = { id: randomUUID(), do: 'approve', idea, on: true, n: at + 1 };
    await until('an approval is answered', () => stage.api.command(phone.seat.token, command).then(
      () => true,
      (error) => {
        if (error.status !== undefined) throw error;
        return false;
      },
    ), { within: 60_000 });
    notes.approved(phone.seat.seat, idea, true);
    dying.answered += 1;
    if (dying.answered === dying.after) dying.dead = stage.server.kill().then(() => stage.server.again());
  }
  await dying.dead;
}

/** Some of these, each once. */
function draw(random, from, count) {
  const left = [...from];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(random.below(left.length), 1)[0]);
}

/** One group goes back to its brainstorm, mends a word, and votes on: nothing is lost. */
async function stepBack({ stage, notes, phones }) {
  const [group] = stage.groups;
  const before = await Promise.all(group.seats.map((seat) => stage.api.consultation(seat.token, stage.id)));
  await stage.api.command(group.moderator, { do: 'phase', phase: 'brainstorm', minutes: 2, group: group.id });
  const phone = phones.find((one) => one.group === group);
  await until('the text is open again', () => phone.client.board().about.phase === 'brainstorm');
  const [idea] = notes.standing(group.id);
  phone.client.type(idea, notes.mark(idea));
  await phone.client.recorded();
  await stage.api.command(group.moderator, { do: 'phase', phase: 'vote', minutes: 2, group: group.id });
  const after = await Promise.all(group.seats.map((seat) => stage.api.consultation(seat.token, stage.id)));
  assert.deepEqual(after.map(({ you }) => you.approved), before.map(({ you }) => you.approved), 'every ballot is as it was');
}

/** Each moderator sends the group's best on, by the test's own count. */
async function promote({ stage, notes }) {
  for (const group of stage.groups) {
    for (const idea of notes.best(group.id, PROMOTED)) {
      await stage.api.promote(group.moderator, idea);
      notes.promoted.add(idea);
    }
  }
}

/** Each group says of its card that this is what it said; one of each says in a line what is missing. */
async function signOff(day) {
  const { stage, notes, phones } = day;
  day.lines = new Map();
  for (const phone of phones) {
    const { group } = phone;
    const first = phone.seat === group.seats[0];
    const line = `Not all of us in ${group.name} see it so`;
    if (first) day.lines.set(group.id, line);
    await send(phone, { do: 'sign-off', group: group.id, ...(first ? { line } : { agree: true }) });
  }
  for (const group of stage.groups) {
    const card = await stage.api.json(`/api/consultations/${stage.id}/card/${group.id}`, { token: stage.rapporteur });
    assert.deepEqual(card.ideas.map((idea) => idea.id).sort(), [...notes.promoted].filter((idea) => notes.ideas.get(idea).group === group.id).sort());
    for (const { id, text } of card.ideas) assert.equal(notes.wrongWords(id, text), undefined);
    assert.equal(card.signed.agreed, group.seats.length - 1);
    assert.deepEqual(card.signed.notes.map(({ line }) => line), [day.lines.get(group.id)]);
  }
}

/** Every phone asks what became of its ideas: what it hears agrees with the list, and nobody hears of others' ideas. */
async function follow({ stage, notes, phones }) {
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

/** All is deleted: no word of the day is left in any file. */
async function purge({ stage, notes, lines }) {
  await stage.api.exported(stage.organizer, stage.id, 'json');
  const ending = await stage.api.json(`/api/consultations/${stage.id}/ending`, { token: stage.organizer });
  assert.equal(ending.exported_all, true);
  for (const part of ending.participation) {
    const seats = PHONES / GROUPS.length;
    assert.deepEqual([part.seats, part.wrote, part.voted], [seats, seats, seats], 'also through the crash');
  }
  const words = Object.fromEntries([...notes.ideas.values()].map(({ text }, at) => [`idea ${at}`, text]));
  for (const [group, line] of lines) words[`the note of ${group}`] = line;
  assert.notDeepEqual(await findings(stage.server.data, words), {});
  const { certificate } = await stage.api.command(stage.organizer, { do: 'purge', confirm: 'A consultation' });
  assert.equal(certificate.exported.sha256, ending.exported.sha256);
  await until('nothing is left', async () => Object.keys(await findings(stage.server.data, words)).length === 0, { within: 60_000 });
  await assert.rejects(stage.api.consultation(stage.organizer, stage.id), { code: 'purged' });
}

/** The list is built, a rapporteur works on it, and it is frozen. */
async function plenary(day) {
  const { stage } = day;
  await stage.api.command(stage.organizer, { do: 'phase', phase: 'plenary', minutes: 15 });
  await stage.api.command(stage.rapporteur, { do: 'merge' });
  const { items } = await stage.api.plenary(stage.rapporteur, stage.id);
  const item = items.find((one) => one.section === 'recommendations');
  await stage.api.command(stage.rapporteur, { do: 'reword', item: item.id });
  const rapporteur = await stage.hocuspocus(stage.staff(stage.rapporteur, `plenary/${stage.id}`));
  const wording = () => rapporteur.doc.getMap('items').get(item.id)?.get('wording');
  await until('the wording is filled in', () => wording()?.toString() === item.text);
  wording().insert(0, 'We ask the Member States: ');
  await rapporteur.recorded();
  await stage.api.command(stage.rapporteur, { do: 'freeze', on: true });
  day.worded = { item: item.id, wording: `We ask the Member States: ${item.text}` };
}

/** The export against the notes. */
async function compare({ stage, notes, worded }) {
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

/** The doors close; everything can still be read. */
async function close({ stage, notes }) {
  await stage.api.command(stage.organizer, { do: 'door', open: false });
  await stage.api.command(stage.organizer, { do: 'phase', phase: 'closed' });
  await assert.rejects(stage.api.join({ key: stage.key }), { code: 'door-closed' });
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: stage.room });
  const did = (what) => ledger.filter((line) => line.did === what).length;
  assert.equal(did('revealed'), GROUPS.length + 1, 'and what was spoken');
  assert.equal(did('promoted'), GROUPS.length * PROMOTED);
  assert.deepEqual([did('hidden'), did('unhidden')], [5, 2], 'with those that were looked at');
  assert.deepEqual([did('board-hidden'), did('admitted'), did('combined')], [2, 1, notes.into.size]);
  for (const gone of notes.forbidden()) assert.ok(!JSON.stringify(ledger).includes(gone), 'no hidden words');
  assert.ok(ledger.every((line) => line.at % 60_000 === 0), 'nothing finer than the minute');
}
