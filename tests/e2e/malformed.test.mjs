// What is almost a command, and commands about what is somebody else's: refused with a reason on both ways, no effect.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { newReceipt } from '../harness/api.mjs';
import { views } from '../harness/ending.mjs';
import { Raw } from '../harness/raw.mjs';
import { isProblem } from '../harness/refusals.mjs';
import { scene } from '../harness/scene.mjs';
import { frame } from '../harness/wire.mjs';

/** One good command of each kind, with every field that it may have. */
function everyCommand({ group, idea, receipt, item, point }) {
  return {
    share: { do: 'share', idea: randomUUID(), group, point, kind: 'challenge', lang: 'en', text: 'An idea', receipt: newReceipt().hash },
    edit: { do: 'edit', idea, receipt, text: 'Another text' },
    withdraw: { do: 'withdraw', idea, receipt },
    approve: { do: 'approve', idea, on: true, n: 1 },
    promote: { do: 'promote', idea, on: true },
    reveal: { do: 'reveal', group },
    phase: { do: 'phase', phase: 'brainstorm', minutes: 5, group },
    door: { do: 'door', open: false },
    merge: { do: 'merge' },
    reword: { do: 'reword', item },
  };
}
/** Messages that a seat sends here, on both ways together: what its bucket holds. */
const OF_ONE_SEAT = 45;
const OPTIONAL = ['point', 'kind', 'lang', 'n', 'minutes'];
/** Without its group, a phase is for everybody: another command, and a good one. */
const OTHERWISE_GOOD = new Set(['phase without group']);

/** Values of a type that no field of this name has. */
function wrongFor(value) {
  const all = [null, 7, -1, 1.5, true, 'x', '', [], {}, [value], { value }, 2 ** 63, 'é'.repeat(40)];
  return all.filter((one) => typeof one !== typeof value || one === null || typeof one === 'object');
}

/** Every way to get one of these commands wrong. */
function* mistakes(commands) {
  for (const [name, command] of Object.entries(commands)) {
    const { do: what, ...fields } = command;
    yield [`${name} with an unknown field`, { ...command, colour: 'red' }];
    yield [`${name} with a field of the server`, { ...command, seat: randomUUID() }];
    yield [`${name} with another spelling`, { ...fields, do: what.toUpperCase() }];
    for (const field of Object.keys(fields)) {
      const { [field]: _, ...without } = command;
      if (!OPTIONAL.includes(field) && !OTHERWISE_GOOD.has(`${name} without ${field}`)) yield [`${name} without ${field}`, without];
      for (const wrong of wrongFor(fields[field])) {
        if (wrong === null && (OPTIONAL.includes(field) || field === 'group')) continue;
        yield [`${name} with ${field}: ${JSON.stringify(wrong)}`, { ...command, [field]: wrong }];
      }
      if (typeof fields[field] !== 'string' || ['text', 'lang'].includes(field)) continue;
      yield [`${name} with ${field} cut off`, { ...command, [field]: fields[field].slice(1) }];
    }
  }
}

/** A consultation with an idea on its list, and the organizer's line to it. */
async function prepared(t) {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { idea, receipt } = await stage.share('Here first');
  await stage.api.promote(stage.organizer, idea);
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
  await there.api.promote(there.organizer, theirs.idea);
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
    // Organizers never vote; that is known before the idea is looked for, or after: both are no.
    const codes = command.do === 'approve' ? ['not-found', 'forbidden'] : ['not-found'];
    assert.ok(codes.includes(answers[at].code), `${what}: ${JSON.stringify(answers[at])}`);
  }
  const codes = await codesOverHttp(stage, stage.groups[0].seats[0].token, withIds(cases.map(([, command]) => command)));
  for (const [at, [what]] of cases.entries()) assert.ok(['not-found', 'forbidden'].includes(codes[at]), `${what} by a participant: ${codes[at]}`);
  assert.deepEqual([await views(stage), await views(there)], before, 'neither has changed');
  assert.ok(cases.length >= 9, `${cases.length} cases`);
  await stage.end();
});

test('C2: each command again under its id is the same answer; with any other content it is a conflict, on both ways', async (t) => {
  const { stage, line, known } = await prepared(t);
  const organizers = await line(stage.organizer);
  const { share, edit, promote, reveal, phase, door, merge, reword } = everyCommand(known);
  const first = withIds([share, edit, promote, reveal, phase, { ...door, open: true }, merge, reword]);
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
