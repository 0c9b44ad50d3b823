#!/usr/bin/env node
// Firefox for playwright-core: starts the real one and passes on what both say, but for one command.
//
// Before each page playwright-core sends `emulation.setMediaFeaturesOverride`, which the Firefox that Debian carries does
// not know, and takes the refusal for the end. Here it is answered with nothing, so pages have the machine's light or
// dark. Everything else reaches Firefox as it is.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { WebSocket, WebSocketServer } from 'ws';
import { FIREFOX } from './firefox.mjs';

const UNKNOWN = 'emulation.setMediaFeaturesOverride';
const ADDRESS = /ws:\/\/\S+/;

const firefox = spawn(FIREFOX, process.argv.slice(2), { stdio: ['ignore', 'pipe', 'pipe'] });
firefox.once('exit', (code) => process.exit(code ?? 1));
firefox.once('error', (error) => {
  process.stderr.write(`${FIREFOX}: ${error.message}\n`);
  process.exit(1);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => firefox.kill(signal));
firefox.stdout.pipe(process.stdout);
for await (const line of createInterface({ input: firefox.stderr })) {
  const address = ADDRESS.exec(line)?.[0];
  // Playwright reads from this line where to connect to.
  process.stderr.write(`${address ? line.replace(address, await between(address)) : line}\n`);
}

/** A socket that passes on what is said to Firefox at this address, and what Firefox says; gives its own address. */
async function between(address) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (playwright, { url }) => {
    const waiting = [];
    const browser = new WebSocket(new URL(url, address));
    const pass = (message) => (browser.readyState === WebSocket.OPEN ? browser.send(message) : waiting.push(message));
    browser.on('open', () => waiting.splice(0).forEach((message) => browser.send(message)));
    browser.on('message', (message) => playwright.send(String(message)));
    playwright.on('message', (message) => {
      const { id, method } = JSON.parse(message);
      if (method === UNKNOWN) playwright.send(JSON.stringify({ type: 'success', id, result: {} }));
      else pass(String(message));
    });
    for (const [one, other] of [[browser, playwright], [playwright, browser]]) {
      one.on('close', () => other.close());
      one.on('error', () => other.close());
    }
  });
  await new Promise((listening) => server.once('listening', listening));
  return `ws://127.0.0.1:${server.address().port}`;
}
