// What the steps of the model day share: how many people, groups and ideas there are, and how a phone acts.

import assert from 'node:assert/strict';

export const GROUPS = ['Harbour', 'Hills', 'Valley', 'Plains'];
export const PHONES = 40;
export const VOTES = 5;
export const PROMOTED = 5;

/** Sends a command on the phone's socket; it must be done. */
export async function send(phone, command) {
  const answer = await phone.client.command(command);
  assert.equal(answer.ok, true, `${command.do}: ${JSON.stringify(answer)}`);
}
