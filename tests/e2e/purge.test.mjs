// A purge leaves nothing: the files of the data folder are searched, byte by byte, for what people wrote, for codes, tokens and
// their hashes. The same search finds plenty before it, and in a server with a seeded defect afterwards too (`seeded`).

import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { request } from '../harness/http.mjs';
import { TITLE, busy, findings } from '../harness/purge.mjs';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { startServer } from '../harness/server.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

/** As long as a purge may take until the last byte is gone. */
const WITHIN_MS = 60_000;

test('a purge leaves nothing of a consultation in any file, and everything of another', async (t) => {
  const server = await startServer();
  t.after(() => server.dispose());
  const { stage, other, group, ideas, markers } = await busy(t, server);
  const before = await findings(server.data, markers);
  for (const what of ['ideas', 'letters', 'note', 'code', 'hash of a seat token', 'receipt']) {
    assert.ok(Object.keys(before).some((found) => found.startsWith(what)), `the search finds the ${what} before the purge`);
  }
  const last = await stage.api.json(`/api/consultations/${stage.id}/ending`, { token: stage.organizer });
  assert.equal(last.exported_all, false);
  const phone = await Raw.connect(server);
  phone.send(frame.token(`consultation/${stage.id}`, group.seats[2].token));
  await phone.take('authenticated');
  const { certificate } = await stage.api.command(stage.organizer, { do: 'purge', confirm: TITLE });
  assert.equal(certificate.deleted.ideas, ideas.length);
  assert.equal(certificate.deleted.keys, 3);
  const started = Date.now();
  await until('nothing is left', async () => Object.keys(await findings(server.data, markers)).length === 0, { within: WITHIN_MS });
  t.diagnostic(`nothing left ${Date.now() - started} ms after the answer`);
  await until('the phone is told', () => phone.frames.some((one) => one.kind === 'stateless' && one.payload.type === 'purged'));
  assert.equal((await phone.closed).code, 4410);
  await assert.rejects(stage.api.consultation(stage.groups[0].seats[0].token, stage.id), { code: 'purged' });
  await assert.rejects(stage.api.join({ key: stage.key }), { code: 'unknown-code' });
  const kept = await stage.api.json(`/api/certificates/${certificate.id}`);
  assert.deepEqual(kept, certificate);
  const text = JSON.stringify(kept);
  for (const word of [TITLE, stage.id, stage.created.code]) assert.ok(!text.includes(word), `the certificate says ${word}`);
  assert.equal((await other.view()).ideas.length, ideas.length, 'the other consultation is whole');
  stage.endClients();
  await server.kill();
  await server.again();
  assert.deepEqual(await findings(server.data, markers), {}, 'nor after a kill and a new start');
  await assert.rejects(stage.api.consultation(stage.organizer, stage.id), { code: 'purged' });
  await other.end();
});

/** Asks for the deletion of everything, as a link's page does. */
const purging = (stage) => {
  const command = () => ({ id: randomUUID(), do: 'purge', confirm: 'A consultation' });
  const send = (body) => request(`${stage.server.url}/api/commands`, { method: 'POST', token: stage.organizer, body });
  return { command, send };
};

test('C12: an organizer whose answer was lost is given the same certificate again, also after a kill', async (t) => {
  const stage = await scene(t);
  const { command, send } = purging(stage);
  const purge = command();
  const headers = { authorization: `Bearer ${stage.organizer}`, 'content-type': 'application/json' };
  // Sent and carried out, and hung up on without reading the answer.
  const lost = http.request(`${stage.server.url}/api/commands`, { method: 'POST', agent: false, headers });
  lost.on('error', () => {});
  lost.end(JSON.stringify(purge));
  await until('it is gone', async () => (await request(`${stage.server.url}/api/consultations/${stage.id}`, { token: stage.organizer })).status === 410);
  lost.destroy();
  const first = await send(purge);
  assert.equal(first.status, 200, first.text);
  const { certificate } = JSON.parse(first.text);
  assert.deepEqual(await stage.api.json(`/api/certificates/${certificate.id}`), certificate);
  for (const kill of [true, false]) {
    const again = await send(purge);
    assert.deepEqual([again.status, again.text], [200, first.text]);
    assert.equal((await send(command())).status, 410, 'another command');
    if (kill) {
      await stage.server.kill();
      await stage.server.again();
    }
  }
  const hash = createHash('sha256').update(stage.organizer).digest();
  const files = readdirSync(stage.server.data).map((name) => readFileSync(path.join(stage.server.data, name)));
  for (const trace of [stage.organizer, hash, hash.toString('hex'), purge.id]) assert.ok(!files.some((file) => file.includes(trace)), `${trace} is in a file`);
});

test('C12: of deletions at the same time one is carried out, and whoever sent it has the certificate as often as they ask', async (t) => {
  const stage = await scene(t);
  const { command, send } = purging(stage);
  const commands = [command(), command(), command()];
  const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => send(commands[at % 3]).then((answer) => ({ ...answer, id: commands[at % 3].id }))));
  const done = answers.filter(({ status }) => status === 200);
  assert.equal(new Set(done.map(({ id }) => id)).size, 1, 'one of them was carried out');
  assert.equal(new Set(done.map(({ text }) => text)).size, 1, 'with one answer');
  assert.equal(done.length, 4, 'which everybody had who sent it');
  for (const { status, text } of answers.filter(({ id }) => id !== done[0].id)) assert.equal(status, 410, text);
});

test('C12: every token of what was deleted is told so, also by commands, and an organizer where the certificate is', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { idea } = await stage.share('Gone in a moment');
  const links = [group.seats[0].token, group.moderator, stage.editor, stage.room, stage.organizer];
  const { certificate } = await stage.api.command(stage.organizer, { do: 'purge', confirm: 'A consultation' });
  const send = (token) => stage.api.command(token, { do: 'help', group: group.id, on: true });
  const ask = (token) => stage.api.board(token, group.id);
  for (const token of links) {
    const wanted = { code: 'purged', status: 410, ...(token === stage.organizer && { certificate: certificate.id }) };
    for (const way of [send, ask]) {
      const problem = await way(token).then(() => null, (error) => error.body);
      assert.deepEqual({ code: problem.code, status: problem.status, ...(problem.certificate && { certificate: problem.certificate }) }, wanted, JSON.stringify(problem));
    }
  }
  await assert.rejects(stage.api.command('nobody-has-this-token', { do: 'lock', idea, on: true }), { code: 'unauthorized' });
});

test('C12: a second organizer who deletes in the same moment is led to the certificate, and both are told once', async (t) => {
  const stage = await scene(t, { phase: 'vote' });
  const chrome = await browser(t);
  const token = randomUUID();
  await stage.api.command(stage.organizer, { do: 'add-link', seat: randomUUID(), role: 'organizer', label: 'A second one', token: createHash('sha256').update(token).digest('hex') });
  const organizers = [];
  for (const [name, place, options] of [['the first', stage.organizer, {}], ['the second', token, { locale: 'ar', colorScheme: 'dark' }]]) {
    const one = await phone(chrome, name, options);
    await one.open(`${stage.server.url}/organize#c=${stage.id}&t=${place}`);
    await one.at('purge-open').click();
    await one.at('confirm').fill('A consultation');
    organizers.push(one);
  }
  const [first, second] = organizers;
  // The second command leaves when the first was carried out.
  let isGone;
  const gone = new Promise((resolve) => (isGone = resolve));
  await second.page.route('**/api/commands', async (route) => {
    await gone;
    await route.continue();
  });
  await second.at('purge').click();
  await first.at('purge').click();
  await first.at('certificate').waitFor();
  isGone();
  await second.at('certificate').waitFor();
  const addresses = await Promise.all(organizers.map((one) => one.at('certificate-address').textContent()));
  assert.equal(addresses[0].replace(/^.*#/, ''), addresses[1].replace(/^.*#/, ''), 'one certificate');
  for (const one of organizers) {
    assert.equal(await one.page.locator('[data-test="notice"]').count(), 0, `${one.name}: the certificate says it`);
    assert.equal(await one.page.locator('[data-test="purged"]').count(), 0);
    await one.fits('the certificate');
    await shot(one, `certificate-${one.name.replace(' ', '-')}`);
  }
});

for (const reloads of [false, true]) {
  test(`C12: an organizer’s page shows the certificate although the answer was lost (${reloads ? 'after a reload' : 'by itself'})`, async (t) => {
    const stage = await scene(t);
    const chrome = await browser(t);
    const organizer = await phone(chrome, 'the organizer', reloads ? { locale: 'ar', colorScheme: 'dark' } : {});
    const { pathname, hash } = new URL(stage.created.organizer.url);
    await organizer.open(`${stage.server.url}${pathname}${hash}`);
    await organizer.at('purge-open').click();
    await organizer.at('confirm').fill('A consultation');
    let sent = 0;
    let loses = true;
    await organizer.page.route('**/api/commands', async (route) => {
      if (!loses) return route.continue();
      sent += 1;
      await route.fetch();
      // The page may have been left meanwhile.
      return route.abort().catch(() => undefined);
    });
    await organizer.at('purge').click();
    await until('it is gone, and nobody was answered', async () => sent > 0 && (await request(`${stage.server.url}/api/consultations/${stage.id}`, { token: stage.organizer })).status === 410);
    if (reloads) {
      // The page that came back has forgotten the place; its link is opened again.
      await organizer.page.goto('about:blank');
      loses = false;
      await organizer.open(`${stage.server.url}${pathname}${hash}`);
    } else loses = false;
    await organizer.at('certificate').waitFor();
    await organizer.fits('the certificate');
    await shot(organizer, `certificate-again-${reloads}`);
  });
}
