// What hands do on a phone: join, share, open an idea.

import assert from 'node:assert/strict';

/** Presses *Join* once the door has answered, as people do: a press before it only asks the door. */
export async function pressJoin(one) {
  await one.at('join-title').waitFor();
  await one.at('join-submit').click();
}

/** Joins by typing the code. */
export async function joinByCode(one, stage, base = stage.server.url) {
  await one.open(`${base}/`);
  await one.at('join-code').fill(stage.created.code);
  await one.fits('the door');
  await pressJoin(one);
  await one.at('status-line').waitFor();
}

/** Joins by the address in the QR code: the code is filled in, one tap is left. */
export async function joinByLink(one, stage) {
  assert.ok(stage.created.join_url.startsWith('http'), stage.created.join_url);
  const { pathname, search, hash } = new URL(stage.created.join_url);
  await one.open(`${stage.server.url}${pathname}${search}${hash}`);
  await pressJoin(one);
  await one.at('status-line').waitFor();
}

/** Writes an idea and shares it; waits until the phone says that it is recorded; returns its id. */
export async function shareOn(one, words) {
  await one.at('idea-text').fill(words);
  await one.at('idea-share').click();
  const card = one.page.locator('[data-test="idea"]').filter({ hasText: words }).first();
  await card.waitFor();
  await card.locator('[data-test="idea-state"][data-state="recorded"]').first().waitFor();
  return card.getAttribute('data-idea');
}

/** Opens an idea for editing; returns its field. */
export async function openIdea(one, id) {
  await one.at('idea-open', one.idea(id)).click();
  const field = one.at('idea-edit');
  await field.waitFor();
  return field;
}
