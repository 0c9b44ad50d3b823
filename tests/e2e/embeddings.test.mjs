// Which ideas mean the same: found by the encoder inside the server, or by a service if the operator names one; asked beside the list,
// never in its way. Both only widen what staff are asked, whatever they answer.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { certificates } from '../harness/certificates.mjs';
import { embeddingService } from '../harness/embedding-service.mjs';
import { scene } from '../harness/scene.mjs';
import { run, startServer, tempFolder } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { itemOf } from '../harness/items.mjs';

const ENGLISH = 'More trees near schools';
const SPANISH = 'Más árboles cerca de escuelas';
const OTHER = 'Lower fares on the ferry';
const MEANINGS = { más: 'more', árboles: 'trees', cerca: 'near', escuelas: 'schools' };
const SECRET = 'sk-not-for-logs';

/** Three promoted ideas in a plenary. */
async function ideasInPlenary(stage) {
  const [harbour, hills] = stage.groups;
  const ideas = [];
  for (const [text, lang, group] of [[ENGLISH, 'en', harbour], [SPANISH, 'es', hills], [OTHER, 'en', hills]]) {
    ideas.push(await stage.share(text, { lang, group, kind: 'recommendation' }));
  }
  await stage.phase('review');
  for (const { idea } of ideas) await stage.api.promote(stage.organizer, idea);
  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'merge' });
  const suggestions = async (token = stage.editor) =>
    (await stage.api.json(`/api/plenary/${stage.id}/suggestions`, { token })).suggestions;
  return { ideas, suggestions };
}

/** A server that has this service, with these ideas. */
async function asked(t, service, { env = {}, args = [] } = {}) {
  const server = await startServer({ args: ['--embeddings-url', service.url, '--embeddings-model', 'tiny', ...args], env });
  t.after(() => server.dispose());
  const stage = await scene(t, { server });
  return { server, stage, ...(await ideasInPlenary(stage)) };
}

const listed = async (stage) => (await stage.api.plenary(stage.editor, stage.id)).items.map(({ text }) => text).sort();
const ALL = [ENGLISH, SPANISH, OTHER].sort();

test('without a service the encoder suggests what means the same, and no text leaves', async (t) => {
  const stage = await scene(t);
  const { ideas, suggestions } = await ideasInPlenary(stage);
  const found = await until('the pair is suggested', async () => (await suggestions())[0]);
  assert.deepEqual([found.a, found.b], [ideas[0].idea, ideas[1].idea].sort());
  assert.deepEqual(await listed(stage), ALL, 'nothing was joined');
  assert.equal((await stage.api.consultation(stage.organizer, stage.id)).texts_to_service, undefined);
  assert.equal((await stage.api.doorstep(stage.created.code)).texts_to_service, undefined);
  await stage.end();
});

test('what means the same in two languages is suggested, and joined by nobody but a person', async (t) => {
  const service = await embeddingService(t, { meanings: MEANINGS });
  const { server, stage, ideas, suggestions } = await asked(t, service, { env: { PLENUM_EMBEDDINGS_KEY: SECRET } });
  const pair = [ideas[0].idea, ideas[1].idea].sort();
  const found = await until('the pair is suggested', async () => (await suggestions())[0]);
  assert.deepEqual([found.a, found.b, found.shared], [...pair, []]);
  assert.ok(found.score >= 0.7 && found.score <= 1, String(found.score));
  assert.equal((await suggestions()).length, 1, 'what is about something else is not suggested');
  assert.deepEqual(await listed(stage), ALL, 'nothing was joined');

  assert.deepEqual([...new Set(service.texts())].sort(), ALL);
  const [{ path: where, model, authorization }] = service.requests;
  assert.deepEqual([where, model, authorization], ['/v1/embeddings', 'tiny', `Bearer ${SECRET}`]);
  for (const [what, view] of [['state', await stage.api.consultation(stage.organizer, stage.id)], ['door', await stage.api.doorstep(stage.created.code)]]) {
    assert.equal(view.texts_to_service, true, what);
  }
  assert.ok(!server.output.includes(SECRET));

  // Another run asks for nothing that is known.
  const before = service.texts().length;
  await stage.api.command(stage.editor, { do: 'exclude', item: itemOf(ideas[2].idea), on: true });
  await until('it is off the list', async () => (await listed(stage)).length === 2);
  assert.equal((await suggestions()).length, 1, 'and what was found is still known');
  assert.equal(service.texts().length, before, 'a vector is asked for once');

  // What is taken back is in nothing that staff are told.
  await stage.api.command(stage.groups[1].seats[0].token, { do: 'withdraw', idea: ideas[1].idea, receipt: ideas[1].receipt });
  assert.deepEqual(await suggestions(), []);
  await stage.end();
});

test('a moderator is asked only about what a moderator may read', async (t) => {
  const service = await embeddingService(t, { meanings: MEANINGS });
  const { stage, suggestions } = await asked(t, service);
  await until('the pair is suggested', async () => (await suggestions())[0]);
  assert.equal((await suggestions(stage.groups[0].moderator)).length, 1, 'both are on the list, which everybody reads');
  await assert.rejects(suggestions(stage.groups[0].seats[0].token), { code: 'forbidden' });
  await stage.end();
});

for (const mood of ['broken', 'garbage', 'short', 'nonsense', 'huge', 'away', 'elsewhere', 'silent']) {
  test(`a service that is ${mood}: the list is made all the same, and one line of the log says so, without a text`, async (t) => {
    const service = await embeddingService(t, { mood });
    const begun = performance.now();
    const { server, stage, suggestions } = await asked(t, service, { env: { PLENUM_EMBEDDINGS_KEY: SECRET } });
    assert.ok(performance.now() - begun < 8_000, 'nobody waits for it');
    assert.deepEqual(await listed(stage), ALL);
    assert.deepEqual(await suggestions(), []);
    await until('it was asked', () => service.requests.length > 0);
    const lines = () => server.output.split('\n').filter((line) => line.includes('embeddings service'));
    await until(() => `a line in the log\n${server.output}`, () => lines().length > 0, { within: 20_000 });
    await stage.api.command(stage.editor, { do: 'merge' });
    assert.deepEqual(await listed(stage), ALL);
    assert.equal(lines().length, 1, lines().join('\n'));
    for (const secret of [ENGLISH, SPANISH, 'do not log me', 'no JSON', SECRET]) assert.ok(!server.output.includes(secret), secret);
    assert.equal(service.requests.length, 1, 'after a failure it is left in peace');
    await stage.end();
  });
}

test('the key comes from a file as well; an address that is none is refused at the start', async (t) => {
  const service = await embeddingService(t, { meanings: MEANINGS });
  const file = path.join(tempFolder(), 'key');
  writeFileSync(file, `${SECRET}\n`);
  const { stage } = await asked(t, service, { args: ['--embeddings-key-file', file] });
  await until('it was asked', () => service.requests.length > 0);
  assert.equal(service.requests[0].authorization, `Bearer ${SECRET}`);
  await stage.end();
  const data = path.join(tempFolder(), 'data');
  for (const [url, says] of [['ftp://api.example/v1', /http:\/\/ or https:\/\//], ['nonsense', /no address of an embeddings service/]]) {
    const ended = await run(['serve', '--listen', '127.0.0.1:0', '--data', data, '--embeddings-url', url, '--embeddings-model', 'm']);
    assert.notEqual(ended.code, 0);
    assert.match(ended.stderr, says);
  }
});

test('a service is asked over https, with the certificate that was named', async (t) => {
  const { authority, key, cert } = certificates();
  const service = await embeddingService(t, { meanings: MEANINGS, tls: { key, cert } });
  assert.match(service.url, /^https:/);
  const { stage, ideas, suggestions } = await asked(t, service, { args: ['--embeddings-ca', authority] });
  const found = await until('the pair is suggested', async () => (await suggestions())[0]);
  assert.deepEqual([found.a, found.b], [ideas[0].idea, ideas[1].idea].sort());
  assert.equal(service.handshakesFailed, 0);
  await stage.end();
});

for (const [whose, name, other] of [['an authority that was not named', undefined, true], ['another name', 'DNS:other.example', false]]) {
  test(`a service with a certificate of ${whose} is told nothing, and one line of the log says so`, async (t) => {
    const { key, cert, authority } = certificates({ name });
    const service = await embeddingService(t, { meanings: MEANINGS, tls: { key, cert } });
    const { server, stage, suggestions } = await asked(t, service, { args: ['--embeddings-ca', other ? certificates().authority : authority] });
    assert.deepEqual(await listed(stage), ALL);
    const lines = () => server.output.split('\n').filter((line) => line.includes('embeddings service'));
    await until('a line in the log', () => lines().length > 0);
    assert.match(lines()[0], /certificate/);
    assert.deepEqual([service.requests, await suggestions()], [[], []]);
    assert.ok(service.handshakesFailed > 0);
    await stage.end();
  });
}

test('a file without a certificate, or one for an address without https, is refused at the start in words', async () => {
  const empty = path.join(tempFolder(), 'empty.pem');
  writeFileSync(empty, 'no certificate');
  for (const [url, ca, says] of [
    ['https://127.0.0.1:9', empty, /empty\.pem: there is no certificate in it/],
    ['https://127.0.0.1:9', `${empty}.none`, /empty\.pem\.none: /],
    ['http://127.0.0.1:9', certificates().authority, /an address with https/],
  ]) {
    const args = ['--embeddings-url', url, '--embeddings-model', 'm', '--embeddings-ca', ca];
    const ended = await run(['serve', '--listen', '127.0.0.1:0', '--data', path.join(tempFolder(), 'data'), ...args]);
    assert.notEqual(ended.code, 0);
    assert.match(ended.stderr, says);
  }
});

test('the notice says that ideas go to a service, before somebody joins, and staff see why a pair is suggested', async (t) => {
  const service = await embeddingService(t, { meanings: MEANINGS });
  const { server, stage, suggestions } = await asked(t, service);
  await until('the pair is suggested', async () => (await suggestions())[0]);
  const chrome = await browser(t);
  for (const [locale, colorScheme] of [['en-GB', 'light'], ['ar', 'dark']]) {
    const guest = await phone(chrome, `a guest in ${locale}`, { locale, colorScheme });
    const { pathname, hash } = new URL(stage.created.join_url);
    await guest.open(`${server.url}${pathname}${hash}`);
    await guest.at('privacy-service').filter({ hasText: /\S/ }).waitFor();
    await guest.fits('the door');
    guest.clean(server);
    const staff = await phone(chrome, `the editor in ${locale}`, { locale, colorScheme });
    const link = new URL(stage.created.editor.url);
    await staff.open(`${server.url}${link.pathname}${link.hash}`);
    await staff.at('same-meaning').filter({ hasText: /\S/ }).waitFor();
    await staff.fits('what may be the same');
    staff.clean(server);
  }
  await stage.end();
});
