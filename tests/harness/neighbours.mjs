// Two people on a board who write to each other while something bad happens near them, and who must not notice.

import assert from 'node:assert/strict';
import { barrier } from './clients.mjs';

/** A Hocuspocus and a y-websocket client on a group's board; `check` asserts that they are still undisturbed. */
export async function neighbours(stage, group = stage.groups[0]) {
  const { idea } = await stage.share('The neighbours write here. ', { group });
  const one = await stage.hocuspocus(await stage.join(group));
  const two = await stage.yWebsocket(await stage.join(group));
  await one.has(idea);
  await two.has(idea);
  const check = async (what) => {
    await barrier(one, [one, two], idea);
    await barrier(two, [one, two], idea);
    assert.equal(one.counts.in.authenticated, 1, `${what}: the first neighbour was never cut off`);
    assert.equal(two.counts.in.step2, 1, `${what}: the second neighbour was never cut off`);
    assert.deepEqual(one.refusals, [], `${what}: nothing of a neighbour was refused`);
  };
  return { idea, one, two, check, board: () => one.board() };
}
