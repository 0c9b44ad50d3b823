// Why there is no connection: what the server said when it closed the socket, in words, until it is back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink } from '../harness/hands.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { heldSocket } from '../harness/socket.mjs';

/** Code → what the status line says; `proto/src/wire/close.rs` has the codes. */
const SAYS = [
  [4000, 'offline', 'Offline: kept on this phone'],
  [4408, 'offline', 'Offline: kept on this phone'],
  [1008, 'not-taken', 'The server did not understand this phone'],
  [1009, 'too-much', 'This phone sent too much at once'],
  [1011, 'server', 'The server had a problem. Trying again'],
  [1012, 'restarting', 'The server is restarting'],
  [1013, 'again', 'The connection was too slow, or the server was busy'],
  [4400, 'not-taken', 'The server did not understand this phone'],
  [4403, 'not-taken', 'The server did not understand this phone'],
  [4409, 'replaced', 'This place is open in too many windows'],
];
const SERVER = {
  fr: 'Le serveur a eu un problème',
  es: 'El servidor tuvo un problema',
  ru: 'На сервере случилась ошибка',
  ar: 'حدث خلل في الخادم',
  zh: '服务器出了问题',
};

const line = (one, state) => one.page.locator(`[data-test="status-line"][data-state="${state}"]`);

test('a page says why its connection was closed, and nothing of it when it is back', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 0 });
  const chrome = await browser(t);
  const one = await phone(chrome, 'a phone');
  const socket = await heldSocket(one);
  await joinByLink(one, stage);
  for (const [code, lost, words] of SAYS) {
    await line(one, 'recorded').waitFor();
    socket.cut(code);
    await one.page.locator(`[data-test="status-line"][data-lost="${lost}"]`).waitFor();
    await one.shows(line(one, 'offline'), words);
    socket.back();
  }
  // A server that said that it restarts is away for a while: that is still the reason.
  await line(one, 'recorded').waitFor();
  socket.cut(1012, 4000);
  await one.shows(line(one, 'offline'), 'The server is restarting');
  await one.at('idea-text').fill('Kept meanwhile');
  await one.at('idea-share').click();
  await one.shows(one.at('idea-state'), 'On this phone');
  await one.fits('a server that restarts');
  socket.back();
  await line(one, 'recorded').waitFor();
  assert.equal(await one.at('status-line').getAttribute('data-lost'), null);
  one.clean(stage.server);

  for (const [locale, words] of Object.entries(SERVER)) {
    const other = await phone(chrome, `a phone in ${locale}`, { locale, colorScheme: locale === 'ar' ? 'dark' : 'light' });
    const its = await heldSocket(other);
    await joinByLink(other, stage);
    await line(other, 'recorded').waitFor();
    its.cut(1011);
    await other.shows(line(other, 'offline'), words);
    await other.fits(`the status line in ${locale}`);
    await shot(other, `closed-${locale}`, false);
    its.back();
    await line(other, 'recorded').waitFor();
    await other.page.context().close();
  }
  await stage.end();
});
