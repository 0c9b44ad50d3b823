// What is almost a command, and commands about what is somebody else's: refused with a reason on both ways, no effect.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { newReceipt, read } from '../harness/api.mjs';
import { views } from '../harness/ending.mjs';
import { Raw } from '../harness/raw.mjs';
import { isProblem } from '../harness/refusals.mjs';
import { scene } from '../harness/scene.mjs';
import { frame } from '../harness/wire.mjs';

/** One good command of each kind, with every field that it may have. */
function everyCommand({ group, idea, receipt, item, point }) {
  const share = { idea: randomUUID(), group, point, kind: 'challenge', lang: 'en', text: 'An idea', receipt: newReceipt().hash };
  return {
    share: { do: 'share', ...share },
    edit: { do: 'edit', idea, receipt, text: 'Another text' },
    withdraw: { do: 'withdraw', idea, receipt },
    approve: { do: 'approve', idea, on: true, counter: 1 },
    promote: { do: 'promote', idea, on: true },
    reveal: { do: 'reveal', group },
    phase: { do: 'phase', phase: 'brainstorm', minutes: 5, group },
    door: { do: 'door', open: false },
    merge: { do: 'merge' },
    reword: { do: 'reword', item },
    'settle-text': { do: 'settle-text', text: `note/${item}`, keep: true, read: read('An idea') },
    ...commandsAboutIdeas({ group, idea, share }),
    ...commandsOfTheDay({ group, point }),
    ...commandsAboutTheList({ group, idea, item }),
  };
}

function commandsAboutIdeas({ group, idea, share }) {
  return {
    hide: { do: 'hide', idea, reason: 'hurts', erase: false },
    unhide: { do: 'unhide', idea },
    combine: { do: 'combine', idea, into: randomUUID() },
    'take-apart': { do: 'take-apart', idea },
    order: { do: 'order', group, ideas: [idea] },
    restore: { do: 'restore', idea, wording: 1 },
    lock: { do: 'lock', idea, on: true },
    'remove-writer': { do: 'remove-writer', idea, writer: 7 },
    shelve: { do: 'shelve', ...share, idea: randomUUID() },
    admit: { do: 'admit', idea, read: read('An idea') },
    'hide-board': { do: 'hide-board', group, on: true },
    report: { do: 'report', idea, why: 'other' },
    acknowledge: { do: 'acknowledge', idea },
    settle: { do: 'settle', idea, show: true },
    'settle-all': { do: 'settle-all', group, show: true, read: { [idea]: read('An idea') } },
    translate: { do: 'translate', idea, lang: 'fr', text: 'Une idée' },
    help: { do: 'help', group, on: true },
  };
}

function commandsOfTheDay({ group, point }) {
  const seat = randomUUID();
  return {
    stay: { do: 'stay', group },
    point: { do: 'point', point, minutes: 5, group },
    'next-point': { do: 'next-point', minutes: 5, group },
    minutes: { do: 'minutes', minutes: [5], group },
    clock: { do: 'clock', minutes: 1, of: 'point', group },
    'make-cards': { do: 'make-cards', count: 1, group },
    'revoke-card': { do: 'revoke-card', card: seat },
    'replace-card': { do: 'replace-card', card: seat },
    chairs: { do: 'chairs', count: 30, group },
    'let-in': { do: 'let-in', count: 3, group },
    'close-seats': { do: 'close-seats', which: { burst: 1 }, only: 'absent', at_most: 40, group },
    'restore-seats': { do: 'restore-seats', closing: 1 },
    'move-seat': { do: 'move-seat', code: 'ABC234', group },
    'change-group': { do: 'change-group', group },
    'revoke-link': { do: 'revoke-link', seat },
    retain: { do: 'retain', days: 30 },
    purge: { do: 'purge', confirm: 'A consultation' },
  };
}

function commandsAboutTheList({ group, idea, item }) {
  return {
    assign: { do: 'assign', idea, item },
    'not-duplicate': { do: 'not-duplicate', a: idea, b: randomUUID(), on: true },
    pin: { do: 'pin', item, on: true, place: 1 },
    exclude: { do: 'exclude', item, on: true },
    ranking: { do: 'ranking', rule: 'phragmen', weights: 'sqrt' },
    freeze: { do: 'freeze', on: true },
    'open-plenary-vote': { do: 'open-plenary-vote' },
    'close-plenary-vote': { do: 'close-plenary-vote' },
    'approve-entry': { do: 'approve-entry', item, on: true, counter: 1 },
    'open-adoption': { do: 'open-adoption', version: 1 },
    'close-adoption': { do: 'close-adoption' },
    adopt: { do: 'adopt', on: true, counter: 1 },
    'add-group-to-paper': { do: 'add-group-to-paper', group },
    'let-voters-in': { do: 'let-voters-in', count: 3 },
    'sign-off': { do: 'sign-off', group, agree: true, line: 'Not all of us' },
    'hide-note': { do: 'hide-note', note: randomUUID(), reason: 'hurts' },
    object: { do: 'object', item, line: 'No', counter: 1 },
    'hide-objection': { do: 'hide-objection', item, objection: randomUUID() },
  };
}
/** Messages that a seat sends here, on both ways together: what its bucket holds. */
const OF_ONE_SEAT = 45;
/** Fields without which a command is a good one, of another meaning or of the same. */
const OPTIONAL = {
  ...{ share: ['point', 'kind', 'lang'], shelve: ['point', 'kind', 'lang'], approve: ['counter'], phase: ['minutes', 'group'], hide: ['erase'] },
  ...{ stay: ['group'], point: ['minutes', 'group'], 'next-point': ['minutes', 'group'], minutes: ['group'], clock: ['of', 'group'] },
  ...{ 'make-cards': ['group'], assign: ['item'], pin: ['place'], ranking: ['rule', 'weights'], 'sign-off': ['agree', 'line'] },
  ...{ chairs: ['count', 'group'], 'let-in': ['count', 'group'], 'close-seats': ['group', 'only'] },
  ...{ 'hide-note': ['reason'], object: ['line', 'counter'], 'approve-entry': ['counter'], adopt: ['counter'], 'let-voters-in': ['count'] },
};
const NOT_OF_ORGANIZERS = new Set(['approve', 'approve-entry', 'adopt', 'acknowledge', 'settle', 'settle-all', 'sign-off', 'object', 'change-group']);
/** Fields whose text is free. */
const FREE = ['text', 'lang', 'line', 'reason', 'code', 'confirm'];

/** Values of a type that no field of this name has. */
function wrongFor(value) {
  const all = [null, 7, -1, 1.5, true, 'x', '', [], {}, [value], { value }, 2 ** 63, 'é'.repeat(40)];
  const empty = (one) => Array.isArray(value) && Array.isArray(one) && one.length === 0;
  // Of a map from ideas there may be none in it.
  const isMap = typeof value === 'object' && Object.keys(value).every((key) => key.length === 36);
  const none = (one) => isMap && Object.keys(one).length === 0;
  return all.filter((one) => typeof one !== typeof value || one === null || (typeof one === 'object' && !empty(one) && !none(one)));
}

/** Every way to get one of these commands wrong. */
function* mistakes(commands) {
  for (const [name, command] of Object.entries(commands)) {
    const { do: what, ...fields } = command;
    yield [`${name} with an unknown field`, { ...command, colour: 'red' }];
    yield [`${name} with a field of the server`, { ...command, by: randomUUID() }];
    yield [`${name} with another spelling`, { ...fields, do: what.toUpperCase() }];
    for (const field of Object.keys(fields)) {
      const { [field]: _, ...without } = command;
      const optional = OPTIONAL[name]?.includes(field) ?? false;
      if (!optional) yield [`${name} without ${field}`, without];
      for (const wrong of wrongFor(fields[field])) {
        if (wrong === null && optional) continue;
        yield [`${name} with ${field}: ${JSON.stringify(wrong)}`, { ...command, [field]: wrong }];
      }
      if (typeof fields[field] !== 'string' || FREE.includes(field)) continue;
      yield [`${name} with ${field} cut off`, { ...command, [field]: fields[field].slice(1) }];
    }
  }
}

/** A consultation with an idea on its list, and the organizer's line to it. */
async function prepared(t) {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { idea, receipt } = await stage.share('Here first');
  await stage.promote(idea);
  await stage.phase('brainstorm');
  await stage.api.command(stage.organizer, { do: 'merge' });
  const { items } = await stage.api.plenary(stage.organizer, stage.id);
  const document = `consultation/${stage.id}`;
  const line = async (token) => {
    const raw = await Raw.connect(stage.server);
    t.after(() => raw.close());
    raw.send(frame.token(document, token));
    await raw.take('authenticated');
    return { commands: (commands) => raw.commands(document, commands) };
  };
  return { stage, line, known: { group: group.id, idea, receipt, item: items[0].id, point: stage.points[0].id } };
}

const withIds = (commands) => commands.map((command) => ({ id: randomUUID(), ...command }));

/** The code with which each is answered over HTTP, one after the other. */
async function codesOverHttp(stage, token, commands) {
  const codes = [];
  for (const command of commands) {
    const problem = await stage.api.command(token, command).then(() => undefined, (error) => error.body);
    if (problem) isProblem(problem, problem.code);
    codes.push(problem?.code ?? 'ok');
  }
  return codes;
}

test('C1: an unknown field, a missing one, a wrong type: each command in every way, on the socket and over HTTP', async (t) => {
  const { stage, line, known } = await prepared(t);
  const wrong = [...mistakes(everyCommand(known))];
  for (let at = 0; at < wrong.length; at += OF_ONE_SEAT) await stage.join();
  const before = await views(stage);
  const commands = withIds(wrong.map(([, command]) => command));
  // Whoever sends it: it is read before anybody asks who may do it.
  for (let at = 0; at < wrong.length; at += OF_ONE_SEAT) {
    const { token } = stage.groups[0].seats.at(-1 - at / OF_ONE_SEAT);
    const some = commands.slice(at, at + OF_ONE_SEAT);
    const answers = await (await line(token)).commands(some);
    const codes = await codesOverHttp(stage, token, some);
    for (const [index, [what]] of wrong.slice(at, at + OF_ONE_SEAT).entries()) {
      assert.equal(answers[index].code ?? answers[index], 'malformed', what);
      assert.equal(codes[index], 'malformed', `${what}, over HTTP`);
    }
  }
  assert.deepEqual(await views(stage), before, 'nothing has changed');
  t.diagnostic(`${wrong.length} malformed commands`);
  await stage.end();
});

test('ids of another consultation are nobody here: group, idea, item and point, by every command that names one', async (t) => {
  const { stage, line, known } = await prepared(t);
  const there = await scene(t, { server: stage.server });
  const theirs = await there.share('Of another consultation');
  await there.promote(theirs.idea);
  await there.api.command(there.organizer, { do: 'merge' });
  const { items } = await there.api.plenary(there.organizer, there.id);
  const foreign = { group: there.groups[0].id, idea: theirs.idea, item: items[0].id, point: there.points[0].id };
  const cases = [];
  for (const [field, id] of Object.entries(foreign)) {
    for (const command of Object.values(everyCommand({ ...known, [field]: id }))) {
      if (command[field] !== id) continue;
      const receipt = command.do === 'share' ? command.receipt : theirs.receipt;
      cases.push([`${command.do} with a foreign ${field}`, { ...command, ...(command.receipt && { receipt }) }]);
    }
  }
  const before = [await views(stage), await views(there)];
  const answers = await (await line(stage.organizer)).commands(withIds(cases.map(([, command]) => command)));
  for (const [at, [what, command]] of cases.entries()) {
    // What organizers never do is refused before anything is looked for, or after: both are no.
    const codes = NOT_OF_ORGANIZERS.has(command.do) ? ['not-found', 'forbidden'] : ['not-found'];
    if (['shelve', 'add-group-to-paper'].includes(command.do)) codes.push('wrong-phase');
    assert.ok(codes.includes(answers[at].code), `${what}: ${JSON.stringify(answers[at])}`);
  }
  const codes = await codesOverHttp(stage, stage.groups[0].seats[0].token, withIds(cases.map(([, command]) => command)));
  for (const [at, [what]] of cases.entries()) assert.ok(['not-found', 'forbidden', 'wrong-phase'].includes(codes[at]), `${what} by a participant: ${codes[at]}`);
  assert.deepEqual([await views(stage), await views(there)], before, 'neither has changed');
  assert.ok(cases.length >= 9, `${cases.length} cases`);
  await stage.end();
});

test('C2: each command again under its id is the same answer; with any other content it is a conflict, on both ways', async (t) => {
  const { stage, line, known } = await prepared(t);
  const organizers = await line(stage.organizer);
  const { share, edit, lock, reveal, phase, door, merge, reword } = everyCommand(known);
  const first = withIds([share, edit, lock, reveal, phase, { ...door, open: true }, merge, reword]);
  assert.deepEqual(new Set(await organizers.commands(first)), new Set(['ok']));
  const before = await views(stage);
  const others = [
    ...[{ text: 'Other words' }, { text: 'Other words' }, { on: false }, { group: stage.groups[1].id }],
    ...[{ minutes: 6 }, { open: false }, { do: 'reword', item: known.item }, { do: 'merge', item: undefined }],
  ];
  const changed = first.map((command, at) => JSON.parse(JSON.stringify({ ...command, ...others[at] })));
  assert.deepEqual(await codesOverHttp(stage, stage.organizer, first), first.map(() => 'ok'), 'again');
  assert.deepEqual(await codesOverHttp(stage, stage.organizer, changed), first.map(() => 'conflict'), 'with other content');
  const somebody = stage.groups[0].seats[0].token;
  assert.deepEqual(await codesOverHttp(stage, somebody, changed), first.map(() => 'conflict'), 'by somebody else');
  const again = await line(stage.organizer);
  const answers = await again.commands(changed);
  assert.deepEqual(answers.map((one) => one.code), first.map(() => 'conflict'), 'on the socket');
  assert.deepEqual(await views(stage), before, 'nothing was done twice');
  await stage.end();
});
