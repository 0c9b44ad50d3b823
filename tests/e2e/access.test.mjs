// Every cell of `docs/access.md`, over the wire: role × phase × command × document, on the socket and over HTTP. The page
// is what is expected; what it does not allow is refused with the reason it implies, and changes nothing.
//
// The group is always in another phase than the consultation, so that each rule is seen to go by the right one.

import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import * as awareness from 'y-protocols/awareness';
import { promised, readCommands, readTable } from '../harness/access.mjs';
import { newReceipt, read } from '../harness/api.mjs';
import { views } from '../harness/ending.mjs';
import { updatesOf } from '../harness/hostile.mjs';
import { Raw } from '../harness/raw.mjs';
import { isProblem } from '../harness/refusals.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

const table = readTable();
const named = readCommands();
const PHASES = Object.keys(table.values().next().value.organizer);
const READ_BOARD = 'Read a board';
const READ_PLENARY = 'Read the plenary';
const EDIT_BOARD = 'Write inside a text of a board';
const WORD_ENTRY = "Write inside a group's wording of an idea that it sends to the plenary";
const EDIT_PLENARY = 'Write inside a text of the plenary';
/** The texts that are tried, of each kind: to read its document and to write in it. */
const TEXTS = { board: [READ_BOARD, EDIT_BOARD], entry: [READ_BOARD, WORD_ENTRY], plenary: [READ_PLENARY, EDIT_PLENARY] };
const SEE_DOOR = 'See the join code';
const SEE_WORDINGS = 'See earlier wordings of an idea';
const SEE_SAME = 'See what may be the same, and what was passed over';
const SEE_DESK = 'See how many have not written yet, and what waits for a moderator';
/** Its actors are others afterwards: every cell of it is tried in `doors.test.mjs`. */
const CHANGE_GROUP = 'Go to another group oneself, where people choose theirs';
const SIGN_OFF = "Say whether the group's card is what was said";
const RETAIN = 'Set for how long the consultation is kept';
/** A route, and no command: every cell of it is tried in `rehearsal.test.mjs`. */
const REHEARSE = 'Rehearse what is prepared with simulated phones';
const AMEND = 'Change what is prepared, and see what is missing';
const PURGE = 'Delete all of the consultation, and see how it stands at its end';
const LET_IN = 'Let people in who wait at the door';
const CLOSE_SEATS = 'Close many seats together, and their votes with them';
const PLENARY_VOTE = 'Open and close the vote of everybody, add a group that was late, let seats vote that came late';
const APPROVE_ENTRY = 'Approve an entry in the vote of everybody';
const ADOPTION = 'Ask people whether they stand by a version of the list, and close that';
const ADOPT = 'Say that one stands by a version of the list';
const ADMIT = 'Let an idea that waits for the moderator, or one from the late shelf, onto its board';
const SETTLE_TEXT = 'Read texts that say something like deleted words, put them back or delete them';
const WITHDRAW = 'Take an own idea back, by its receipt';

const REMOVE = 'Close the seat of who writes in an idea, and undo what it wrote';
/** Each into a language of its own, of ideas that are there for it; a translator's into that of the link, each of another idea. */
let translations = 0;
const translation = (world, actor) => {
  translations += 1;
  if (actor?.role === 'translator') return { do: 'translate', idea: world.spare.at(-21 - world.translated++).idea, lang: 'xq', text: 'Translated' };
  const { idea } = world.spare.at(-1 - (translations % 20));
  return { do: 'translate', idea, lang: `x${translations.toString(36).replace(/[0-9]/g, (digit) => 'qrstuvwxyz'[digit])}`, text: `Translated ${translations}` };
};

const other = (phase) => PHASES[(PHASES.indexOf(phase) + 3) % PHASES.length];

/** The commands of a deed: refused, the first is tried; allowed, all of them, and the last ones take the first back. */
const COMMANDS = {
  'Publish an idea on a board': (w) => [
    { do: 'share', idea: randomUUID(), group: w.group.id, lang: 'en', text: 'Shared by a cell', receipt: newReceipt().hash },
  ],
  'Give an own idea another text, by its receipt': (w) => [
    { do: 'edit', idea: w.target.idea, receipt: w.target.receipt, text: `Edited ${randomUUID()}` },
  ],
  [WITHDRAW]: (w) => [{ do: 'withdraw', idea: w.spare[0].idea, receipt: w.spare[0].receipt }],
  'Approve an idea': (w) => [true, false].map((on) => ({ do: 'approve', idea: w.target.idea, on })),
  'Send an idea to the plenary': (w) => [true, false].map((on) => ({ do: 'promote', idea: w.target.idea, on })),
  'Take an idea off its board with a reason, and show it again': (w) => [
    { do: 'hide', idea: w.target.idea, reason: 'off-topic' },
    { do: 'unhide', idea: w.target.idea },
  ],
  'Combine ideas of a board, take them apart, or say that they are not the same': (w) => [
    { do: 'combine', idea: w.target.idea, into: w.listed },
    { do: 'take-apart', idea: w.target.idea },
    { do: 'not-duplicate', a: w.target.idea, b: w.listed, on: true },
    { do: 'not-duplicate', a: w.target.idea, b: w.listed, on: false },
  ],
  "Put a group's promoted ideas in order, for its card": (w) => [{ do: 'order', group: w.group.id, ideas: [] }],
  'Give an idea an earlier wording again': (w) => [{ do: 'restore', idea: w.target.idea, wording: 1 }],
  "Let nobody change an idea's text, or let people again": (w) => [true, false].map((on) => ({ do: 'lock', idea: w.target.idea, on })),
  [REMOVE]: (w) => [{ do: 'remove-writer', idea: w.defaced, writer: w.writers[0] }],
  'Put an idea that came too late on the late shelf': (w) => [
    { do: 'shelve', idea: randomUUID(), group: w.group.id, lang: 'en', text: 'Shelved by a cell', receipt: newReceipt().hash },
  ],
  [ADMIT]: (w) => [{ do: 'admit', idea: w.late[0], read: read(`Late ${20 - w.late.length}`) }],
  'Go to a discussion point, set its clock, plan minutes': (w) => [
    { do: 'point', point: w.stage.points[0].id, group: w.group.id },
    { do: 'minutes', minutes: [6], group: w.group.id },
    { do: 'clock', of: 'point', minutes: 1, group: w.group.id },
  ],
  'Say that an idea of a board should be looked at': (w) => [{ do: 'report', idea: w.target.idea, why: 'other' }],
  'Say that an idea of the list should be looked at': (w) => [{ do: 'report', idea: w.listed, why: 'other' }],
  'Read and settle reports that somebody may be in danger': (w) => [
    { do: 'acknowledge', idea: w.alarming.idea },
    { do: 'settle', idea: w.alarming.idea, show: false },
  ],
  'Share an idea for somebody without a phone': (w) => [
    { do: 'share', idea: randomUUID(), group: w.group.id, lang: 'en', text: 'Spoken by a cell', receipt: newReceipt().hash, spoken: true },
  ],
  'Put an idea into another language': (w, actor) => [translation(w, actor)],
  'Call for help in a group': (w) => [{ do: 'help', group: w.group.id, on: true }],
  'Say that help has come to a group': (w) => [{ do: 'help', group: w.group.id, on: false }],
  'Show the ideas held back on a board': (w) => [{ do: 'reveal', group: w.group.id }],
  'Move one group to a phase': (w) => [other(w.groupPhase), w.groupPhase].map((phase) => ({ do: 'phase', phase, group: w.group.id })),
  'Move the whole consultation to a phase': (w) => [
    { do: 'phase', phase: other(w.phase) },
    { do: 'phase', phase: w.phase },
    { do: 'phase', phase: w.groupPhase, group: w.group.id },
  ],
  'Open and close the door': () => [false, true].map((open) => ({ do: 'door', open })),
  'Make, revoke and replace cards of the closed roll': () => [{ do: 'make-cards', count: 1 }],
  'Say how many people are in a room or in a group': (w) => [{ do: 'chairs', count: 30, group: w.group.id }, { do: 'chairs', group: w.group.id }],
  [LET_IN]: (w) => [{ do: 'let-in', group: w.group.id }],
  [CLOSE_SEATS]: (w) => [
    { do: 'close-seats', which: { burst: 1000 }, at_most: 1, group: w.group.id },
    { do: 'restore-seats', closing: 1000 },
  ],
  'Move a seat into a group or out of it, by the code that its phone shows': (w) => [{ do: 'move-seat', code: w.code, group: w.group.id }],
  [AMEND]: (w) => [{ do: 'amend', field: 'safeguarding', base: w.version, value: true }],
  'See, make, revoke and hand on staff links': () => {
    const [seat, to] = [randomUUID(), randomUUID()];
    return [
      { do: 'add-link', seat, role: 'room', token: newReceipt().hash },
      { do: 'hand-link', seat, to, token: newReceipt().hash },
      { do: 'revoke-link', seat: to },
    ];
  },
  'Build the plenary list': () => [{ do: 'merge' }],
  [SETTLE_TEXT]: (w) => [{ do: 'settle-text', text: `note/${w.item}`, keep: true, read: read('') }],
  "Fill an item's wording with its anchor's words": (w) => [{ do: 'reword', item: w.item }],
  'Put ideas together or apart, for the list': (w) => [
    { do: 'assign', idea: w.target.idea, item: w.target.idea },
    { do: 'assign', idea: w.target.idea },
  ],
  'Put items first or keep them off the list; set cut, rule and weights': (w) => [true, false].map((on) => ({ do: 'pin', item: w.item, on })),
  'Let the list stand still, or move again': () => [true, false].map((on) => ({ do: 'freeze', on })),
  [SIGN_OFF]: (w) => [{ do: 'sign-off', group: w.group.id, agree: true }, { do: 'sign-off', group: w.group.id }],
  'Hide a minority note, or show it again': (w) => [{ do: 'hide-note', note: w.note, reason: w.reason }, { do: 'hide-note', note: w.note }],
  [RETAIN]: () => [{ do: 'retain', days: 20 }],
  [PURGE]: () => [{ do: 'purge', confirm: 'not its title' }],
  'Object to an entry of the list with one line': (w) => [
    { do: 'object', item: w.item, line: 'A line by a cell' },
    { do: 'object', item: w.item },
  ],
  // What the vote does when it is open: `plenary-vote.test.mjs`.
  [PLENARY_VOTE]: () => [{ do: 'close-plenary-vote' }],
  [APPROVE_ENTRY]: (w) => [{ do: 'approve-entry', item: w.item, on: true }],
  // What the adoption does when it is open: `adoption.test.mjs`.
  [ADOPTION]: () => [{ do: 'close-adoption' }],
  [ADOPT]: () => [{ do: 'adopt', on: true }],
  // Once its words are deleted it is the same again.
  'Delete the words of an objection': (w) => [{ do: 'hide-objection', item: w.item, objection: w.objection }],
};
/** Who may purge is asked to confirm, nobody waits at the door, no vote is open, and there is no such burst: nothing of it is done here. */
const REFUSED_ALL_THE_SAME = {
  [SETTLE_TEXT]: 'nothing-there', [PURGE]: 'not-confirmed', [LET_IN]: 'nothing-there', [CLOSE_SEATS]: 'not-found',
  [PLENARY_VOTE]: 'plenary-vote-not-open', [APPROVE_ENTRY]: 'plenary-vote-not-open', [ADOPTION]: 'adoption-not-open', [ADOPT]: 'adoption-not-open' };
const permittedAnswer = (deed) => REFUSED_ALL_THE_SAME[deed] ?? 'ok';
/** Deeds that concern the consultation as a whole. */
const OF_ALL = [
  'Move the whole consultation to a phase',
  'Open and close the door',
  'Make, revoke and replace cards of the closed roll',
  AMEND,
  'See, make, revoke and hand on staff links',
  'Build the plenary list',
  "Fill an item's wording with its anchor's words",
  'Put ideas together or apart, for the list',
  'Put items first or keep them off the list; set cut, rule and weights',
  'Let the list stand still, or move again',
  'Object to an entry of the list with one line',
  'Delete the words of an objection',
  ...[PLENARY_VOTE, APPROVE_ENTRY, ADOPTION, ADOPT, EDIT_PLENARY, READ_PLENARY, SEE_SAME, SEE_DOOR, RETAIN, PURGE],
];

/** The commands of a deed here; the page names each of them for it. */
function commandsOf(world, deed, actor) {
  const commands = COMMANDS[deed](world, actor);
  for (const command of commands) assert.ok(named.get(deed).includes(command.do), `docs/access.md names \`${command.do}\` for: ${deed}`);
  return commands;
}

const prepared = (commands) => commands.map((command) => ({ id: randomUUID(), ...command }));

/** What is promised to somebody now. */
function promise(world, actor, deed) {
  return promised(table, { deed, role: actor.role, own: actor.own, phase: OF_ALL.includes(deed) ? world.phase : world.groupPhase });
}

/** A consultation with everybody in it, ideas to work on, one on the list, and somebody of another consultation. */
async function wholeWorld(t) {
  const settings = { private_first: true, votes: null, ideas_per_seat: 1000, promoted_per_group: 1000, plenary_vote: 'off' };
  const stage = await scene(t, { seats: 3, settings });
  const stranger = await scene(t, { server: stage.server, seats: 1 });
  const [group, hills] = stage.groups;
  const world = { stage, group, item: undefined, spare: [], late: [], translated: 0 };
  world.target = await stage.share('What everybody works on');
  const listed = await stage.share('On the list');
  world.alarming = await stage.share('Somebody may be in danger');
  const [, sharing, watching] = group.seats;
  world.code = (await stage.api.json(`/api/consultations/${stage.id}/seat-code`, { method: 'POST', token: watching.token })).code;
  const lines = [];
  const line = async (token) => {
    const raw = await Raw.connect(stage.server);
    lines.push(raw);
    raw.send(frame.token(`consultation/${stage.id}`, token));
    await raw.take('authenticated');
    return raw;
  };
  t.after(() => lines.forEach((raw) => raw.close()));
  const shares = Array.from({ length: 120 }, (_, at) => {
    const { receipt, hash } = newReceipt();
    const idea = randomUUID();
    world.spare.push({ idea, receipt });
    return { id: randomUUID(), do: 'share', idea, group: group.id, lang: 'en', text: `Spare ${at}`, receipt: hash };
  });
  const late = Array.from({ length: 20 }, (_, at) => {
    world.late.push(randomUUID());
    const [idea, receipt] = [world.late[at], newReceipt().hash];
    return { id: randomUUID(), do: 'shelve', idea, group: group.id, lang: 'en', text: `Late ${at}`, receipt };
  });
  const sender = await line(sharing.token);
  const sent = async (commands) => {
    const answers = await sender.commands(`consultation/${stage.id}`, commands);
    assert.ok(answers.every((one) => one === 'ok'), JSON.stringify(answers.find((one) => one !== 'ok')));
  };
  await sent(shares);
  await stage.phase('vote');
  await sent(late);
  await stage.phase('brainstorm');
  await stage.api.command(stage.organizer, { do: 'reveal', group: group.id });
  await stage.api.command(watching.token, { do: 'report', idea: world.alarming.idea, why: 'danger' });
  await stage.promote(listed.idea);
  await stage.phase('brainstorm');
  await stage.api.command(stage.organizer, { do: 'merge' });
  world.note = await noted(stage, group, group.seats[0]);
  world.reason = (await stage.api.json(`/api/consultations/${stage.id}/programme`, { token: stage.organizer })).hide_reasons[0].id;
  await prepareTexts(world);
  await readVersion(world);
  world.item = (await stage.api.plenary(stage.organizer, stage.id)).items[0].id;
  world.listed = listed.idea;
  await stage.phase('plenary');
  await stage.api.command(hills.seats[2].token, { do: 'object', item: world.item, line: 'Against' });
  const room = () => stage.api.plenary(stage.organizer, stage.id).then(({ items }) => items[0].responses);
  world.objection = (await until('the objection is in the room', room)).lines[0].id;
  await stage.phase('brainstorm');
  world.actors = [
    { name: 'the organizer', role: 'organizer', token: stage.organizer },
    { name: 'the moderator of the group', role: 'moderator', own: true, token: group.moderator },
    { name: 'the moderator of another group', role: 'moderator', token: hills.moderator },
    { name: 'the rapporteur of the group', role: 'rapporteur', own: true, token: group.rapporteur },
    { name: 'the rapporteur of another group', role: 'rapporteur', token: hills.rapporteur },
    { name: 'the editor', role: 'editor', token: stage.editor },
    { name: 'a translator', role: 'translator', token: await translator(stage) },
    { name: 'a participant of the group', role: 'participant', own: true, token: watching.token },
    { name: 'a participant of another group', role: 'participant', token: hills.seats[0].token },
    { name: 'a room', role: 'room', token: stage.room },
    { name: 'the safeguarding contact', role: 'safeguarding', token: stage.safeguarding },
  ];
  for (const actor of world.actors) actor.line = await line(actor.token);
  world.outsiders = [
    { name: 'nobody', token: undefined, code: 'unauthorized' },
    { name: 'an unknown token', token: 'a'.repeat(43), code: 'unauthorized' },
    { name: "another consultation's organizer", token: stranger.organizer, code: 'not-found' },
    { name: "another consultation's participant", token: stranger.groups[0].seats[0].token, code: 'not-found' },
  ];
  return world;
}

/** A link of somebody who translates. */
async function translator(stage) {
  const { receipt: token } = newReceipt();
  const hash = createHash('sha256').update(token).digest('hex');
  await stage.api.command(stage.organizer, { do: 'add-link', seat: randomUUID(), role: 'translator', lang: 'xq', token: hash });
  return token;
}

/** A line on the group's card, by somebody who does nothing else. */
async function noted(stage, group, seat) {
  const { phase } = await stage.api.consultation(stage.organizer, stage.id);
  await stage.api.phase(stage.organizer, 'review');
  await stage.api.command(seat.token, { do: 'sign-off', group: group.id, line: 'Somebody saw it otherwise' });
  await stage.api.phase(stage.organizer, phase);
  const card = await stage.api.json(`/api/consultations/${stage.id}/group-cards/${group.id}`, { token: stage.organizer });
  return card.signed.notes[0].id;
}

/** Earlier words of the idea that everybody works on, and seats whose pages wrote in it. */
async function prepareTexts(world) {
  const { stage, group, target } = world;
  await stage.api.command(group.seats[0].token, { do: 'edit', idea: target.idea, receipt: target.receipt, text: 'Worked on' });
  await until('its first words are kept', async () => {
    const path = `/api/boards/${group.id}/wordings/${target.idea}`;
    return (await stage.api.json(path, { token: group.moderator })).wordings.length > 0;
  });
  // Hidden and shown again, a text is a new one, without the letters of those who wrote in it.
  world.defaced = (await stage.share('What somebody defaces')).idea;
  await stage.api.command(stage.organizer, { do: 'reveal', group: group.id });
  world.writers = [];
  while (world.writers.length < 26) {
    const writer = await stage.hocuspocus(await stage.api.join({ key: stage.key, group: group.id }));
    await writer.has(world.defaced);
    writer.type(world.defaced, 'x');
    await writer.recorded();
    world.writers.push(writer.doc.clientID);
    stage.drop(writer);
  }
}

/** Moves everybody, and the group to the phase after it. */
async function move(world, phase) {
  world.phase = phase;
  world.groupPhase = PHASES[(PHASES.indexOf(phase) + 1) % PHASES.length];
  const { organizer } = world.stage;
  for (const place of [{ phase }, { phase: world.groupPhase, group: world.group.id }]) {
    const [command] = prepared([{ do: 'phase', ...place }]);
    assert.equal(await overHttp(world, organizer, command), 'ok');
  }
}

/** Sends over HTTP; gives `ok` or the problem. A seat's bucket is for all its ways: who is too fast waits for room in it. */
function overHttp(world, token, command) {
  return until('the bucket has room', async () => {
    const sent = world.stage.api.json('/api/commands', { method: 'POST', token, body: command });
    const answer = await sent.then(() => 'ok', (error) => error.body ?? error);
    return answer.code !== 'too-fast' && answer;
  });
}

const TRANSPORTS = {
  http: async (world, actor, commands) => {
    const answers = [];
    for (const command of commands) answers.push(await overHttp(world, actor.token, command));
    return answers;
  },
  socket: (world, actor, commands) => actor.line.commands(`consultation/${world.stage.id}`, commands),
};

/** All that can be seen, but for what the room says: that follows its commands by a moment. */
const seen = async (world) => JSON.parse(JSON.stringify(await views(world.stage), (key, value) => (key === 'room' ? undefined : value)));

async function unchanged(world, what, attempts) {
  // The list follows by itself a moment after what was allowed before: it has to have followed.
  await world.stage.api.command(world.stage.organizer, { do: 'merge' }).catch((error) => assert.ok(error.code, error));
  const before = await seen(world);
  const count = await attempts();
  assert.deepEqual(await seen(world), before, `${what}: what was refused changed nothing`);
  return count;
}

/** All that the page does not allow now, by everybody, on both ways. */
async function refusals(world) {
  let count = 0;
  for (const actor of world.actors) {
    const refused = Object.keys(COMMANDS).filter((deed) => promise(world, actor, deed) !== 'ok');
    for (const [way, send] of Object.entries(TRANSPORTS)) {
      const answers = await send(world, actor, prepared(refused.map((deed) => commandsOf(world, deed, actor)[0])));
      for (const [at, deed] of refused.entries()) {
        const what = `${deed}: ${actor.name} in ${world.phase}, the group in ${world.groupPhase}, ${way}`;
        assert.notEqual(answers[at], 'ok', what);
        assert.equal(answers[at].code, promise(world, actor, deed), what);
        isProblem(answers[at], answers[at].code);
      }
      count += refused.length;
    }
  }
  return count;
}

/** The version that the next amendment is based on. */
async function readVersion(world) {
  const { stage } = world;
  world.version = (await stage.api.json(`/api/consultations/${stage.id}/preparation`, { token: stage.organizer })).versions.safeguarding;
}

/** All that the page allows now. */
async function permissions(world) {
  let count = 0;
  for (const actor of world.actors) {
    for (const deed of Object.keys(COMMANDS).filter((deed) => promise(world, actor, deed) === 'ok')) {
      for (const [way, send] of Object.entries(TRANSPORTS)) {
        const answers = await send(world, actor, prepared(commandsOf(world, deed, actor)));
        const what = `${deed}: ${actor.name} in ${world.phase}, the group in ${world.groupPhase}, ${way}`;
        for (const answer of answers) assert.equal(answer.code ?? answer, permittedAnswer(deed), `${what}: ${JSON.stringify(answer)}`);
        if (deed === WITHDRAW) world.spare.shift();
        if (deed === REMOVE) world.writers.shift();
        if (deed === ADMIT) world.late.shift();
        if (deed === AMEND) await readVersion(world);
        count += 1;
      }
    }
  }
  return count;
}

/** Those who have no place here: every command about this consultation, and every document of it. */
async function outsiders(world) {
  const { stage, group } = world;
  let count = 0;
  for (const { name, token, code } of world.outsiders) {
    for (const [deed, make] of Object.entries(COMMANDS)) {
      const [command] = prepared(make(world));
      const answer = await overHttp(world, token, command);
      const ofIds = ['idea', 'group', 'item', 'note'].some((field) => field in command);
      // Without an id of this consultation it is a command in their own; all that matters is that it is none in ours.
      const reasons = code === 'unauthorized' ? [code] : [code, 'forbidden', 'wrong-phase', 'plenary-vote-not-open'];
      if (code === 'unauthorized' || ofIds) assert.ok(reasons.includes(answer.code), `${deed} by ${name}: ${answer.code ?? answer}`);
      count += 1;
    }
    const addresses = {
      [`board/${group.id}`]: `/api/boards/${group.id}`,
      [`plenary/${stage.id}`]: `/api/plenary/${stage.id}`,
      [`consultation/${stage.id}`]: `/api/consultations/${stage.id}`,
    };
    for (const [document, address] of Object.entries(addresses)) {
      const raw = await Raw.connect(stage.server);
      raw.send(frame.token(document, token ?? ''));
      await raw.take('denied', document);
      raw.send(frame.stateless(document, JSON.stringify({ type: 'command', ...prepared([{ do: 'merge' }])[0] })));
      raw.close();
      const read = await stage.api.json(address, { token }).then(() => 'ok', (error) => error.code);
      assert.equal(read, code === 'unauthorized' ? code : 'forbidden', `${name} reads ${document}`);
      count += 2;
    }
  }
  return count;
}

test('every cell of docs/access.md that is a command holds over the wire, on the socket and over HTTP', async (t) => {
  const world = await wholeWorld(t);
  const counts = { refused: 0, allowed: 0, outside: 0 };
  for (const phase of PHASES) {
    await move(world, phase);
    counts.refused += await unchanged(world, phase, () => refusals(world));
    counts.outside += await unchanged(world, phase, () => outsiders(world));
    counts.allowed += await permissions(world);
  }
  t.diagnostic(JSON.stringify(counts));
  await world.stage.end();
});

/** The text of a document that an edit goes to. */
function textOf(world, kind, doc) {
  if (kind === 'plenary') return doc.getMap('statement').get('opening');
  const [idea, text] = kind === 'entry' ? [world.listed, 'entry'] : [world.target.idea, 'text'];
  return doc.getMap('ideas').get(idea).get(text);
}

/** Reads by HTTP, asks for a ticket, opens, says what it edits, edits: each as promised. */
async function reach(world, actor, kind) {
  const { stage } = world;
  const document = kind === 'plenary' ? `plenary/${stage.id}` : `board/${world.group.id}`;
  const [read, edit] = TEXTS[kind];
  const what = `${kind}: ${actor.name} in ${world.phase}, the group in ${world.groupPhase}`;
  const mayRead = promise(world, actor, read);
  const view = kind === 'plenary' ? stage.api.plenary(actor.token, stage.id) : stage.api.board(actor.token, world.group.id);
  const codeOf = (sent) => sent.then(() => 'ok', (error) => error.code);
  assert.equal(await codeOf(view), mayRead, `${what}: read over HTTP`);
  assert.equal(await codeOf(stage.api.ticket(actor.token, document)), mayRead, `${what}: a ticket`);
  const raw = await Raw.connect(stage.server);
  try {
    const opened = await raw.open(document, actor.token).catch((error) => {
      assert.match(error.message, /denied/, what);
      return undefined;
    });
    assert.equal(opened !== undefined, mayRead === 'ok', `${what}: opened on the socket`);
    const doc = opened ?? world.read[kind === 'plenary' ? kind : 'board'];
    const [update] = updatesOf(doc, () => textOf(world, kind, doc).insert(0, '.'));
    raw.send(frame.awareness(document, stateOf(doc, { idea: world.target.idea, item: world.item })));
    raw.send(frame.update(document, update));
    if (opened === undefined) {
      // What arrives for a document that is not open is ignored: the pong comes back, and nothing else did.
      raw.send(Uint8Array.of(9));
      await raw.take('pong');
      assert.ok(!raw.frames.some((one) => one.kind === 'status' || one.kind === 'stateless'), `${what}: ignored`);
      return false;
    }
    const mayEdit = promise(world, actor, edit);
    if (mayEdit === 'ok') await raw.take('status', document);
    else isProblem((await raw.ending(document)).refused.problem, mayEdit);
    return mayEdit === 'ok';
  } finally {
    raw.close();
  }
}

function stateOf(doc, state) {
  const of = new awareness.Awareness(doc);
  of.setLocalState(state);
  const update = awareness.encodeAwarenessUpdate(of, [doc.clientID]);
  of.destroy();
  return update;
}

test('every cell of docs/access.md that is a document holds: read, edit by a real update, awareness, the code', async (t) => {
  const world = await wholeWorld(t);
  const { stage } = world;
  const counts = { edits: 0, refused: 0 };
  for (const phase of PHASES) {
    await move(world, phase);
    const reader = await Raw.connect(stage.server);
    const board = await reader.open(`board/${world.group.id}`, stage.organizer);
    world.read = { board, plenary: await reader.open(`plenary/${stage.id}`, stage.organizer) };
    reader.close();
    for (const [kind, [, edit]] of Object.entries(TEXTS)) {
      const editors = world.actors.filter((actor) => promise(world, actor, edit) === 'ok');
      const others = world.actors.filter((actor) => !editors.includes(actor));
      await unchanged(world, `${kind} in ${phase}`, async () => {
        for (const actor of others) assert.equal(await reach(world, actor, kind), false);
      });
      for (const actor of editors) assert.equal(await reach(world, actor, kind), true);
      counts.edits += editors.length;
      counts.refused += others.length;
    }
    for (const actor of world.actors) {
      const { you } = await stage.api.consultation(actor.token, stage.id);
      assert.equal(you.door !== undefined, promise(world, actor, SEE_DOOR) === 'ok', `${SEE_DOOR}: ${actor.name} in ${phase}`);
      const same = stage.api.json(`/api/plenary/${stage.id}/suggestions`, { token: actor.token });
      const code = await same.then(() => 'ok', (error) => error.code);
      assert.equal(code, promise(world, actor, SEE_SAME), `${SEE_SAME}: ${actor.name} in ${phase}`);
      const desk = await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: actor.token }).then(
        ({ groups }) => groups.map(({ group }) => group),
        () => [],
      );
      const atDesk = desk.includes(world.group.id);
      assert.equal(atDesk, promise(world, actor, SEE_DESK) === 'ok', `${SEE_DESK}: ${actor.name} in ${phase}`);
    }
  }
  t.diagnostic(JSON.stringify(counts));
  await stage.end();
});

test('the page names no deed that is not tried here, and a page that promises something else is found out', () => {
  const tried = [...Object.keys(COMMANDS), READ_BOARD, READ_PLENARY, EDIT_BOARD, WORD_ENTRY, EDIT_PLENARY, SEE_DOOR, SEE_SAME, SEE_DESK, CHANGE_GROUP, SEE_WORDINGS, REHEARSE];
  assert.deepEqual([...table.keys()].sort(), tried.sort());
  assert.deepEqual(PHASES, ['lobby', 'briefing', 'brainstorm', 'vote', 'review', 'plenary', 'closed']);
  const page = '## Approve an idea\n\n| | lobby | vote |\n|---|---|---|\n| participant | – | own |\n| room | – | – |\n';
  const small = readTable(page);
  const of = (role, own, phase) => promised(small, { deed: 'Approve an idea', role, own, phase });
  assert.deepEqual(
    [of('participant', true, 'vote'), of('participant', false, 'vote'), of('participant', true, 'lobby'), of('room', true, 'vote')],
    ['ok', 'forbidden', 'wrong-phase', 'forbidden'],
  );
});
