// Rehearsals: simulated phones play the prepared day in a twin, and nothing of it stays. The consultation itself is the
// same afterwards, byte by byte.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

/** Real seconds of a played day, beside what the server needs. */
const DAY = { seconds: 10 };
const PLAYED_MS = 90_000;
/** SQLite's own counters stand in the first hundred bytes. */
const HEADER_BYTES = 100;

const refusedWith = (code) => (error) => {
  assert.equal(error.code, code, error.message);
  return true;
};

function rehearsing(stage, { id, organizer } = stage) {
  const at = `/api/consultations/${id}/rehearsal`;
  const token = organizer.token ?? organizer;
  return {
    start: (body = DAY, who = token) => stage.api.json(at, { method: 'POST', token: who, body }).then(({ rehearsal }) => rehearsal),
    view: (who = token) => stage.api.json(at, { token: who }).then(({ rehearsal }) => rehearsal),
    stop: (who = token) => stage.api.json(at, { method: 'DELETE', token: who }),
    async played() {
      await until('the day is played', async () => (await this.view())?.deleted_at !== undefined, { within: PLAYED_MS });
      return this.view();
    },
  };
}

/** What can be read of the consultation that is not rehearsed. */
async function facts(stage) {
  const at = `/api/consultations/${stage.id}`;
  const read = (path) => stage.api.json(`${at}${path}`, { token: stage.organizer });
  const { clock, ...state } = await read('');
  for (const group of state.groups) for (const clockOf of [group.clock, group.point_clock]) delete clockOf.now;
  return { state, started: clock.started_at, rest: await Promise.all(['/preparation', '/checklist', '/ledger', '/links', '/ending'].map(read)) };
}

/** The data without SQLite's counters, of a server that has stopped. */
const bytes = (stage) => readFileSync(`${stage.server.data}/plenum.db`).subarray(HEADER_BYTES);

test('C30: the prepared day is played in a twin that the organizer watches, and then nothing of it is left', async (t) => {
  const stage = await scene(t, { phase: 'lobby', seats: 0, settings: { private_first: true, votes: 2, entry: 'links' } });
  const rehearsal = rehearsing(stage);
  assert.equal(await rehearsal.view(), null);
  const before = await facts(stage);
  const { twin } = await rehearsal.start();
  assert.notEqual(twin.id, stage.id);
  await assert.rejects(rehearsal.start(), refusedWith('rehearsing'));
  await assert.rejects(rehearsing(stage, { id: twin.id, organizer: twin.organizer }).start(), refusedWith('wrong-phase'));

  // Ordinary screens show it, and say what it is.
  const watched = await stage.api.consultation(twin.organizer.token, twin.id);
  assert.equal(watched.rehearsal, true);
  assert.equal((await stage.api.consultation(stage.organizer, stage.id)).rehearsal, undefined);
  const screen = await Raw.connect(stage.server);
  t.after(() => screen.close());
  screen.send(frame.token(`consultation/${twin.id}`, twin.room.token));
  await screen.take('authenticated');

  const { progress, done, problem } = await rehearsal.played();
  assert.equal(problem, undefined, JSON.stringify(problem));
  assert.deepEqual([done, progress.phase, progress.phones, progress.refused], [true, 'plenary', 10, 0]);
  // Half of the phones write to the one point; each approves two ideas.
  assert.equal(progress.ideas, 6);
  assert.equal(progress.votes, 20);
  const board = await stage.api.board(twin.organizer.token, twin.groups[0].id);
  assert.equal(board.ideas.length, 3);
  assert.ok(board.ideas.every(({ text, tally }) => text !== undefined && tally !== undefined), 'what was held was revealed');
  assert.equal((await stage.api.plenary(twin.organizer.token, twin.id)).items.length, progress.listed);
  assert.ok(progress.listed > 0);

  assert.deepEqual(await rehearsal.stop(), { rehearsal: null });
  await until('its screens are told', () => screen.frames.some((one) => JSON.stringify(one).includes('purged')));
  await assert.rejects(stage.api.consultation(twin.organizer.token, twin.id), (error) => ['unauthorized', 'purged'].includes(error.code));
  assert.equal(await rehearsal.view(), null);
  assert.deepEqual(await facts(stage), before);
  await stage.end();
});

test('the consultation itself is the same, byte by byte; a rehearsal that was left over is gone at the next start', async (t) => {
  const stage = await scene(t, { phase: 'lobby', seats: 1 });
  const rehearsal = rehearsing(stage);
  // Once, so that both readings are of a file from which a twin was deleted.
  await rehearsal.start();
  await rehearsal.stop();
  await stage.server.stop();
  const before = bytes(stage);
  await stage.server.again();
  const { twin } = await rehearsal.start();
  await until('phones write', async () => (await rehearsal.view()).progress.ideas > 0, { within: PLAYED_MS });
  await stage.server.kill();
  const files = ['plenum.db', 'plenum.db-wal'].map((name) => readFileSync(`${stage.server.data}/${name}`));
  assert.ok(files.some((file) => file.includes(twin.code)), 'the twin is in the data');
  await stage.server.again();
  assert.equal(await rehearsal.view(), null);
  await assert.rejects(stage.api.consultation(twin.organizer.token, twin.id), refusedWith('unauthorized'));
  await stage.server.stop();
  assert.ok(bytes(stage).equals(before), 'nothing of the twin is left, and nothing else is another');
  await stage.server.again();
  await stage.end();
});

test('a paper of the day is read in the twin as well; what is done to it there happens there', async (t) => {
  const stage = await scene(t, { phase: 'lobby', seats: 0 });
  const rehearsal = rehearsing(stage);
  const materials = (id, token) => ({
    all: async () => (await stage.api.json(`/api/consultations/${id}/preparation`, { token })).materials,
    amend: (value, base) => stage.api.command(token, { do: 'amend', field: 'materials', base, value }),
    async file(material, method = 'GET', body = undefined) {
      const headers = { Authorization: `Bearer ${token}` };
      const answer = await fetch(`${stage.server.url}/api/consultations/${id}/materials/${material}`, { method, headers, body });
      return answer.status === 200 ? answer.text() : answer.status;
    },
  });
  const day = materials(stage.id, stage.organizer);
  await day.amend([{ title: 'Paper', reading: 'briefing', file: { name: 'paper.pdf' } }, { title: 'Later', reading: 'briefing', file: { name: 'later.pdf' } }], 1);
  const [paper, later] = await day.all();
  await day.file(paper.id, 'PUT', '%PDF-of the day');
  const { twin } = await rehearsal.start();
  const copy = materials(twin.id, twin.organizer.token);
  const [twins, twinsLater] = await copy.all();
  assert.equal(await copy.file(twins.id), '%PDF-of the day');
  assert.equal(await copy.file(twinsLater.id), 404);
  await copy.file(twins.id, 'PUT', '%PDF-of the twin');
  assert.equal(await copy.file(twins.id), '%PDF-of the twin');
  assert.equal(await day.file(paper.id), '%PDF-of the day');
  await copy.amend([], (await stage.api.json(`/api/consultations/${twin.id}/preparation`, { token: twin.organizer.token })).versions.materials);
  assert.equal(await copy.file(twins.id), 404);
  await rehearsal.stop();
  assert.equal(await day.file(paper.id), '%PDF-of the day');
  assert.equal(await day.file(later.id), 404);
  await stage.end();
});

test('however people come in, phones come in that way; groups and phones have a bound', async (t) => {
  const stage = await scene(t, { phase: 'lobby', seats: 0 });
  const all = [{ entry: 'cards' }, { moderation: true }, { entry: 'balanced', ideas_per_seat: 1, promoted_per_group: 1, tallies: 'live' }, { votes: null }];
  await Promise.all(all.map(async (settings) => {
    const groups = Array.from({ length: 12 }, (_, at) => `Group ${at + 1}`);
    const created = await stage.api.create({ title: 'Many', groups, settings });
    const rehearsal = rehearsing(stage, { id: created.id, organizer: created.organizer });
    await rehearsal.start();
    const { progress, problem } = await rehearsal.played();
    assert.deepEqual([progress.phones, progress.refused, problem], [40, 0, undefined], JSON.stringify(settings));
    await rehearsal.stop();
  }));
  await stage.end();
});

test('a rehearsal is refused once the day has begun, to anybody but organizers, and for a length that is none', async (t) => {
  const stage = await scene(t, { phase: 'briefing', seats: 1 });
  const rehearsal = rehearsing(stage);
  for (const seconds of [9, 601, -1, 'long']) await assert.rejects(rehearsal.start({ seconds }), refusedWith('malformed'));
  const others = [stage.groups[0].moderator, stage.editor, stage.room, stage.safeguarding, stage.groups[0].seats[0].token];
  const none = async () => {
    for (const who of others) {
      await assert.rejects(rehearsal.start(DAY, who), refusedWith('forbidden'));
      await assert.rejects(rehearsal.view(who), refusedWith('forbidden'));
      await assert.rejects(rehearsal.stop(who), refusedWith('forbidden'));
    }
  };
  for (const phase of ['lobby', 'briefing']) {
    await stage.phase(phase);
    await none();
    await rehearsal.start();
    await rehearsal.stop();
  }
  await assert.rejects(stage.api.json(`/api/consultations/${stage.id}/rehearsal`), refusedWith('unauthorized'));
  await stage.phase('brainstorm', stage.groups[0]);
  await assert.rejects(rehearsal.start(), refusedWith('wrong-phase'));
  for (const phase of ['brainstorm', 'vote', 'review', 'plenary', 'closed']) {
    await stage.phase(phase);
    await none();
    await assert.rejects(rehearsal.start(), refusedWith('wrong-phase'));
  }
  // What was begun by mistake can be taken back, and then rehearsed; deleting the day deletes its rehearsal.
  for (const group of [undefined, ...stage.groups]) await stage.phase('lobby', group);
  const { twin } = await rehearsal.start();
  await stage.api.command(stage.organizer, { do: 'purge', confirm: 'A consultation' });
  const there = () => stage.api.consultation(twin.organizer.token, twin.id).then(() => true, () => false);
  await until('the twin is gone too', async () => !(await there()));
});

test('on the organizer\'s screen: one button starts it, links show it, one button ends it', async (t) => {
  const stage = await scene(t, { phase: 'lobby', seats: 0 });
  const chrome = await browser(t);
  const one = await phone(chrome, 'organizer');
  const watching = await phone(chrome, 'watching', { locale: 'ar', colorScheme: 'dark' });
  await one.open(`${stage.server.url}/organize#c=${stage.id}&t=${stage.organizer}`);
  await one.page.locator('[data-test="prepare"] > summary').click();
  await one.at('rehearse-length').selectOption('300');
  const asked = one.page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/rehearsal'));
  await one.at('rehearse-start').click();
  assert.deepEqual((await asked).postDataJSON(), { seconds: 300 });
  await one.page.locator('[data-test="rehearsal"][data-state="played"]').waitFor();
  await one.page.locator('[data-test="rehearse-phones"]:not([data-n="0"])').waitFor({ timeout: PLAYED_MS });
  await one.fits('a rehearsal');
  await shot(one, 'rehearsal-en');
  const links = await one.page.locator('[data-test="rehearse-link"]').evaluateAll((all) => all.map(({ href }) => href));
  assert.equal(links.length, 3 + 2 * stage.groups.length);
  for (const [at, link] of [links.at(-1), ...links.slice(0, 2)].entries()) {
    await watching.open(link);
    await watching.at('rehearsal-mark').waitFor();
    await watching.fits(`a screen of the twin, ${at}`);
    await shot(watching, `rehearsal-watched-${at}-ar-dark`);
  }
  await one.at('rehearse-stop').click();
  await one.at('rehearse-start').waitFor();
  await watching.at('purged').waitFor();
  await stage.phase('brainstorm');
  await one.at('rehearse-began').waitFor();
  one.clean(stage.server);
  await stage.end();
});
