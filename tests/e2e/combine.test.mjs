// Combining duplicates on a board, and taking them apart: both texts and all votes stay, in every phase.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { seeded, seedOf } from '../harness/random.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { itemOf } from '../harness/items.mjs';

const combine = (stage, token, idea, into) => stage.api.command(token, { do: 'combine', idea, into });
const takeApart = (stage, token, idea) => stage.api.command(token, { do: 'take-apart', idea });
const ideasOf = async (stage, group) => new Map((await stage.view(group)).ideas.map((idea) => [idea.id, idea]));

/** What people vote on stays as it is: ideas are put together or taken apart in review, and then the vote goes on. */
async function between(stage, act) {
  await stage.phase('review');
  await act();
  await stage.phase('vote');
}

async function three(t, options = {}) {
  const stage = await scene(t, { seats: 4, settings: { votes: 2, ...options }, phase: 'brainstorm' });
  const [group] = stage.groups;
  const ideas = [];
  for (const text of ['Teach it in school', 'Teach this at school', 'A helpline']) ideas.push((await stage.share(text)).idea);
  return { stage, group, ideas };
}

test('C13: what is combined after the vote counts each person once, and taken apart has its own votes again', async (t) => {
  const { stage, group, ideas } = await three(t);
  const [one, two, three_] = ideas;
  await stage.phase('vote');
  const [a, b, c] = group.seats;
  await stage.api.approve(a.token, one);
  await stage.api.approve(a.token, two);
  await stage.api.approve(b.token, two);
  await stage.api.approve(c.token, three_);
  await stage.phase('plenary');
  await combine(stage, group.moderator, two, one);
  const together = await ideasOf(stage, group);
  assert.deepEqual([together.get(one).tally, together.get(one).state], [2, 'shown'], 'a counts once, b by the other idea');
  assert.deepEqual([together.get(two).state, together.get(two).into, together.get(two).text], ['combined-into', one, 'Teach this at school']);
  await takeApart(stage, group.moderator, two);
  const apart = await ideasOf(stage, group);
  assert.deepEqual(ideas.map((id) => [apart.get(id).tally, apart.get(id).state, apart.get(id).into]), [
    [1, 'shown', undefined],
    [2, 'shown', undefined],
    [1, 'shown', undefined],
  ]);
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: a.token });
  const told = ledger.filter(({ did }) => ['combined', 'took-apart'].includes(did)).map(({ did, by, group: of, idea, into }) => ({ did, by, of, idea, into }));
  assert.deepEqual(told, [
    { did: 'combined', by: 'moderator', of: group.id, idea: two, into: one },
    { did: 'took-apart', by: 'moderator', of: group.id, idea: two, into: undefined },
  ]);
  await stage.end();
});

test('C13: while people vote nothing is combined or taken apart; a combination in between frees a vote, and what one votes for counts for the one that stands for both', async (t) => {
  const { stage, group, ideas } = await three(t, { tallies: 'live' });
  const [one, two, helpline] = ideas;
  await stage.phase('vote');
  const [seat, other] = group.seats;
  const phone = await stage.hocuspocus(seat);
  await stage.api.approve(seat.token, one);
  await stage.api.approve(seat.token, two);
  await assert.rejects(stage.api.approve(seat.token, helpline), { code: 'over-budget' });
  for (const act of [() => combine(stage, group.moderator, one, two), () => combine(stage, stage.organizer, one, two), () => takeApart(stage, group.moderator, one)]) {
    await assert.rejects(act(), { code: 'wrong-phase' });
  }
  await between(stage, () => combine(stage, group.moderator, one, two));
  await until('the phone is told which entries it approves', () => phone.you.approved.length === 1 && phone.you.approved[0] === two);
  await until('the phone sees them as one', () => phone.board().ideas[one].into === two && phone.tally(two) === 1);
  await stage.api.approve(seat.token, helpline);
  await stage.api.approve(other.token, one);
  assert.equal((await ideasOf(stage, group)).get(two).tally, 2, 'a vote for a folded idea counts for the one that stands for it');
  await stage.api.approve(other.token, two, false);
  assert.equal((await ideasOf(stage, group)).get(two).tally, 1, 'and can be taken back there');
  await stage.api.approve(seat.token, two, false);
  assert.equal((await ideasOf(stage, group)).get(two).tally, 0, 'what is taken back is taken back from both');
  await between(stage, () => takeApart(stage, group.moderator, one));
  assert.deepEqual([...(await ideasOf(stage, group)).values()].map(({ tally }) => tally), [0, 0, 1]);
  await stage.end();
});

test('hidden tallies stay hidden when ideas are combined between two parts of a vote', async (t) => {
  const { stage, group, ideas } = await three(t, { tallies: 'hidden' });
  await stage.phase('vote');
  for (const idea of ideas.slice(0, 2)) await stage.api.approve(group.seats[0].token, idea);
  await between(stage, () => combine(stage, group.moderator, ideas[0], ideas[1]));
  assert.ok([...(await ideasOf(stage, group)).values()].every(({ tally }) => tally === null));
  await stage.end();
});

test('what is combined into a combined idea goes where that one went; the last decision stands; who leads can change', async (t) => {
  const { stage, group, ideas } = await three(t);
  const [one, two, more] = ideas;
  await combine(stage, group.moderator, two, one);
  await combine(stage, stage.organizer, more, two);
  assert.equal((await ideasOf(stage, group)).get(more).into, one, 'no chains');
  await combine(stage, group.moderator, one, two);
  const led = await ideasOf(stage, group);
  assert.deepEqual(ideas.map((id) => led.get(id).into), [two, undefined, two], 'the other one leads now');
  await takeApart(stage, group.moderator, two);
  assert.ok([...(await ideasOf(stage, group)).values()].every(({ into }) => into === undefined), 'its root apart, all are apart');
  await stage.end();
});

test('C13: what was answered to be different is united neither on the board nor on the list, until the answer is taken back', async (t) => {
  const { stage, group, ideas } = await three(t);
  const [one, two, helpline] = ideas;
  const different = (on) => stage.api.command(group.moderator, { do: 'not-duplicate', a: one, b: two, on });
  await combine(stage, group.moderator, helpline, two);
  await different(true);
  await assert.rejects(combine(stage, group.moderator, two, one), { code: 'answered-different' });
  await assert.rejects(combine(stage, group.moderator, one, helpline), { code: 'answered-different' }, 'nor through a third');
  const assign = (idea, item) => stage.api.command(stage.editor, { do: 'assign', idea, item });
  await assert.rejects(assign(one, two), { code: 'answered-different' });
  await assign(one, one);
  await different(false);
  await combine(stage, group.moderator, two, one);
  assert.equal((await ideasOf(stage, group)).get(helpline).into, one);
  await stage.end();
});

test('a promoted idea that is combined promotes the one that stands for it, and the order of the card is theirs', async (t) => {
  const { stage, group, ideas } = await three(t);
  const [one, two, helpline] = ideas;
  await stage.promote(two, { group });
  await combine(stage, group.moderator, two, one);
  const promoted = await ideasOf(stage, group);
  assert.deepEqual([promoted.get(one).state, promoted.get(two).state], ['promoted', 'combined-into']);
  await stage.promote(helpline, { group });
  await stage.api.command(group.moderator, { do: 'order', group: group.id, ideas: [helpline, one] });
  assert.deepEqual((await stage.view(group)).group_card_order, [helpline, one]);
  await stage.promote(one, { group, on: false });
  assert.deepEqual((await stage.view(group)).group_card_order, [helpline]);
  await takeApart(stage, group.moderator, two);
  assert.equal((await ideasOf(stage, group)).get(two).state, 'shown', 'taken back from the plenary is taken back for both');
  await assert.rejects(stage.api.command(group.moderator, { do: 'order', group: group.id, ideas: [one] }), { code: 'not-found' });
  await stage.end();
});

test('an idea that its author takes back leaves the others by themselves', async (t) => {
  const { stage, group } = await three(t);
  const root = await stage.share('The one that stands for others');
  const [a, b] = (await stage.view(group)).ideas;
  for (const { id } of [a, b]) await combine(stage, group.moderator, id, root.idea);
  await stage.api.command(group.seats[0].token, { do: 'withdraw', idea: root.idea, receipt: root.receipt });
  const left = await ideasOf(stage, group);
  assert.equal(left.has(root.idea), false);
  assert.ok([...left.values()].every(({ state, into }) => state === 'shown' && into === undefined));
  await stage.end();
});

test('only the own moderator and the organizer combine, only on one board and in one section', async (t) => {
  const { stage, group, ideas } = await three(t);
  const [one, two] = ideas;
  const [, hills] = stage.groups;
  const elsewhere = await stage.share('On another board', { group: hills });
  const kind = await stage.share('A challenge', { kind: 'challenge' });
  const refused = (token, idea, into, code) => assert.rejects(combine(stage, token, idea, into), { code }, code);
  await refused(group.seats[0].token, one, two, 'forbidden');
  await refused(hills.moderator, one, two, 'forbidden');
  await refused(stage.editor, one, two, 'forbidden');
  await refused(group.moderator, one, elsewhere.idea, 'not-found');
  await refused(group.moderator, one, randomUUID(), 'not-found');
  await refused(group.moderator, one, kind.idea, 'other-section');
  await refused(group.moderator, one, one, 'malformed');
  await stage.phase('closed');
  await refused(group.moderator, one, two, 'wrong-phase');
  await stage.end();
});

test('the list takes an entry as it is: one item with both sources, until an editor says otherwise', async (t) => {
  const { stage, group, ideas } = await three(t);
  const [one, two] = ideas;
  await stage.phase('vote');
  await stage.api.approve(group.seats[0].token, one);
  await stage.api.approve(group.seats[0].token, two);
  await stage.api.approve(group.seats[1].token, two);
  await stage.phase('review');
  await combine(stage, group.moderator, two, one);
  await stage.promote(one, { group });
  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'merge' });
  const items = async () => (await stage.api.plenary(stage.room, stage.id)).items;
  const [item] = await items();
  assert.deepEqual([item.id, item.text, item.support.seats], [itemOf(one), 'Teach it in school', 2]);
  assert.deepEqual(item.sources.map(({ idea, via, votes, text }) => ({ idea, via, votes, text })), [
    { idea: one, via: 'anchor', votes: 1, text: 'Teach it in school' },
    { idea: two, via: 'combined', votes: 2, text: 'Teach this at school' },
  ]);
  await stage.api.command(stage.editor, { do: 'assign', idea: two, item: two });
  await stage.api.command(stage.editor, { do: 'merge' });
  assert.deepEqual((await items()).find(({ id }) => id === itemOf(one)).sources.map(({ idea }) => idea), [one]);
  await stage.end();
});

test('random decisions and votes give what a count from scratch gives', async (t) => {
  const stage = await scene(t, { seats: 5, phase: 'vote', settings: { votes: null, tallies: 'live' } });
  const [group] = stage.groups;
  await stage.phase('brainstorm');
  const ideas = [];
  for (let at = 0; at < 6; at += 1) ideas.push((await stage.share(`Idea ${at}`)).idea);
  await stage.phase('vote');
  const random = seeded(seedOf());
  t.diagnostic(`seed ${random.seed}`);
  const own = new Map(ideas.map((idea) => [idea, new Set()]));
  const into = new Map();
  const rootOf = (idea) => (into.has(idea) ? rootOf(into.get(idea)) : idea);
  const entry = (idea) => ideas.filter((one) => rootOf(one) === rootOf(idea));
  for (let step = 0; step < 150; step += 1) {
    const [idea, other] = [random.pick(ideas), random.pick(ideas)];
    const seat = random.pick(group.seats);
    // What people vote on stays as it is: ten decisions in review, then ten votes.
    if (step % 10 === 0) await stage.phase(step % 20 === 0 ? 'review' : 'vote');
    const act = random.below(2) + (step % 20 < 10 ? 0 : 2);
    if (act === 0 && idea !== other) {
      await combine(stage, group.moderator, idea, other);
      const root = rootOf(other);
      if (root === idea) {
        into.delete(other);
        // Whatever led from the other to the idea leads on from there.
        into.set(idea, other);
      } else if (root !== rootOf(idea)) into.set(idea, root);
    } else if (act === 1) {
      await takeApart(stage, group.moderator, idea);
      if (into.has(idea)) into.delete(idea);
      else for (const one of entry(idea)) into.delete(one);
    } else if (act === 2) {
      await stage.api.approve(seat.token, idea);
      own.get(rootOf(idea)).add(seat.seat);
    } else if (act === 3) {
      await stage.api.approve(seat.token, idea, false);
      for (const one of entry(idea)) own.get(one).delete(seat.seat);
    }
    const seen = await ideasOf(stage, group);
    for (const one of ideas) {
      const expected = rootOf(one) === one ? new Set(entry(one).flatMap((each) => [...own.get(each)])).size : own.get(one).size;
      assert.equal(seen.get(one).tally, expected, `step ${step}: the tally of ${one}`);
      assert.equal(seen.get(one).into, rootOf(one) === one ? undefined : rootOf(one), `step ${step}: what stands for ${one}`);
    }
  }
  await stage.phase('review');
  for (const one of ideas) await takeApart(stage, group.moderator, one);
  for (const one of [...ideas]) await takeApart(stage, group.moderator, one);
  const seen = await ideasOf(stage, group);
  for (const one of ideas) assert.deepEqual([seen.get(one).tally, seen.get(one).into], [own.get(one).size, undefined]);
  await stage.end();
});
