// The middle of the model day: the vote with a crash in it, late ideas, duplicates, a step back, promotion, sign-off.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { newReceipt, read } from '../harness/api.mjs';
import { converged } from '../harness/ending.mjs';
import { until } from '../harness/until.mjs';
import { PROMOTED, send, VOTES } from './common.mjs';

/** All vote at the same time; in the middle the server dies without a word, and comes back. */
export async function vote(day) {
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
    const command = { id: randomUUID(), do: 'approve', idea, on: true, counter: at + 1 };
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

/** Two ideas come after the lock: one is let in, the other stays on the shelf, and is in nobody's list. */
export async function late({ stage, notes, phones }) {
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
    else await stage.api.command(group.moderator, { do: 'admit', idea, read: read(text) });
  }
  const shelf = await stage.api.json(`/api/boards/${group.id}/late`, { token: group.moderator });
  assert.deepEqual(shelf.ideas.map(({ text }) => text), ['Late, and on the shelf']);
  const [admitted] = notes.standing(group.id).slice(-1);
  await phone.client.has(admitted);
}

/** One that has votes already is hidden after the vote: its votes count no more. */
export async function hideAgain({ stage, notes }) {
  const group = stage.groups.at(-1);
  const [best] = notes.best(group.id, 1);
  await stage.api.command(group.moderator, { do: 'hide', idea: best, reason: 'off-topic' });
  notes.took(best, 'hidden');
}

/** The vote is over. In each group the best idea stands for the next one as well: both texts stay, and who voted for both counts once. */
export async function combine({ stage, notes }) {
  await stage.api.command(stage.organizer, { do: 'phase', phase: 'review', minutes: 8 });
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

/** One group goes back to its brainstorm, mends a word, and votes on: nothing is lost. */
export async function stepBack({ stage, notes, phones }) {
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
export async function review({ stage, notes }) {
  for (const group of stage.groups) {
    for (const idea of notes.best(group.id, PROMOTED)) {
      await stage.api.promote(group.moderator, idea);
      notes.promoted.add(idea);
    }
  }
}

/** Each group says of its card that this is what it said; one of each says in a line what is missing. */
export async function signOff(day) {
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
    const card = await stage.api.json(`/api/consultations/${stage.id}/group-cards/${group.id}`, { token: stage.editor });
    assert.deepEqual(card.ideas.map((idea) => idea.id).sort(), [...notes.promoted].filter((idea) => notes.ideas.get(idea).group === group.id).sort());
    for (const { id, text } of card.ideas) assert.equal(notes.wrongWords(id, text), undefined);
    assert.equal(card.signed.agreed, phones.filter((phone) => phone.group === group).length - 1);
    assert.deepEqual(card.signed.notes.map(({ line }) => line), [day.lines.get(group.id)]);
  }
}
