// W13: pages of other sites cannot open a socket with somebody's browser; programs can.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';

test('an upgrade from a foreign, a look-alike or an opaque origin is refused on both wires', async (t) => {
  const stage = await scene(t);
  const [seat] = stage.groups[0].seats;
  const port = stage.server.port;
  const { ticket } = await stage.api.ticket(seat.token, `board/${seat.group}`);
  const refused = [
    { origin: 'https://example.org' },
    { origin: 'null' },
    { origin: `http://127.0.0.1:${port}.example.org` },
    { origin: `http://127.0.0.1.example.org:${port}` },
    { origin: `http://127.0.0.1:${port + 1}` },
    { origin: `http://user@127.0.0.1:${port}` },
    { origin: '' },
    { cookie: 'plenum=1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-mode': 'websocket' },
  ];
  for (const headers of refused) {
    for (const path of ['/sync', `/sync/board/${seat.group}?token=${ticket}`]) {
      const raw = new Raw(stage.server, path, { headers });
      const error = await raw.opened.then(
        () => assert.fail(`${JSON.stringify(headers)} was let in on ${path}`),
        (reason) => reason,
      );
      assert.equal(error.status, 403, `${JSON.stringify(headers)} on ${path}: ${error.message}`);
    }
  }
  for (const headers of [{}, { origin: stage.server.url }, { origin: stage.server.url, cookie: 'other=1' }]) {
    const raw = await Raw.connect(stage.server, '/sync', { headers });
    await raw.open(`board/${seat.group}`, seat.token);
    raw.close();
  }
  await stage.end();
});

test('a ticket opens its own document only, and nothing but a ticket opens the y-websocket wire', async (t) => {
  const stage = await scene(t);
  const [harbour, hills] = stage.groups;
  const [seat] = harbour.seats;
  const { ticket } = await stage.api.ticket(seat.token, `board/${harbour.id}`);
  const closed = [
    `/sync/board/${hills.id}?token=${ticket}`,
    `/sync/plenary/${stage.id}?token=${ticket}`,
    `/sync/board/${harbour.id}?token=${seat.token}`,
    `/sync/board/${harbour.id}?token=nonsense`,
    `/sync/board/${harbour.id}`,
  ];
  for (const path of closed) {
    const raw = new Raw(stage.server, path);
    const outcome = await raw.opened.then(
      () => raw.closed,
      (error) => ({ status: error.status }),
    );
    assert.ok(outcome.code === 4401 || outcome.status === 401, `${path}: ${JSON.stringify(outcome)}`);
  }
  await stage.end();
});
