// The fixed names: requests, answers, documents, messages, exactly as they were promised. Others build on these.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { newReceipt } from '../harness/api.mjs';
import { boardOf, plenaryOf } from '../harness/documents.mjs';
import { request } from '../harness/http.mjs';
import { Raw } from '../harness/raw.mjs';
import { STATUS } from '../harness/refusals.mjs';
import { scene } from '../harness/scene.mjs';
import { KEY } from '../harness/server.mjs';
import * as is from '../harness/shape.mjs';
import { until } from '../harness/until.mjs';
import { unzip } from '../harness/zip.mjs';
import { frame, PING } from '../harness/wire.mjs';
import { itemOf } from '../harness/items.mjs';

const CODE = /^[0-9A-Z]{6}$/;
const link = { token: is.text, url: is.like(/^https?:\/\/[^#?]+#\S+$/) };
const phase = is.oneOf('lobby', 'briefing', 'brainstorm', 'vote', 'review', 'plenary', 'closed');
const clock = { now: is.whole, started_at: is.whole, ends_at: is.orNull(is.whole) };
const announced = { phase, at: is.whole };
const kind = is.orNull(is.oneOf('challenge', 'opportunity', 'recommendation', 'partnership', 'good-practice'));
const settings = {
  votes: is.orNull(is.whole),
  tallies: is.oneOf('live', 'hidden'),
  private_first: is.boolean,
  door_open: is.boolean,
  ideas_per_seat: is.whole,
  promoted_per_group: is.orNull(is.whole),
  moderation: is.boolean,
  entry: is.oneOf('choice', 'balanced', 'links', 'cards'),
  admission: is.oneOf('open', 'waves'),
  groups_move: is.boolean,
  plenary_vote: is.oneOf('auto', 'on', 'off'),
  ballot_paper: is.oneOf('recommendations', 'all'),
  working_language: is.oneOf('first', 'ar', 'en', 'es', 'fr', 'ru', 'zh'),
  retention_days: is.whole,
};
const localText = (value) => (typeof value === 'string' ? undefined : is.mapOf(is.text, is.string)(value));
const people = (value) => (value === 'some' || Number.isInteger(value) ? undefined : 'is no number of people');
const plenaryVote = {
  stage: is.oneOf('waiting', 'open', 'closed'),
  paper: is.list({ item: is.uuid, section: is.text, groups: is.list(is.uuid), approvals: is.optional(people) }),
  ...{ voters: is.whole, voted: is.whole, late: is.whole, without_entry: is.whole, working: is.list(is.uuid), ready: is.list(is.uuid) },
};
const state = {
  id: is.uuid,
  title: localText,
  phase,
  clock,
  announced: is.optional(announced),
  points: is.list({ id: is.text, title: localText, minutes: is.whole, kind: is.optional(kind) }),
  groups: is.list({
    ...{ id: is.uuid, name: is.text, phase, clock, here: is.whole, held: is.whole, held_at_point: is.whole },
    ...{ announced: is.optional(announced), point: is.orNull(is.text), point_clock: clock, signed: is.whole },
    ...{ minutes: is.list(is.whole), late: is.whole, hidden: is.boolean, help: is.boolean },
  }),
  settings,
  promoted_at_most: is.whole,
  run: is.whole,
  plenary_vote: is.optional(plenaryVote),
  adoption: is.optional({ version: is.whole, open: is.boolean, voters: is.whole, adopted: is.optional(is.anything) }),
  purge_at: is.whole,
  programme: is.whole,
  opens_at: is.optional(is.whole),
};
const CARD_CODE = /^[0-9A-Z]{9}$/;
const groupDoor = { group: is.uuid, code: is.like(CARD_CODE), url: is.text };
const shortfall = { item: is.uuid, section: is.text, places: is.whole, people, by_group: is.mapOf(is.uuid, people) };
const coverage = { section: is.text, voters: people, covered: people, enough: is.boolean };
const audit = {
  represented: is.boolean,
  shortfalls: is.list(shortfall),
  promoted_nothing: is.list(is.uuid),
  coverage: is.list(coverage),
  close: is.list(is.uuid),
  groups_without: is.list(is.uuid),
};
const door = { code: is.like(CODE), url: is.text, groups: is.optional(is.list(groupDoor)) };
const ownResponse = (value) =>
  is.mismatch(value, { response: is.exactly('object'), line: is.optional(is.text) });
const translation = { text: is.text, of: is.optional(is.like(/^[0-9a-f]{64}$/)), machine: is.optional(is.exactly(true)), n: is.optional(is.whole) };
const you = (role) => ({
  role: is.exactly(role),
  group: is.orNull(is.uuid),
  lang: is.optional(is.text),
  approved: is.list(is.uuid),
  confirm: is.list(is.uuid),
  responses: is.optional(is.mapOf(is.uuid, ownResponse)),
  plenary_vote: is.optional({ may_vote: is.boolean, voted: is.boolean, approved: is.list(is.uuid) }),
  adoption: is.optional({ may_adopt: is.boolean, adopts: is.boolean }),
  door: is.optional(door),
});
const idea = {
  id: is.uuid,
  text: is.string,
  entry: is.optional(is.string),
  point: is.text,
  kind,
  lang: is.string,
  tally: is.orNull(is.whole),
  state: is.oneOf('shown', 'promoted', 'combined-into'),
  into: is.optional(is.uuid),
  locked: is.optional(is.boolean),
  spoken: is.optional(is.boolean),
  tr: is.optional(is.mapOf(is.text, is.string)),
  translations: is.optional(is.mapOf(is.text, translation)),
};
const board = { epoch: is.uuid, seq: is.whole, ideas: is.list(idea), group_card_order: is.optional(is.list(is.uuid)) };
const answer = { id: is.uuid, ok: is.exactly(true), seq: is.whole };
const problem = { title: is.text, status: is.whole, code: is.oneOf(...Object.keys(STATUS)), detail: is.text };
const facts = {
  section: is.oneOf('challenges', 'recommendations', 'partnerships', 'ideas'),
  points: is.list(is.text),
  rank: is.whole,
  number: is.whole,
  t: is.orNull(is.number),
  status: is.oneOf('listed', 'below'),
  support: is.orNull({ seats: is.whole, groups: is.whole, by_group: is.mapOf(is.uuid, is.whole) }),
  paid_by_group: is.mapOf(is.uuid, is.number),
  rank_by_votes: is.whole,
  because: {
    alone: is.optional(is.whole),
    most: is.optional(is.exactly(true)),
    margin: is.optional(is.whole),
    served: is.optional(is.whole),
    served_by: is.optional(is.list(is.whole)),
  },
  more: is.whole,
  anchor: is.uuid,
  text: is.text,
  lang: is.string,
  translations: is.mapOf(is.text, translation),
  sources: is.list({
    idea: is.uuid,
    group: is.uuid,
    text: is.text,
    lang: is.string,
    votes: is.orNull(is.whole),
    via: is.oneOf('anchor', 'identical', 'assigned', 'combined'),
  }),
  tags: is.list(is.text),
};
const responses = { object: is.whole, lines: is.list({ id: is.uuid, text: is.text }) };
const statement = { opening: is.string, summary: is.string, closing: is.string };

test('GET /healthz answers 200 when ready', async (t) => {
  const stage = await scene(t);
  assert.equal((await request(`${stage.server.url}/healthz`)).status, 200);
  await stage.end();
});

test('POST /api/consultations: 201, links, groups, a code; the door is open unless the settings say otherwise', async (t) => {
  const stage = await scene(t);
  const created = {
    id: is.uuid,
    code: is.like(CODE),
    join_url: is.like(/#.*[0-9a-f]{32}/),
    organizer: link,
    editor: link,
    room: link,
    safeguarding: link,
    groups: is.list({ id: is.uuid, name: is.text, moderator: link, rapporteur: link }),
  };
  const body = { title: 'Named', groups: ['A', 'B'], points: ['One?', { title: { en: 'Two?', fr: 'Deux ?' }, minutes: 7 }] };
  const answered = await request(`${stage.server.url}/api/consultations`, { method: 'POST', token: KEY, body });
  assert.equal(answered.status, 201);
  assert.match(answered.headers['content-type'], /^application\/json/);
  const made = JSON.parse(answered.text);
  is.assertShape(made, created, 'Created');
  assert.deepEqual(made.groups.map((group) => group.name), ['A', 'B']);
  for (const one of [made.organizer, made.editor, made.room, ...made.groups.flatMap(({ moderator, rapporteur }) => [moderator, rapporteur])]) {
    assert.ok(one.url.split('#')[1].includes(one.token), 'the secret stands in the fragment');
  }
  const doorstep = await stage.api.doorstep(made.code);
  is.assertShape(
    doorstep,
    {
      consultation: is.exactly(made.id),
      title: is.exactly('Named'),
      groups: is.list({ id: is.uuid, name: is.text }),
      languages: is.list(is.text),
      open: is.exactly(true),
      entry: is.exactly('choice'),
      key: is.like(/^[0-9a-f]{32}$/),
    },
    'Doorstep',
  );
  assert.ok(doorstep.languages.includes('fr'));
  const key = made.join_url.match(/[0-9a-f]{32}/)[0];
  assert.deepEqual(await stage.api.doorstep(key), doorstep, 'the doorstep opens with the key as well');
  const view = await stage.api.consultation(made.organizer.token, made.id);
  assert.deepEqual(view.points.map((point) => point.title), ['One?', { en: 'Two?', fr: 'Deux ?' }]);
  assert.equal(view.points[1].minutes, 7);
  assert.equal(view.phase, 'lobby');

  const closed = await stage.api.create({ settings: { door_open: false, votes: null, tallies: 'live', private_first: true } });
  assert.equal((await stage.api.doorstep(closed.code)).open, false);
  const shut = await stage.api.consultation(closed.organizer.token, closed.id);
  assert.deepEqual([shut.points.length, shut.groups.length], [1, 2], 'one point and two groups by default');
  assert.deepEqual([shut.settings.votes, shut.settings.tallies, shut.settings.private_first], [null, 'live', true]);
  const sample = await stage.api.create({ template: 'technology-crime' });
  const five = await stage.api.consultation(sample.organizer.token, sample.id);
  assert.equal(five.points.length, 5, 'the sample consultation has five discussion points');
  await stage.end();
});

test('POST /api/join: 201 with code or key; the same shape, the group that was asked for', async (t) => {
  const stage = await scene(t, { seats: 0 });
  const [harbour, hills] = stage.groups;
  const joined = { seat: is.uuid, token: is.text, consultation: is.exactly(stage.id), group: is.uuid, board: is.text };
  const { key } = stage;
  for (const way of [{ code: stage.created.code }, { code: stage.created.code.toLowerCase() }, { key }]) {
    const body = { ...way, group: hills.id };
    const answered = await request(`${stage.server.url}/api/join`, { method: 'POST', body });
    assert.equal(answered.status, 201, answered.text);
    const seat = JSON.parse(answered.text);
    is.assertShape(seat, joined, 'Joined');
    assert.deepEqual([seat.group, seat.board], [hills.id, `board/${hills.id}`]);
  }
  assert.equal((await stage.api.join({ key })).group, harbour.id, 'absent: the smallest group');
  await stage.end();
});

test('W12: GET /api/consultations/{id}: the state for everybody, and you by role', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const tokens = {
    participant: group.seats[0].token,
    moderator: group.moderator,
    organizer: stage.organizer,
    editor: stage.editor,
    rapporteur: group.rapporteur,
    room: stage.room,
    safeguarding: stage.safeguarding,
  };
  for (const [role, token] of Object.entries(tokens)) {
    const view = await stage.api.consultation(token, stage.id);
    is.assertShape(view, { protocol: is.exactly(0), ...state, you: you(role) }, `ConsultationView of a ${role}`);
    const grouped = ['participant', 'moderator', 'rapporteur'].includes(role);
    assert.equal(view.you.group, grouped ? group.id : null);
    assert.equal(view.you.door !== undefined, !['participant', 'safeguarding'].includes(role), `the door is for staff and rooms: ${role}`);
  }
  await stage.end();
});

test('W12: POST /api/commands: 200 with id, ok and seq; every command by its name', async (t) => {
  const stage = await scene(t, { settings: { tallies: 'live' } });
  const [group] = stage.groups;
  const { token } = group.seats[0];
  const [one, two] = [randomUUID(), randomUUID()];
  const { receipt, hash } = newReceipt();
  const share = (id) => ({ do: 'share', idea: id, group: group.id, point: stage.points[0].id, kind: 'recommendation', lang: 'en', text: 'Words', receipt: hash });
  const steps = [
    [token, share(one)],
    [token, { ...share(two), point: undefined, kind: undefined }],
    [token, { do: 'edit', idea: one, receipt, text: 'Other words' }],
    // Nothing is held, so nothing is journaled: the seq of what was last.
    [group.moderator, { do: 'reveal', group: group.id }, 'unchanged'],
    [stage.organizer, { do: 'phase', phase: 'vote', minutes: 10, group: group.id }],
    [stage.organizer, { do: 'phase', phase: 'vote' }],
    [token, { do: 'approve', idea: one, on: true, counter: 1 }],
    [token, { do: 'approve', idea: two, on: true }],
    [stage.organizer, { do: 'phase', phase: 'review' }],
    [group.moderator, { do: 'promote', idea: one, on: true, kind: 'recommendation' }],
    [token, { do: 'withdraw', idea: two, receipt }],
    [stage.organizer, { do: 'door', open: false }],
    [stage.organizer, { do: 'phase', phase: 'plenary' }],
    [stage.editor, { do: 'merge' }],
    [stage.editor, { do: 'reword', item: itemOf(one) }],
  ];
  let seq = 0;
  for (const [who, command, unchanged] of steps) {
    const id = randomUUID();
    const answered = await request(`${stage.server.url}/api/commands`, { method: 'POST', token: who, body: { id, ...command } });
    assert.equal(answered.status, 200, `${command.do}: ${answered.text}`);
    const done = JSON.parse(answered.text);
    is.assertShape(done, answer, command.do);
    assert.equal(done.id, id);
    assert.ok(unchanged ? done.seq === seq : done.seq > seq, `${command.do}: one consultation, one sequence: ${done.seq} after ${seq}`);
    seq = done.seq;
  }
  await stage.end();
});

test('create and join are commands as well', async (t) => {
  const stage = await scene(t);
  const created = await stage.api.command(KEY, { do: 'create', title: 'By command' });
  assert.match(created.created.code, CODE);
  const command = { do: 'join', code: created.created.code };
  const joined = await stage.api.command(undefined, command);
  assert.equal(joined.joined.consultation, created.created.id);
  await stage.end();
});

test('create and join are commands on the socket as well; create only for who has the organizer key', async (t) => {
  const stage = await scene(t);
  const holder = await stage.hocuspocus(stage.staff(KEY));
  const created = await holder.command({ do: 'create', title: 'By socket' });
  assert.equal(created.ok, true, JSON.stringify(created));
  const joined = await holder.command({ do: 'join', code: created.created.code });
  assert.equal(joined.joined.consultation, created.created.id);
  const organizer = await stage.hocuspocus(stage.staff(stage.organizer));
  const refused = await organizer.command({ do: 'create', title: 'Without the key' });
  assert.equal(refused.problem.code, 'forbidden');
  await stage.end();
});

test('W12: GET /api/boards/{group-id}: epoch, seq, ideas; with after it waits for something later', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { token } = group.seats[0];
  const shared = await stage.share('On the board', { kind: 'good-practice', lang: 'ar' });
  const view = await stage.view(group, token);
  is.assertShape(view, board, 'BoardView');
  assert.deepEqual([view.ideas[0].kind, view.ideas[0].lang, view.ideas[0].point], ['good-practice', 'ar', stage.points[0].id]);
  const waiting = stage.api.board(token, group.id, view.seq);
  const client = await stage.hocuspocus(group.seats[1]);
  await client.has(shared.idea);
  client.type(shared.idea, ', edited');
  const later = await waiting;
  assert.ok(later.seq > view.seq);
  assert.equal(later.ideas[0].text, 'On the board, edited');
  assert.deepEqual(await stage.api.board(token, group.id, view.seq), later, 'what is later already is answered at once');
  await stage.end();
});

test('W12: GET /api/plenary/{consultation-id} and its exports', async (t) => {
  const stage = await scene(t, { settings: { plenary_vote: 'off' } });
  const [group] = stage.groups;
  const empty = await stage.api.plenary(stage.room, stage.id);
  const view = { consultation: is.exactly(stage.id), epoch: is.uuid, run: is.whole, sha256: is.orNull(is.like(/^[0-9a-f]{64}$/)), version: is.optional(is.whole), version_at: is.optional(is.whole), version_sha256: is.optional(is.like(/^[0-9a-f]{64}$/)), draft: is.optional(is.boolean), frozen: is.optional(is.boolean), audit: is.optional(audit), statement, items: is.list({ id: is.uuid, wording: is.string, note: is.string, voted: is.optional(is.string), responses: is.optional(responses), ...facts }) };
  is.assertShape(empty, view, 'an empty PlenaryView');
  assert.deepEqual([empty.run, empty.sha256, empty.items], [0, null, []]);
  const { idea: one } = await stage.share('Recommended', { kind: 'recommendation' });
  await stage.phase('vote');
  await stage.api.approve(group.seats[0].token, one);
  await stage.promote(one, { group });
  await stage.phase('plenary');
  await stage.api.command(stage.organizer, { do: 'merge' });
  const full = await stage.api.plenary(group.seats[1].token, stage.id);
  is.assertShape(full, view, 'PlenaryView');
  const { token } = group.seats[0];
  await stage.api.command(token, { do: 'object', item: itemOf(one), line: 'Why?' });
  const said = await until('the room is shown', async () => {
    const now = await stage.api.plenary(token, stage.id);
    return now.items[0].responses?.object === 1 && now;
  });
  is.assertShape(said, view, 'PlenaryView with responses');
  is.assertShape((await stage.api.json(`/api/consultations/${stage.id}`, { token })).you, you('participant'), 'You with what it says');
  assert.equal(full.items.length, 1);
  for (const format of ['md', 'docx', 'csv', 'json']) {
    const file = await stage.api.exported(stage.organizer, stage.id, format);
    const text = format === 'docx' ? unzip(file.bytes).get('word/document.xml') : file.text;
    assert.ok(text.includes('Recommended'));
    assert.match(file.headers['content-disposition'] ?? '', /attachment|inline/, 'it has a file name');
  }
  await stage.end();
});

test('W12: POST /api/tickets: ticket and expires, and the ticket is not the seat token', async (t) => {
  const stage = await scene(t);
  const [seat] = stage.groups[0].seats;
  const ticket = await stage.api.ticket(seat.token, seat.board);
  is.assertShape(ticket, { ticket: is.text, expires: is.whole }, 'Ticket');
  assert.notEqual(ticket.ticket, seat.token);
  assert.ok(ticket.expires > Date.now(), 'milliseconds since 1970, in the future');
  await stage.end();
});

test('B2: the board document has the promised shape', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  await stage.share('One', { kind: 'challenge' });
  await stage.share('Two', { lang: 'fr' });
  const client = await stage.hocuspocus(group.seats[1]);
  const shape = {
    ideas: is.mapOf(is.uuid, {
      text: is.text,
      point: is.text,
      kind,
      lang: is.string,
      order: is.number,
      tally: is.orNull(is.whole),
      state: is.oneOf('shown', 'promoted', 'combined-into'),
      into: is.optional(is.uuid),
      locked: is.optional(is.boolean),
      tr: is.mapOf(is.text, is.string),
    }),
    about: { epoch: is.uuid, group: is.exactly(group.id), phase: is.exactly('brainstorm'), lock: is.exactly(false) },
  };
  is.assertShape(boardOf(client.doc), shape, 'the board');
  const ideas = Object.values(boardOf(client.doc).ideas).sort((a, b) => a.order - b.order);
  assert.deepEqual(ideas.map(({ text }) => text), ['One', 'Two'], 'order rises as they were shared');
  assert.equal((await stage.view()).epoch, boardOf(client.doc).about.epoch);
  await stage.end();
});

test('B3, I6: the plenary is a document like a board, and has the promised shape', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { idea: one } = await stage.share('To the plenary', { kind: 'recommendation' });
  await stage.phase('vote');
  await stage.api.approve(group.seats[0].token, one);
  await stage.promote(one, { group });
  await stage.phase('plenary');
  await stage.api.command(stage.organizer, { do: 'merge' });
  const client = await stage.hocuspocus(stage.staff(stage.editor, `plenary/${stage.id}`));
  const shape = {
    items: is.mapOf(is.uuid, { wording: is.exactly(''), note: is.exactly(''), tr: is.mapOf(is.text, is.string), ...facts }),
    about: { epoch: is.uuid, phase: is.exactly('plenary'), run: is.exactly(1), sha256: is.like(/^[0-9a-f]{64}$/), audit },
    statement,
  };
  is.assertShape(plenaryOf(client.doc), shape, 'the plenary');
  const view = await stage.api.plenary(stage.editor, stage.id);
  const [item] = view.items;
  const { tr, ...inDocument } = plenaryOf(client.doc).items[itemOf(one)];
  assert.deepEqual(tr, {});
  const { id, ...overHttp } = item;
  assert.equal(id, itemOf(one));
  assert.deepEqual(inDocument, overHttp, 'document and HTTP say the same');
  await stage.end();
});

test('W2, W11, W18: the messages on the consultation document have the promised shape', async (t) => {
  const stage = await scene(t, { phase: 'lobby' });
  const [group] = stage.groups;
  const client = await stage.hocuspocus(group.seats[0]);
  await until('state and you are pushed after opening', () => client.state && client.you);
  assert.deepEqual(client.welcome, { type: 'welcome', protocol: 0 }, 'W18: the version is the first that is said');
  is.assertShape(client.state, state, 'state');
  is.assertShape(client.you, you('participant'), 'you');
  await stage.phase('brainstorm');
  await until('a change is pushed', () => client.state.phase === 'brainstorm');
  await until('who is here is pushed', () => client.state.groups[0].here === 1);
  const shared = await client.command({ do: 'share', idea: randomUUID(), group: group.id, lang: 'en', text: 'By socket', receipt: newReceipt().hash });
  is.assertShape(shared, { type: is.exactly('answer'), ...answer }, 'answer');
  const refused = await client.command({ do: 'merge' });
  is.assertShape(refused, { type: is.exactly('problem'), id: is.uuid, problem }, 'problem');
  await stage.phase('vote');
  const { ideas } = await stage.view();
  await stage.api.approve(group.seats[0].token, ideas[0].id);
  await until('what the seat approves is pushed', () => client.you.approved.includes(ideas[0].id));
  client.type(ideas[0].id, 'late');
  is.assertShape(await client.refused(), { type: is.exactly('refused'), document: is.exactly(client.document), problem }, 'refused');
  stage.drop(client);
  await stage.end();
});

test('W1, W10: a ping is answered with a pong, and scopes are read-write and readonly', async (t) => {
  const stage = await scene(t);
  const [seat] = stage.groups[0].seats;
  const raw = await Raw.connect(stage.server);
  for (const [document, token, scope] of [
    [seat.board, seat.token, 'read-write'],
    [`plenary/${stage.id}`, seat.token, 'readonly'],
    [`plenary/${stage.id}\0again`, stage.editor, 'read-write'],
    [`${seat.board}\0room`, stage.room, 'readonly'],
  ]) {
    raw.send(frame.token(document, token));
    const { payload } = await until(`an answer for ${JSON.stringify(document)}`, () =>
      raw.frames.find((one) => one.key === document && one.kind === 'authenticated'),
    );
    assert.equal(payload, scope, document);
  }
  raw.send(PING);
  await raw.take('pong');
  raw.close();
  await stage.end();
});
