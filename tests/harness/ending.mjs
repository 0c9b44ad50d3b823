// The same end for every end-to-end test: all clients are in step and hold equal documents, and the HTTP views say the
// same; the server is started again from its journal and a client that knows nothing reads the same; the clients come
// back by themselves and all are equal once more.
//
// Equal means: the same words, and the same history (state vector and deletions). So whatever was acknowledged to
// anybody before is in the documents after.

import assert from 'node:assert/strict';
import { hocuspocus } from './clients.mjs';
import { difference, differenceFromView } from './documents.mjs';
import { until } from './until.mjs';

/** `scene`: `{server, api, id, organizer, groups, clients}`; `kill`: end the server with `kill -9` instead of asking. */
export async function ending(scene, { kill = false } = {}) {
  await converged(scene);
  const before = await views(scene);
  const documents = lastDocuments(scene);
  for (const client of scene.clients) await client.disconnect();
  if (kill) await scene.server.kill();
  else assert.equal((await scene.server.stop()).code, 0, `the server stops with code 0\n${scene.server.output}`);
  await scene.server.again();

  assert.deepEqual(await views(scene), before, 'after the restart everything that HTTP shows is as it was');
  for (const [name, { doc, client }] of documents) {
    const fresh = await hocuspocus(scene.api, { ...client.seat, document: name });
    try {
      assert.equal(difference(doc, fresh.doc), undefined, `${name} is as it was, read by a fresh client`);
    } finally {
      fresh.destroy();
    }
  }
  for (const client of scene.clients) await client.reconnect();
  await converged(scene);
  assert.deepEqual(await views(scene), before, 'when all are back nothing has changed');
}

/** Waits until all clients are in step, hold equal documents, and the boards' HTTP views agree. */
export async function converged(scene) {
  for (const client of scene.clients) await client.recorded();
  for (const [name, { doc, client }] of lastDocuments(scene)) {
    for (const other of scene.clients.filter((one) => one.document === name)) {
      await until(
        () => `${other.name} equals ${client.name} in ${name}: ${difference(doc, other.doc)}`,
        () => difference(doc, other.doc) === undefined,
      );
    }
    const group = scene.groups.find((one) => name === `board/${one.id}`);
    if (!group) continue;
    const view = () => scene.api.board(scene.organizer, group.id);
    await until(
      async () => `the view of ${name} equals the document: ${differenceFromView(doc, await view())}`,
      async () => differenceFromView(doc, await view()) === undefined,
    );
  }
}

/** One client per document that any client has open. */
function lastDocuments(scene) {
  return new Map(scene.clients.map((client) => [client.document, { doc: client.doc, client }]));
}

/** Everything that HTTP shows of a consultation, without the clock and without who is connected. */
export async function views(scene) {
  const consultation = await scene.api.consultation(scene.organizer, scene.id);
  delete consultation.clock.now;
  for (const group of consultation.groups) {
    delete group.clock.now;
    delete group.point_clock.now;
    delete group.here;
  }
  const boards = [];
  const approved = [];
  for (const group of scene.groups) {
    boards.push(await scene.api.board(scene.organizer, group.id));
    for (const seat of group.seats) {
      const { you } = await scene.api.consultation(seat.token, scene.id);
      approved.push({ seat: seat.seat, approved: [...you.approved].sort() });
    }
  }
  const plenary = await scene.api.plenary(scene.organizer, scene.id);
  return { consultation, boards, approved, plenary };
}
