// Commands (rules C1 to C4): done once, refused with a reason, allowed by role and phase.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { newReceipt } from '../harness/api.mjs';
import { isProblem, refused } from '../harness/refusals.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { itemOf } from '../harness/items.mjs';

const share = (group, fields = {}) => ({
  id: randomUUID(),
  do: 'share',
  idea: randomUUID(),
  group: group.id,
  lang: 'en',
  text: 'An idea',
  receipt: newReceipt().hash,
  ...fields,
});

const ids = (board) => board.ideas.map((idea) => idea.id);

test('C2, I7: the same command again gives the same answer and no second effect, also after a restart', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { token } = group.seats[0];
  const command = share(group);
  const answer = await stage.api.command(token, command);
  assert.deepEqual(Object.keys(answer).sort(), ['id', 'ok', 'seq']);
  assert.deepEqual(await stage.api.command(token, command), answer);
  const client = await stage.hocuspocus(group.seats[0]);
  const { type, ...overSocket } = await client.command(command);
  assert.equal(type, 'answer');
  assert.deepEqual(overSocket, answer, 'the socket gives the same answer as HTTP');
  await stage.end();
  assert.deepEqual(await stage.api.command(token, command), answer, 'the journal remembers it');
  assert.deepEqual(ids(await stage.view()), [command.idea]);
});

test('C2: the same command many times at once is done once', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { token } = group.seats[0];
  const command = share(group);
  const answers = await Promise.all(Array.from({ length: 10 }, () => stage.api.command(token, command)));
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal((await stage.view()).ideas.length, 1);
  await stage.end();
});

test('C2: the same id with other content is a conflict', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { token } = group.seats[0];
  const command = share(group);
  await stage.api.command(token, command);
  await refused(stage.api.command(token, { ...command, text: 'Something else' }), 'conflict', 'same command id');
  await refused(stage.api.command(token, { ...command, id: randomUUID(), text: 'Something else' }), 'conflict', 'same idea id');
  assert.deepEqual((await stage.view()).ideas.map((idea) => idea.text), ['An idea']);
  await stage.end();
});

test('C1: what is not exactly a command is refused as malformed', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { token } = group.seats[0];
  const idea = randomUUID();
  const cases = {
    'an unknown field': share(group, { colour: 'red' }),
    'an unknown do': { do: 'fly' },
    'no do': {},
    'an id that is no UUID': { id: '1', do: 'approve', idea, on: true },
    'a wrong type': { do: 'approve', idea, on: 'yes' },
    'a missing field': { do: 'approve', idea },
    'a receipt that is no hash': share(group, { receipt: 'abc' }),
    'an unknown kind': share(group, { kind: 'wish' }),
    'an unknown phase': { do: 'phase', phase: 'lunch' },
  };
  for (const [what, command] of Object.entries(cases)) {
    await refused(stage.api.command(token, command), 'malformed', what);
  }
  const bodies = ['[]', '{', '', 'null', '"share"', `{"do":"merge"}`, '\u0000'];
  for (const body of bodies) {
    const headers = { 'content-type': 'application/json' };
    const sent = stage.api.json('/api/commands', { method: 'POST', token, headers, body });
    await refused(sent, 'malformed', `the body ${JSON.stringify(body)}`);
  }
  assert.deepEqual((await stage.view()).ideas, []);
  await stage.end();
});

test('roles: who may not do something is refused and nothing happens', async (t) => {
  const stage = await scene(t);
  const [harbour, hills] = stage.groups;
  const { idea } = await stage.share('Only for us');
  await stage.phase('vote');
  const participant = harbour.seats[0].token;
  const stranger = hills.seats[0].token;
  const promote = { do: 'promote', idea, on: true };
  const cases = [
    ['a participant promotes', participant, promote],
    ['the moderator of another group promotes', hills.moderator, promote],
    ['an editor promotes', stage.editor, promote],
    ['a room promotes', stage.room, promote],
    ['a participant changes the phase', participant, { do: 'phase', phase: 'plenary' }],
    ['a moderator changes the phase of everybody', harbour.moderator, { do: 'phase', phase: 'plenary' }],
    ['a moderator changes the phase of another group', harbour.moderator, { do: 'phase', phase: 'plenary', group: hills.id }],
    ['an editor changes the phase', stage.editor, { do: 'phase', phase: 'plenary' }],
    ['a participant opens the door', participant, { do: 'door', open: true }],
    ['a moderator closes the door', harbour.moderator, { do: 'door', open: false }],
    ['a participant merges', participant, { do: 'merge' }],
    ['a moderator merges', harbour.moderator, { do: 'merge' }],
    ['a participant reveals', participant, { do: 'reveal', group: harbour.id }],
    ['the moderator of another group reveals', hills.moderator, { do: 'reveal', group: harbour.id }],
    ['an organizer approves', stage.organizer, { do: 'approve', idea, on: true }],
    ['a moderator approves', harbour.moderator, { do: 'approve', idea, on: true }],
    ['a room approves', stage.room, { do: 'approve', idea, on: true }],
    ['somebody of another group approves', stranger, { do: 'approve', idea, on: true }],
  ];
  const before = await stage.api.consultation(stage.organizer, stage.id);
  for (const [what, token, command] of cases) await refused(stage.api.command(token, command), 'forbidden', what);
  for (const [what, token] of [['no token', undefined], ['an unknown token', 'a'.repeat(43)]]) {
    await refused(stage.api.command(token, promote), 'unauthorized', what);
  }
  const after = await stage.api.consultation(stage.organizer, stage.id);
  assert.deepEqual([after.phase, after.groups.map((one) => one.phase), after.settings], [before.phase, before.groups.map((one) => one.phase), before.settings]);
  assert.deepEqual((await stage.view()).ideas.map((one) => one.state), ['shown']);
  await stage.end();
});

test('roles: a share by a room, by an editor or onto another board is forbidden; by a moderator it is fine', async (t) => {
  const stage = await scene(t);
  const [harbour, hills] = stage.groups;
  await refused(stage.api.command(stage.room, share(harbour)), 'forbidden', 'a room shares');
  await refused(stage.api.command(stage.editor, share(harbour)), 'forbidden', 'an editor shares');
  await refused(stage.api.command(hills.seats[0].token, share(harbour)), 'forbidden', 'another group shares');
  const own = share(harbour);
  await stage.api.command(harbour.moderator, own);
  const organizers = share(harbour);
  await stage.api.command(stage.organizer, organizers);
  assert.deepEqual(ids(await stage.view()), [own.idea, organizers.idea]);
  await stage.end();
});

test('phases: what is not open is refused as wrong-phase and nothing happens', async (t) => {
  const stage = await scene(t, { phase: 'lobby' });
  const [group] = stage.groups;
  const { token } = group.seats[0];
  for (const phase of ['lobby', 'briefing', 'vote', 'review', 'plenary', 'closed']) {
    await stage.phase(phase);
    await refused(stage.api.command(token, share(group)), 'wrong-phase', `share in ${phase}`);
  }
  await stage.phase('brainstorm');
  const { idea, receipt } = await stage.share('In time');
  const early = ['lobby', 'briefing'];
  for (const phase of [...early, 'brainstorm', 'review', 'plenary', 'closed']) {
    await stage.phase(phase);
    await refused(stage.api.approve(token, idea), 'wrong-phase', `approve in ${phase}`);
  }
  for (const phase of [...early, 'closed']) {
    await stage.phase(phase);
    await refused(stage.api.command(stage.organizer, { do: 'merge' }), 'wrong-phase', `merge in ${phase}`);
  }
  for (const phase of [...early, 'brainstorm', 'vote', 'closed']) {
    await stage.phase(phase);
    await refused(stage.api.promote(group.moderator, idea), 'wrong-phase', `promote in ${phase}`);
  }
  await stage.phase('vote');
  await refused(stage.api.command(token, { do: 'edit', idea, receipt, text: 'Too late' }), 'wrong-phase', 'edit in vote');
  const [left] = (await stage.view()).ideas;
  assert.equal(left.text, 'In time');
  assert.equal(left.state, 'shown');
  await stage.end();
});

test('phases: a moderator moves the own group alone, and the day steps back as well', async (t) => {
  const stage = await scene(t);
  const [harbour, hills] = stage.groups;
  const { idea } = await stage.share('We are ahead');
  await stage.api.phase(harbour.moderator, 'vote', harbour.id);
  await stage.api.approve(harbour.seats[0].token, idea);
  await stage.share('We are not', { group: hills });
  const state = await stage.api.consultation(stage.organizer, stage.id);
  assert.equal(state.phase, 'brainstorm');
  assert.deepEqual(state.groups.map((group) => group.phase), ['vote', 'brainstorm']);
  await stage.api.phase(harbour.moderator, 'brainstorm', harbour.id);
  await stage.share('Back again', { group: harbour });
  const clock = await stage.api.command(stage.organizer, { do: 'phase', phase: 'vote', minutes: 5 });
  assert.equal(clock.ok, true);
  const later = await stage.api.consultation(stage.organizer, stage.id);
  assert.equal(later.clock.ends_at - later.clock.started_at, 5 * 60_000);
  assert.deepEqual(later.groups.map((group) => group.phase), ['vote', 'vote']);
  await stage.end();
});

test('approve: of two decisions the one with the higher counter stands, in whatever order they arrive', async (t) => {
  const stage = await scene(t, { settings: { tallies: 'live' } });
  const [seat] = stage.groups[0].seats;
  const { idea } = await stage.share('Count');
  await stage.phase('vote');
  const approved = async () => (await stage.api.consultation(seat.token, stage.id)).you.approved;
  await stage.api.approve(seat.token, idea, true, 5);
  assert.equal((await stage.api.approve(seat.token, idea, false, 3)).ok, true, 'a late one is answered');
  assert.deepEqual(await approved(), [idea], 'and changes nothing');
  await stage.api.approve(seat.token, idea, false, 6);
  assert.deepEqual(await approved(), []);
  await stage.api.approve(seat.token, idea, true, 4);
  assert.deepEqual(await approved(), []);
  assert.equal((await stage.view()).ideas[0].tally, 0);
  await stage.end();
});

test('approve: without a counter the order of arrival stands, and the tally follows', async (t) => {
  const stage = await scene(t, { settings: { tallies: 'live' } });
  const [one, two] = stage.groups[0].seats;
  const { idea } = await stage.share('Count');
  await stage.phase('vote');
  const tally = async () => (await stage.view()).ideas[0].tally;
  await stage.api.approve(one.token, idea);
  await stage.api.approve(one.token, idea);
  assert.equal(await tally(), 1);
  await stage.api.approve(two.token, idea);
  assert.equal(await tally(), 2);
  await stage.api.approve(one.token, idea, false);
  assert.equal(await tally(), 1);
  await refused(stage.api.approve(one.token, randomUUID()), 'not-found', 'an idea that is not there');
  await stage.end();
});

test('withdraw and edit: who has the receipt may, who has not may not', async (t) => {
  const stage = await scene(t);
  const [author, other] = stage.groups[0].seats;
  const mine = await stage.share('Mine', { seat: author });
  const theirs = await stage.share('Theirs', { seat: other });
  const withdraw = (receipt) => ({ do: 'withdraw', idea: mine.idea, receipt });
  await refused(stage.api.command(author.token, withdraw(theirs.receipt)), 'wrong-receipt', 'another receipt');
  await refused(stage.api.command(author.token, withdraw(mine.command.receipt)), 'wrong-receipt', 'the hash for the receipt');
  await refused(
    stage.api.command(other.token, { do: 'edit', idea: mine.idea, receipt: theirs.receipt, text: 'Stolen' }),
    'wrong-receipt',
    'an edit with another receipt',
  );
  await stage.api.command(author.token, { do: 'edit', idea: mine.idea, receipt: mine.receipt, text: 'Mine, better' });
  assert.deepEqual((await stage.view()).ideas.map((idea) => idea.text), ['Mine, better', 'Theirs']);

  const client = await stage.hocuspocus(other);
  await client.has(mine.idea);
  await stage.phase('vote');
  const answer = await stage.api.command(author.token, withdraw(mine.receipt));
  assert.equal(answer.ok, true, 'in every phase');
  assert.deepEqual(ids(await stage.view()), [theirs.idea]);
  await stage.end();
  assert.deepEqual(Object.keys(client.board().ideas), [theirs.idea], 'it does not come back from a phone that had it');
  await refused(stage.api.approve(other.token, mine.idea), 'not-found', 'approving what was withdrawn');
});

test('promote: a promoted idea can be taken back, and a group promotes no more than it may', async (t) => {
  const stage = await scene(t, { settings: { promoted_per_group: 2 } });
  const [group] = stage.groups;
  const shared = [];
  for (const text of ['One', 'Two', 'Three']) shared.push(await stage.share(text));
  await stage.promote(shared[0].idea, { group });
  await stage.promote(shared[1].idea, { by: stage.organizer });
  await refused(stage.promote(shared[2].idea, { group }), 'too-many-promoted');
  await stage.promote(shared[0].idea, { group, on: false });
  await stage.promote(shared[2].idea, { group });
  assert.deepEqual((await stage.view()).ideas.map((idea) => idea.state), ['shown', 'promoted', 'promoted']);
  await stage.end();
});

test('share: a seat shares no more ideas than it may, and words from elsewhere stay as they are', async (t) => {
  const stage = await scene(t, { settings: { ideas_per_seat: 3 } });
  const texts = ['  spaces kept? ', 'שלום 👨‍👩‍👧 é', '<script>alert(1)</script>\n=1+1'];
  for (const text of texts) await stage.share(text);
  await refused(stage.share('One more'), 'too-many-ideas');
  const board = await stage.view();
  assert.deepEqual(board.ideas.map((idea) => idea.text.trim()), texts.map((text) => text.trim()));
  await stage.end();
});

test('join: the same request again gives the same seat; without a group people go where the fewest are', async (t) => {
  const stage = await scene(t, { seats: 0 });
  const request = randomUUID();
  const first = await stage.api.join({ code: stage.created.code, request });
  assert.deepEqual(await stage.api.join({ code: stage.created.code, request }), first);
  const second = await stage.api.join({ code: stage.created.code });
  assert.notEqual(second.group, first.group);
  await refused(stage.api.join({ code: stage.created.code, group: randomUUID() }), 'not-found', 'an unknown group');
  await refused(stage.api.join({}), 'malformed', 'neither code nor key');
  await stage.end();
});

test('C6, C8: a newer counter without an effect outlives a restart: what is older has none before it and none after it', async (t) => {
  const stage = await scene(t, { settings: { tallies: 'live', votes: null, plenary_vote: 'off' } });
  const [group] = stage.groups;
  const [{ token }] = group.seats;
  const [first, second] = [await stage.share('Approved and kept'), await stage.share('Never approved')];
  await stage.phase('vote');
  const tallies = async () => {
    const { ideas } = await stage.view();
    return [first, second].map(({ idea }) => ideas.find(({ id }) => id === idea).tally);
  };
  await stage.api.approve(token, first.idea, true, 1);
  await stage.api.approve(token, first.idea, true, 5);
  await stage.api.approve(token, second.idea, false, 5);
  await stage.promote(first.idea);
  await stage.phase('plenary');
  await stage.api.command(stage.organizer, { do: 'merge' });
  const object = (line, counter, by = token) => stage.api.command(by, { do: 'object', item: itemOf(first.idea), ...(line && { line }), ...(counter && { counter }) });
  const objections = async () => (await stage.api.plenary(stage.room, stage.id)).items[0].responses.object;
  await object('Who pays?', 1);
  await object('Who pays for it?', 5);
  await until('somebody objects', async () => (await objections()) === 1);
  await stage.phase('vote');
  const old = async () => {
    await stage.api.approve(token, first.idea, false, 3);
    await stage.api.approve(token, second.idea, true, 3);
    assert.deepEqual(await tallies(), [1, 0]);
    await stage.phase('plenary');
    await object(null, 3);
    await object('Not for us', null, group.seats[1].token);
    await until('both object', async () => (await objections()) === 2);
    await object(null, null, group.seats[1].token);
    await until('one objects', async () => (await objections()) === 1);
    await stage.phase('vote');
  };
  await old();
  await stage.server.stop();
  await stage.server.again();
  await old();
  await stage.end();
});

test('C3: over the socket a refused command says why and changes nothing', async (t) => {
  const stage = await scene(t);
  const client = await stage.hocuspocus(stage.groups[0].seats[0]);
  const answer = await client.command({ do: 'merge' });
  assert.equal(answer.type, 'problem');
  isProblem(answer.problem, 'forbidden');
  const malformed = await client.command({ do: 'approve', idea: 'x', on: 1 });
  assert.equal(malformed.type, 'problem');
  isProblem(malformed.problem, 'malformed');
  assert.ok(client.online, 'the connection goes on');
  assert.equal((await stage.api.plenary(stage.organizer, stage.id)).run, 0);
  await stage.end();
});

test('C4: what was answered is visible to who reads next', async (t) => {
  const stage = await scene(t, { settings: { tallies: 'live', votes: null } });
  const { token } = stage.groups[0].seats[0];
  for (let round = 0; round < 20; round += 1) {
    const { idea, answer } = await stage.share(`Round ${round}`);
    const board = await stage.view();
    assert.ok(ids(board).includes(idea));
    assert.ok(board.seq >= answer.seq, `the board is at ${board.seq}, the answer said ${answer.seq}`);
  }
  await stage.phase('vote');
  for (const [index, idea] of ids(await stage.view()).entries()) {
    await stage.api.approve(token, idea);
    const board = await stage.view();
    assert.equal(board.ideas[index].tally, 1);
  }
  await stage.end();
});

test('a seat that sends a thousand commands at once is told that it is too fast, and nobody else is', async (t) => {
  const stage = await scene(t, { settings: { votes: null } });
  const [fast, calm] = stage.groups[0].seats;
  const { idea } = await stage.share('Approve me a thousand times');
  await stage.phase('vote');
  const codes = await Promise.all(
    Array.from({ length: 1000 }, (_, n) =>
      stage.api.approve(fast.token, idea, n % 2 === 0, n + 1).then(
        () => 'ok',
        (error) => error.code,
      ),
    ),
  );
  const count = (code) => codes.filter((one) => one === code).length;
  assert.equal(count('ok') + count('too-fast'), 1000, [...new Set(codes)].join(', '));
  assert.ok(count('ok') >= 90 && count('ok') < 700, `${count('ok')} of 1000 were taken`);
  await stage.api.approve(calm.token, idea);
  const again = () => stage.api.approve(fast.token, idea, true, 2000);
  await until('the fast one may decide again', () => again().then(Boolean), { within: 5000 });
  await stage.end();
});
