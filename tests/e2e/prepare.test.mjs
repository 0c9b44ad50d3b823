// Preparing: templates in and out, what is wrong in one, amendments of two organizers, files, staff links, the checklist.

import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { request } from '../harness/http.mjs';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { KEY } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

const LANGUAGES = ['ar', 'en', 'es', 'fr', 'ru', 'zh'];
const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(20_000)]);
const sum = (bytes) => createHash('sha256').update(bytes).digest('hex');
const newToken = () => {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: sum(token) };
};
const refusedWith = (code) => (error) => {
  assert.equal(error.code, code, error.message);
  return true;
};

/** Requests about what is prepared. */
function preparing(stage, created = stage.created) {
  const at = `/api/consultations/${created.id}`;
  const token = created.organizer.token;
  const url = stage.server.url;
  return {
    token,
    look: () => stage.api.json(`${at}/preparation`, { token }),
    checklist: async () => (await stage.api.json(`${at}/checklist`, { token })).missing,
    links: () => stage.api.json(`${at}/links`, { token }),
    programme: (who = token) => stage.api.json(`${at}/programme`, { token: who }),
    exported: async () => (await request(`${url}${at}/template`, { token })).text,
    async amend(field, value, base) {
      base ??= (await this.look()).versions[field];
      return stage.api.command(token, { do: 'amend', field, base, value });
    },
    upload: (material, body, who = token) =>
      fetch(`${url}${at}/materials/${material}`, { method: 'PUT', headers: { Authorization: `Bearer ${who}` }, body }),
    download: (material, who = token) =>
      fetch(`${url}${at}/materials/${material}`, { headers: { Authorization: `Bearer ${who}` } }),
  };
}

const imported = (stage, file, token = KEY) =>
  stage.api.json('/api/consultations/import', { method: 'POST', token, body: typeof file === 'string' ? JSON.parse(file) : file });

test('the sample is complete in six languages, and export → import → export gives the same bytes', async (t) => {
  const stage = await scene(t);
  const created = await stage.api.create({ template: 'technology-crime' });
  const organizer = preparing(stage, created);
  const programme = await organizer.programme();
  assert.equal(programme.version, 1);
  assert.deepEqual([programme.objectives.length, programme.outcomes.length, programme.speakers.length], [3, 3, 2]);
  assert.equal(programme.agenda.reduce((minutes, entry) => minutes + entry.minutes, 0), 75);
  for (const text of [...programme.objectives, ...programme.outcomes, ...programme.agenda.map((entry) => entry.title)]) {
    assert.deepEqual(Object.keys(text).sort(), LANGUAGES);
  }
  const doorstep = await stage.api.doorstep(created.join_url.match(/[0-9a-f]{32}/)[0]);
  assert.deepEqual([...doorstep.languages].sort(), LANGUAGES);
  const first = await organizer.exported();
  assert.equal(first, (await request(`${stage.server.url}/api/templates/technology-crime`)).text);
  const raw = await fetch(`${stage.server.url}/api/consultations/import`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${KEY}` },
    body: first,
  });
  assert.equal(raw.status, 201);
  assert.equal(await preparing(stage, await raw.json()).exported(), first);
  await assert.rejects(stage.api.create({ template: 'no-such' }), refusedWith('not-found'));
  await stage.end();
});

test('a template file with errors names each line and field, in a form that a screen can say', async (t) => {
  const stage = await scene(t);
  const file = '{\n  "version": 1,\n  "title": {"en": "A", "englisch": "B"},\n  "points": [\n    {"title": "One?", "minutes": -6},\n    {"titel": "Two?", "minutes": 6}\n  ],\n  "groups": ["Nile", "Nile"]\n}\n';
  const answer = await fetch(`${stage.server.url}/api/consultations/import`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${KEY}` },
    body: file,
  });
  assert.equal(answer.status, 422);
  const problem = await answer.json();
  assert.equal(problem.code, 'template');
  assert.deepEqual(
    problem.errors.map(({ line, field, wrong }) => [line, field, wrong]),
    [
      [3, 'title.englisch', 'unknown-language'],
      [5, 'points[0].minutes', 'not-number'],
      [6, 'points[1].title', 'missing'],
      [6, 'points[1].titel', 'unknown-field'],
      [8, 'groups[1]', 'duplicated'],
    ],
  );
  assert.match(problem.detail, /line 5: points\[0\]\.minutes/);
  await assert.rejects(imported(stage, '{}', 'wrong'), refusedWith('unauthorized'));
  await assert.rejects(imported(stage, { version: 1, title: 'x'.repeat(600_000) }), refusedWith('too-large'));
  await stage.end();
});

test('C20: two organizers who change the same thing see each other’s change; everybody’s phone hears of it', async (t) => {
  const stage = await scene(t);
  const organizer = preparing(stage);
  const before = await organizer.look();
  await organizer.amend('objectives', ['What I think'], before.versions.objectives);
  await assert.rejects(organizer.amend('objectives', ['What you think'], before.versions.objectives), refusedWith('stale'));
  const now = await organizer.look();
  assert.deepEqual(now.objectives, ['What I think']);
  assert.equal(now.version, before.version + 1);
  await organizer.amend('outcomes', ['Another field is nobody’s business'], before.versions.outcomes);
  const view = await stage.api.consultation(stage.groups[0].seats[0].token, stage.id);
  assert.equal(view.programme, before.version + 2);
  const seen = await organizer.programme(stage.groups[0].seats[0].token);
  assert.deepEqual([seen.version, seen.objectives], [view.programme, ['What I think']]);
  await assert.rejects(
    organizer.amend('agenda', [{ title: 'Briefing', minutes: 'twenty', phase: 'briefing' }]),
    (error) => error.code === 'template' && error.body.errors[0].field === 'agenda[0].minutes',
  );
  await stage.server.stop();
  await stage.server.again();
  assert.deepEqual((await organizer.look()).versions, { ...now.versions, outcomes: before.version + 2 });
  await stage.end();
});

test('after the start what people have worked with stays', async (t) => {
  const stage = await scene(t);
  const organizer = preparing(stage);
  await stage.share('A thought');
  const { points, groups, settings } = await organizer.look();
  await assert.rejects(organizer.amend('points', [{ title: 'Another?', minutes: 6 }]), refusedWith('in-use'));
  await organizer.amend('points', [...points.map((point) => ({ ...point, minutes: 9 })), { title: 'Another?', minutes: 6 }]);
  await assert.rejects(organizer.amend('groups', [groups[0]]), refusedWith('in-use'));
  await organizer.amend('groups', [...groups.map((group) => ({ ...group, name: `${group.name} 2` })), { name: 'Delta' }]);
  const view = await stage.api.consultation(stage.organizer, stage.id);
  assert.deepEqual(view.groups.map((group) => group.name), ['Harbour 2', 'Hills 2', 'Delta']);
  assert.deepEqual(view.points.map((point) => point.minutes), [9, 6]);
  const late = await stage.api.join({ key: stage.key, group: view.groups[2].id });
  assert.equal(late.group, view.groups[2].id);
  await organizer.amend('settings', { votes: 2 });
  await stage.phase('vote');
  await assert.rejects(organizer.amend('settings', { votes: 9 }), refusedWith('in-use'));
  await stage.phase('closed');
  await assert.rejects(organizer.amend('settings', { retention_days: settings.retention_days + 1 }), refusedWith('wrong-phase'));
  const token = stage.groups[0].moderator;
  await assert.rejects(stage.api.command(token, { do: 'amend', field: 'title', base: 1, value: 'x' }), refusedWith('forbidden'));
  await stage.end();
});

test('a PDF is kept, handed out as a download, and gone when it is removed', async (t) => {
  const stage = await scene(t);
  const organizer = preparing(stage);
  await organizer.amend('materials', [
    { title: 'Paper', reading: 'pre-reading', file: { name: 'pâper.pdf' } },
    { title: 'Site', reading: 'briefing', link: 'https://example.org/a' },
  ]);
  await assert.rejects(
    organizer.amend('materials', [{ title: 'Bad', reading: 'briefing', link: 'javascript:alert(1)' }]),
    refusedWith('template'),
  );
  const [paper, site] = (await organizer.look()).materials;
  assert.equal(paper.file.stored, false);
  const phone = stage.groups[0].seats[0].token;
  assert.equal((await organizer.download(paper.id)).status, 404);
  assert.equal((await organizer.upload(paper.id, PDF, phone)).status, 403);
  assert.equal((await organizer.upload(site.id, PDF)).status, 404);
  assert.equal((await organizer.upload(paper.id, '<script>')).status, 415);
  assert.equal((await organizer.upload(paper.id, Buffer.alloc(10 * 1024 * 1024 + 1, '%PDF-'))).status, 413);
  const stored = await organizer.upload(paper.id, PDF);
  assert.deepEqual(await stored.json(), { bytes: PDF.length, sha256: sum(PDF) });
  await stage.server.stop();
  await stage.server.again();
  const answer = await organizer.download(paper.id, phone);
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), PDF);
  assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(answer.headers.get('content-security-policy'), "sandbox; default-src 'none'");
  assert.match(answer.headers.get('content-disposition'), /^attachment; filename="p_per\.pdf"; filename\*=UTF-8''p%C3%A2per\.pdf$/);
  await organizer.amend('materials', [{ ...paper, title: 'Renamed' }, site]);
  assert.equal((await organizer.download(paper.id)).status, 200);
  await organizer.amend('materials', [site]);
  assert.equal((await organizer.download(paper.id)).status, 404);
  // The log is emptied right after the answer.
  const bytes = PDF.subarray(0, 2000);
  const files = ['plenum.db', 'plenum.db-wal'].map((name) => `${stage.server.data}/${name}`);
  await until('its bytes are in no file', () => files.every((file) => !readFileSync(file).includes(bytes)));
  await stage.end();
});

test('a staff link is added, handed to a substitute and revoked; old devices are told at once', async (t) => {
  const stage = await scene(t);
  const organizer = preparing(stage);
  const [group] = stage.groups;
  const line = await Raw.connect(stage.server);
  t.after(() => line.close());
  line.send(frame.token(`consultation/${stage.id}`, group.moderator));
  await line.take('authenticated');
  const moderator = await until('the moderator is here', async () =>
    (await organizer.links()).find((link) => link.role === 'moderator' && link.group === group.id && link.here),
  );
  const substitute = newToken();
  const to = randomUUID();
  await stage.api.command(organizer.token, { do: 'hand-link', seat: moderator.seat, to, token: substitute.hash, label: 'Table 1' });
  await until('the old device is told', () => line.ended?.code === 4401);
  await assert.rejects(stage.api.consultation(group.moderator, stage.id), refusedWith('unauthorized'));
  assert.equal((await stage.api.consultation(substitute.token, stage.id)).you.group, group.id);
  const marks = async () => (await organizer.links()).filter((link) => link.role === 'moderator' && link.group === group.id).map(({ instead, ended }) => ({ instead, ended }));
  assert.deepEqual(await marks(), [{ instead: true, ended: undefined }, { instead: undefined, ended: 'handed-on' }]);
  const second = newToken();
  const seat = randomUUID();
  const add = { id: randomUUID(), do: 'add-link', seat, role: 'organizer', token: second.hash };
  await stage.api.command(organizer.token, add);
  await stage.api.command(organizer.token, add);
  const own = (await organizer.links()).find((link) => link.own);
  await stage.api.command(second.token, { do: 'revoke-link', seat: own.seat });
  await assert.rejects(stage.api.command(second.token, { do: 'revoke-link', seat }), refusedWith('last-organizer'));
  await stage.server.stop();
  await stage.server.again();
  await assert.rejects(stage.api.consultation(organizer.token, stage.id), refusedWith('unauthorized'));
  assert.equal((await stage.api.consultation(second.token, stage.id)).you.role, 'organizer');
  assert.equal((await stage.api.consultation(KEY, stage.id)).you.role, 'organizer');
  const ended = await stage.api.json(`/api/consultations/${stage.id}/links`, { token: second.token });
  assert.deepEqual(ended.filter((link) => link.ended).map(({ role, ended: why }) => [role, why]), [['moderator', 'handed-on'], ['organizer', 'revoked']]);
  assert.ok(!readFileSync(`${stage.server.data}/plenum.db`).includes(substitute.token));
  stage.organizer = second.token;
  stage.groups[0].moderator = substitute.token;
  await stage.end();
});

test('every setting can be set in a template and amended until the vote; what then harms nobody, after it', async (t) => {
  const stage = await scene(t, { phase: 'lobby', seats: 0 });
  const organizer = preparing(stage);
  const other = {
    votes: null,
    tallies: 'live',
    private_first: true,
    ideas_per_seat: 3,
    promoted_per_group: 2,
    moderation: true,
    entry: 'balanced',
    admission: 'waves',
    groups_move: false,
    plenary_vote: 'off',
    ballot_paper: 'all',
    working_language: 'fr',
    retention_days: 7,
  };
  const { settings } = await organizer.look();
  assert.deepEqual(Object.keys(settings).sort(), [...Object.keys(other), 'door_open'].sort());
  const stands = async () => (await stage.api.consultation(stage.organizer, stage.id)).settings;
  for (const [key, value] of Object.entries(other)) {
    assert.notDeepEqual(settings[key], value);
    await organizer.amend('settings', { [key]: value });
  }
  assert.deepEqual(await stands(), { ...other, door_open: true });
  const again = await stage.api.json('/api/consultations/import', { method: 'POST', token: KEY, body: JSON.parse(await organizer.exported()) });
  const view = await stage.api.consultation(again.organizer.token, again.id);
  assert.deepEqual(view.settings, { ...other, door_open: true });
  await stage.phase('vote');
  for (const key of ['entry', 'groups_move', 'plenary_vote', 'ballot_paper', 'working_language', 'retention_days']) await organizer.amend('settings', { [key]: settings[key] });
  for (const key of ['votes', 'tallies', 'private_first', 'ideas_per_seat', 'promoted_per_group', 'moderation']) {
    await assert.rejects(organizer.amend('settings', { [key]: settings[key] }), refusedWith('in-use'), key);
  }
  await stage.end();
});

test('the checklist says what is missing, and less and less of it', async (t) => {
  const stage = await scene(t);
  const created = await stage.api.create({ template: 'technology-crime' });
  const organizer = preparing(stage, created);
  const whats = async () => [...new Set((await organizer.checklist()).map((one) => one.what))];
  assert.deepEqual(await whats(), ['address', 'safeguarding-absent', 'moderator-absent', 'file']);
  // Whoever opens it: the server is told once, and remembers it over a restart.
  await stage.api.json(`/api/consultations/${created.id}/alerts`, { token: created.safeguarding.token });
  assert.deepEqual(await whats(), ['address', 'moderator-absent', 'file']);
  await organizer.amend('public_url', 'http://192.168.1.7:8080/');
  assert.match((await stage.api.consultation(organizer.token, created.id)).you.door.url, /^http:\/\/192\.168\.1\.7:8080\/join#/);
  await organizer.amend('materials', []);
  await organizer.amend('points', [{ title: { en: 'One?' }, minutes: 40 }]);
  const missing = await organizer.checklist();
  assert.deepEqual(
    missing.filter((one) => one.what !== 'moderator-absent'),
    [
      ...['fr', 'es', 'ru', 'zh', 'ar'].map((lang) => ({ what: 'translation', field: 'points', lang })),
      { what: 'materials' },
      { what: 'minutes', points: 40, agenda: 25 },
    ],
  );
  await stage.end();
});

/** Everything that somebody does on a page, counted: a link opened, a tap, a choice, a text. */
function counting(one) {
  const actions = [];
  const did = (what) => actions.push(what);
  return {
    actions,
    open: (url) => (did('open the link'), one.open(url)),
    tap: (test) => (did(`tap ${test}`), one.at(test).click()),
    choose: (test, value) => (did(`choose ${value}`), one.at(test).selectOption(value)),
    file: (test, path) => (did(`choose the file ${path.name}`), one.at(test).setInputFiles(path)),
  };
}

/** Has the organizer's screen a door that lets people in? */
async function doorIsOpen(stage, one) {
  const code = (await one.at('room-code').textContent()).replaceAll(/[^A-Z0-9]/g, '');
  await until('the door is open', async () => (await stage.api.doorstep(code)).open);
}

test('from a template to an open door in at most five actions, from the sample and from a file', async (t) => {
  const stage = await scene(t);
  const chrome = await browser(t);
  const one = await phone(chrome, 'organizer');
  const hands = counting(one);
  await hands.open(`${stage.server.url}/organize#key=${KEY}`);
  await hands.tap('create-submit');
  await hands.tap('door-toggle');
  await doorIsOpen(stage, one);
  assert.ok(hands.actions.length <= 5, hands.actions.join(', '));

  const other = await phone(chrome, 'with a file');
  const again = counting(other);
  await again.open(`${stage.server.url}/organize#key=${KEY}`);
  await again.choose('create-template', 'file');
  const file = (text) => ({ name: 'template.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await other.at('create-file').setInputFiles(file('{\n"version": 1,\n"titel": "A"\n}'));
  await other.at('create-submit').click();
  await other.shows(other.at('create-wrong'), 'Line 1 · title');
  await other.shows(other.page.locator('[data-test="create-wrong"]').nth(1), 'Line 3 · titel');
  await other.fits('mistakes in a file');
  other.errors.length = 0;
  const sample = (await request(`${stage.server.url}/api/templates/technology-crime`)).text;
  await again.file('create-file', file(sample));
  await again.tap('create-submit');
  await again.tap('door-toggle');
  await doorIsOpen(stage, other);
  assert.ok(again.actions.length <= 5, again.actions.join(', '));
  t.diagnostic(`sample: ${hands.actions.length} actions; file: ${again.actions.length} actions`);
  one.clean(stage.server);
  await stage.end();
});

test('on two screens: a field is changed, the other sees it beside the own text, and nothing typed is lost', async (t) => {
  const stage = await scene(t);
  const chrome = await browser(t);
  const address = `${stage.server.url}/organize#c=${stage.id}&t=${stage.organizer}`;
  const [one, two] = [await phone(chrome, 'one'), await phone(chrome, 'two', { locale: 'ar', colorScheme: 'dark' })];
  for (const each of [one, two]) {
    await each.open(address);
    await each.page.locator('[data-test="prepare"] > summary').click();
    await each.page.locator('[data-test="prepare-title"] > summary').click();
  }
  const title = (each) => each.at('prepare-input-title', each.at('prepare-title'));
  await title(two).fill('What two typed');
  await title(one).fill('What one typed');
  await one.at('prepare-save', one.at('prepare-title')).click();
  await two.shows(two.at('prepare-theirs'), 'What one typed');
  assert.equal(await title(two).inputValue(), 'What two typed');
  await two.fits('a change that was overtaken');
  await shot(two, 'prepare-stale-ar-dark');
  await two.at('prepare-keep').click();
  await until('the second text stands', async () => (await stage.api.consultation(stage.organizer, stage.id)).title.ar === 'What two typed');
  await until('the first screen shows what stands', async () => (await title(one).inputValue()) === 'A consultation');
  await one.at('checklist').waitFor();
  await one.page.locator('[data-test="prepare-materials"] > summary').click();
  await one.at('prepare-file-new').setInputFiles({ name: 'paper.pdf', mimeType: 'application/pdf', buffer: PDF });
  await until('the file is here', async () => {
    const { materials } = await stage.api.json(`/api/consultations/${stage.id}/programme`, { token: stage.organizer });
    return materials[0]?.file?.stored === true;
  });
  await one.page.locator('[data-test="prepare-links"] > summary').click();
  await one.at('link-role').selectOption('editor');
  await one.at('link-add').click();
  const made = await one.at('link-made').inputValue();
  const token = made.split('t=')[1];
  assert.equal((await stage.api.consultation(token, stage.id)).you.role, 'editor');
  await one.fits('what is prepared');
  await shot(one, 'prepare-en');
  const rows = one.page.locator('[data-test="staff-link"][data-role="editor"]');
  await rows.first().locator('[data-test="link-hand"]').click();
  await one.at('link-instead').waitFor();
  await one.page.locator('[data-test="staff-link"][data-ended="handed-on"]').waitFor();
  await one.at('links-print', one.at('links-made')).click();
  await one.page.locator('[data-test="printed-link"]').nth(1).waitFor();
  await one.fits('links on paper');
  // As wide as A4 between its margins.
  const phoneSize = one.page.viewportSize();
  await one.page.setViewportSize({ width: 673, height: 940 });
  await one.page.emulateMedia({ media: 'print' });
  assert.equal(await one.page.locator('#app').isVisible(), false, 'only the sheet is printed');
  await shot(one, 'prepare-links-paper');
  await one.page.emulateMedia({ media: null });
  await one.page.setViewportSize(phoneSize);
  await one.at('sheet-close').click();
  one.clean(stage.server);
  await stage.end();
});

test('phones in lobby and briefing show what it is for, the agenda and what to read, and save a PDF that is never shown', async (t) => {
  const stage = await scene(t, { phase: 'lobby', seats: 0 });
  const organizer = preparing(stage);
  await organizer.amend('objectives', [{ en: 'To think together', ar: 'لنفكر معًا' }]);
  await organizer.amend('agenda', [{ title: { en: 'Welcome', ar: 'ترحيب' }, minutes: 5, phase: 'lobby' }, { title: { en: 'An expert speaks', ar: 'خبير يتحدث' }, minutes: 20, phase: 'briefing' }]);
  await organizer.amend('speakers', [{ name: 'Dr Salma Idris', about: { en: 'Courts and data', ar: 'المحاكم والبيانات' } }]);
  const [site, paper, later] = [randomUUID(), randomUUID(), randomUUID()];
  await organizer.amend('materials', [
    { id: site, title: { en: 'The convention', ar: 'الاتفاقية' }, lang: 'fr', reading: 'pre-reading', link: 'https://example.org/convention' },
    { id: paper, title: { en: 'A concept note', ar: 'ورقة مفاهيمية' }, lang: 'ar', reading: 'briefing', file: { name: 'note.pdf' } },
    { id: later, title: 'Not here yet', lang: '', reading: 'briefing', file: { name: 'later.pdf' } },
  ]);
  const { materials } = await organizer.look();
  assert.equal((await organizer.upload(materials[1].id, PDF)).status, 200);
  const chrome = await browser(t);
  for (const [name, options, words] of [['en', {}, ['To think together', 'An expert speaks', 'Courts and data', 'French']], ['ar-dark', { locale: 'ar', colorScheme: 'dark' }, ['لنفكر معًا', 'خبير يتحدث', 'المحاكم والبيانات', 'الفرنسية']]]) {
    const one = await phone(chrome, name, options);
    await one.open(`${stage.server.url}/join#${stage.key}`);
    await one.at('join-submit').click();
    for (const word of words) await one.shows(one.at('prepared'), word);
    await one.fits(`what is prepared, ${name}`);
    await shot(one, `prepared-phone-${name}`);
    const link = one.at('materials').locator('a');
    assert.equal(await link.getAttribute('href'), 'https://example.org/convention');
    assert.match(await link.getAttribute('rel'), /noopener noreferrer/);
    const saving = one.page.waitForEvent('download');
    await one.at('material-file').click();
    const saved = await saving;
    assert.equal(saved.suggestedFilename(), 'note.pdf');
    assert.deepEqual(readFileSync(await saved.path()), PDF);
    assert.ok(one.page.url().startsWith(stage.server.url), 'the page is still ours');
    one.clean(stage.server);
  }
  // What is prepared while people wait is there without a reload, and in the briefing too.
  const phoneOf = await phone(chrome, 'waiting');
  await phoneOf.open(`${stage.server.url}/join#${stage.key}`);
  await phoneOf.at('join-submit').click();
  await phoneOf.at('agenda').waitFor();
  await organizer.amend('outcomes', ['A short list']);
  await stage.phase('briefing');
  await phoneOf.shows(phoneOf.at('outcomes'), 'A short list');
  await phoneOf.shows(phoneOf.page.locator('[data-test="agenda"] [aria-current="step"]'), 'An expert speaks');
  await stage.end();
});
