// A purge leaves nothing: the files of the data folder are searched, byte by byte, for what people wrote, for codes, tokens and
// their hashes. The same search finds plenty before it, and in a server with a seeded defect afterwards too (`seeded`).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TITLE, busy, findings } from '../harness/purge.mjs';
import { Raw } from '../harness/raw.mjs';
import { startServer } from '../harness/server.mjs';
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
