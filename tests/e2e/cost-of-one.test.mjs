// What one seat may cost everybody else (rule W16): commands that change nothing, pushes to all, ballots toggled for ever.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';
import { itemOf } from '../harness/items.mjs';

const states = (raw) => raw.frames.filter((one) => one.kind === 'stateless' && one.payload.type === 'state').map((one) => one.payload.state);

/** A connection that only follows the consultation's state. */
async function follower(t, stage, seat) {
  const raw = await Raw.connect(stage.server);
  t.after(() => raw.close());
  raw.send(frame.token(`consultation/${stage.id}`, seat.token));
  await until('the first state', () => states(raw).length > 0);
  return raw;
}

/** Calls for help in this group, or ends the call: a change that everybody is told. */
const help = (stage, group, on) => stage.api.command(group.moderator, { do: 'help', group: group.id, on });

/** Waits until a follower was told that this group calls for help, or does no longer. */
const toldOfHelp = (raw, group, on) =>
  until('the follower is told of the call', () => {
    const last = states(raw).at(-1);
    return last.groups.find((one) => one.id === group.id).help === on;
  });

/** Each of them once to make it so, and once more: nothing is journaled, nobody is told. `settle` ends what the first ones began. */
async function changeNothing(t, stage, raw, table, settle = async () => {}) {
  const [, other] = stage.groups;
  const { seq } = await help(stage, other, true);
  await toldOfHelp(raw, other, true);
  for (const [what, token, command, first = true] of table) {
    if (first) await stage.api.command(token, command);
  }
  await settle();
  const before = (await help(stage, other, false)).seq;
  assert.ok(before > seq);
  await toldOfHelp(raw, other, false);
  // What was asked for before may still have a push of its own under way; this one is after it.
  await help(stage, other, true);
  await toldOfHelp(raw, other, true);
  const last = (await help(stage, other, false)).seq;
  await toldOfHelp(raw, other, false);
  const told = raw.frames.length;
  for (const [what, token, command] of table) {
    const again = { id: randomUUID(), ...command };
    const answer = await stage.api.command(token, again);
    assert.equal(answer.ok, true, what);
    assert.equal(answer.seq, last, `${what}: nothing was journaled`);
    assert.deepEqual(await stage.api.command(token, again), answer, `${what}: the same id has the same answer`);
  }
  await help(stage, other, true);
  await toldOfHelp(raw, other, true);
  const since = raw.frames.slice(told).filter((one) => one.kind === 'stateless');
  assert.deepEqual(since.map((one) => one.payload.type), ['state'], 'a follower is told of the change after them, and of nothing else');
  t.diagnostic(`${table.length} commands changed nothing`);
  await help(stage, other, false);
}

test('W16: commands that change nothing are answered, and neither journaled nor pushed', async (t) => {
  const stage = await scene(t, { settings: { entry: 'choice', votes: null, plenary_vote: 'off' }, phase: 'briefing' });
  const [group] = stage.groups;
  const [seat] = group.seats;
  const raw = await follower(t, stage, group.seats[1]);
  const [mine, all] = [group.moderator, stage.organizer];
  await changeNothing(t, stage, raw, [
    ['the own group', seat.token, { do: 'change-group', group: group.id }, false],
    ['a door that is open', all, { do: 'door', open: true }],
    ['the phase it is in', all, { do: 'phase', phase: 'briefing' }, false],
    ['days that it is kept', all, { do: 'retain', days: 20 }],
  ]);
  await stage.phase('brainstorm');
  const { idea: one } = await stage.share('One');
  const { idea: two } = await stage.share('Two');
  const { idea: three } = await stage.share('Three');
  const { idea: four } = await stage.share('Four');
  await changeNothing(t, stage, raw, [
    ['a call for help', seat.token, { do: 'help', group: group.id, on: true }],
    ['a lock', mine, { do: 'lock', idea: one, on: true }],
    ['no lock', mine, { do: 'lock', idea: two, on: false }, false],
    ['a hidden idea', mine, { do: 'hide', idea: three, reason: 'off-topic' }],
    ['an idea that is not hidden', mine, { do: 'unhide', idea: one }, false],
    ['a board that is shown', mine, { do: 'hide-board', group: group.id, on: false }, false],
    ['ideas that are one', mine, { do: 'combine', idea: two, into: one }],
    ['nothing to reveal', mine, { do: 'reveal', group: group.id }, false],
    ['the phase of a group', mine, { do: 'phase', phase: 'brainstorm', group: group.id }],
    ['a point without a clock', mine, { do: 'point', point: stage.points[0].id, minutes: 0, group: group.id }],
    ['nothing to take apart', mine, { do: 'take-apart', idea: four }, false],
    ['pairs that may be the same', all, { do: 'not-duplicate', a: one, b: two, on: false }, false],
  ]);
  await stage.api.command(mine, { do: 'take-apart', idea: two });
  await stage.phase('vote');
  await changeNothing(t, stage, raw, [
    ['an approval', seat.token, { do: 'approve', idea: one, on: true, counter: 1 }],
    ['no approval', seat.token, { do: 'approve', idea: two, on: false, counter: 1 }],
  ]);
  // A newer counter is a change (W16): what is older and arrives later changes nothing.
  await stage.api.approve(seat.token, one, true, 6);
  await stage.api.approve(seat.token, one, false, 4);
  assert.deepEqual((await stage.api.consultation(seat.token, stage.id)).you.approved, [one]);
  await stage.api.approve(seat.token, one, false, 99);
  assert.deepEqual((await stage.api.consultation(seat.token, stage.id)).you.approved, []);
  await stage.phase('review');
  await changeNothing(t, stage, raw, [
    ['a promotion', mine, { do: 'promote', idea: one, on: true, kind: 'recommendation' }],
    ['no promotion', mine, { do: 'promote', idea: four, on: false }, false],
    ['the order of a card', mine, { do: 'order', group: group.id, ideas: [one] }],
    ['a signature', seat.token, { do: 'sign-off', group: group.id, agree: true }],
  ]);
  await stage.phase('plenary');
  const merge = () => stage.api.command(stage.editor, { do: 'merge' });
  await merge();
  await changeNothing(t, stage, raw, [
    ['an objection', seat.token, { do: 'object', item: itemOf(one), line: 'For whom?', counter: 1 }],
    ['the same line again', group.seats[1].token, { do: 'object', item: itemOf(one), line: 'Who pays?', counter: 1 }],
    ['an item that is pinned', stage.editor, { do: 'pin', item: itemOf(one), on: true }],
    ['an item that is kept off', stage.editor, { do: 'exclude', item: itemOf(one), on: false }],
    ['the rule of the list', stage.editor, { do: 'ranking', rule: 'phragmen' }],
    ['a list that moves', stage.editor, { do: 'freeze', on: false }],
    // What is pinned makes the list anew some seconds later, which is journaled and told: here at once.
  ], merge);
  await stage.end();
});

test('W16: one seat makes the server push to everybody twice a second at most, and not at all for nothing new', async (t) => {
  const stage = await scene(t, { groups: ['Harbour', 'Hills'], seats: 2, settings: { entry: 'choice' }, phase: 'briefing' });
  const [group, other] = stage.groups;
  const raw = await follower(t, stage, other.seats[0]);
  const [seat] = group.seats;
  const attack = async (commands) => {
    const before = raw.frames.length;
    const begun = performance.now();
    let done = 0;
    for (const command of commands) {
      await stage.api.command(seat.token, command).then(() => (done += 1), (refused) => assert.equal(refused.code, 'too-fast'));
    }
    const seconds = (performance.now() - begun) / 1_000;
    await help(stage, other, true);
    await toldOfHelp(raw, other, true);
    await help(stage, other, false);
    await toldOfHelp(raw, other, false);
    return { pushes: states({ frames: raw.frames.slice(before) }).length - 2, done, seconds: seconds + 1 };
  };
  const again = await attack(Array.from({ length: 200 }, () => ({ do: 'help', group: group.id, on: true })));
  t.diagnostic(`help again: ${again.done} commands, ${again.pushes} pushes in ${again.seconds.toFixed(1)} s`);
  assert.ok(again.pushes <= 1, `${again.pushes} pushes for one change`);
  const moves = await attack(Array.from({ length: 200 }, (_, n) => ({ do: 'change-group', group: [other, group][n % 2].id })));
  t.diagnostic(`to and fro: ${moves.done} commands, ${moves.pushes} pushes in ${moves.seconds.toFixed(1)} s`);
  assert.ok(moves.pushes <= 2 * moves.seconds + 1, `${moves.pushes} pushes in ${moves.seconds} s`);
  assert.ok(moves.done <= 25, `${moves.done} changes of group by one seat`);
  await stage.end();
});

test('W16: a phase change does not wait for the pause between two pushes', async (t) => {
  const stage = await scene(t, { seats: 1, phase: 'briefing' });
  const [group] = stage.groups;
  const raw = await follower(t, stage, group.seats[0]);
  await help(stage, group, true);
  await toldOfHelp(raw, group, true);
  const before = states(raw).length;
  // Within the pause: the call's end waits, the phase takes it along.
  await Promise.all([help(stage, group, false), stage.phase('brainstorm')]);
  await until('the phase is there', () => states(raw).at(-1).phase === 'brainstorm');
  const later = states(raw).slice(before);
  assert.ok(later.length <= 2, `${later.length} pushes`);
  await stage.end();
});
