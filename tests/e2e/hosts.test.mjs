// W17: the server answers to its own names and addresses only, so that no site can make its own name lead here.

import assert from 'node:assert/strict';
import net from 'node:net';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { run, startServer } from '../harness/server.mjs';
import { soon, until } from '../harness/until.mjs';

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

/** Sends these lines as they are; gives the answer's status and text. */
async function say(server, lines) {
  const socket = net.connect(server.port, '127.0.0.1');
  socket.setEncoding('utf8');
  let heard = '';
  const answered = new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', resolve);
    socket.on('data', (text) => {
      heard += text;
      const head = heard.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(heard)?.[1] ?? 0);
      if (heard.startsWith('HTTP/1.1 101') || heard.length >= head + 4 + length) resolve();
    });
  });
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  try {
    await soon(() => `an answer to ${lines.join(' | ')}; heard ${heard}`, answered);
  } finally {
    socket.destroy();
  }
  return { status: Number(heard.split(' ')[1]), text: heard };
}

test('W17: pages, the API and sockets are refused under a foreign name, which is logged once with the flag', async (t) => {
  const server = await startServer({ args: ['--also-known-as', 'proxied.test', '--public-url', 'https://public.test'] });
  t.after(() => server.dispose());
  for (const path of ['/', '/join', '/api/join/ABCDEF', '/healthz']) {
    const { status, text } = await say(server, [`GET ${path} HTTP/1.1`, 'Host: evil.test']);
    assert.equal(status, 421, path);
    assert.match(text, /--also-known-as evil\.test/, path);
  }
  const rebound = [`Host: evil.test:${server.port}`, `Origin: http://evil.test:${server.port}`];
  assert.equal((await say(server, ['GET /sync HTTP/1.1', ...rebound, ...UPGRADE])).status, 421);
  const absolute = await say(server, ['GET http://evil.test/healthz HTTP/1.1', 'Host: localhost']);
  assert.equal(absolute.status, 421, 'a name in the request line counts, too');
  await until(() => `one line names the flag\n${server.output}`, () => server.output.includes('--also-known-as evil.test'));
  assert.equal(server.output.split('evil.test (').length - 1, 1, `once, not each time:\n${server.output}`);
});

test('W17: own names and every address are answered, with any port', async (t) => {
  const server = await startServer({ args: ['--also-known-as', 'proxied.test', '--public-url', 'https://public.test'] });
  t.after(() => server.dispose());
  const first = hostname().split('.')[0];
  const own = ['localhost', 'LOCALHOST.', '127.0.0.1', '192.168.7.9', '[::1]', 'proxied.test', 'public.test', hostname(), `${first}.local`];
  for (const name of own) {
    for (const host of [name, `${name}:${server.port}`]) {
      const { status } = await say(server, ['GET /healthz HTTP/1.1', `Host: ${host}`]);
      assert.equal(status, 200, host);
    }
  }
  const upgrade = (host, origin) => say(server, ['GET /sync HTTP/1.1', `Host: ${host}`, `Origin: ${origin}`, ...UPGRADE]);
  assert.equal((await upgrade('localhost:1234', 'http://localhost:1234')).status, 101);
  assert.equal((await upgrade('proxied.test', 'https://public.test')).status, 101, 'behind a proxy that says its own name');
  assert.equal((await upgrade('proxied.test', 'https://evil.test')).status, 403);
});

test('W17: a request has one Host and at most one Origin', async (t) => {
  const server = await startServer();
  t.after(() => server.dispose());
  const here = `127.0.0.1:${server.port}`;
  const wrong = [
    ['GET /healthz HTTP/1.0'],
    ['GET /healthz HTTP/1.1', `Host: ${here}`, 'Host: evil.test'],
    ['GET /healthz HTTP/1.1', `Host: ${here}`, `Host: ${here}`],
    ['GET /healthz HTTP/1.1', 'Host: user@127.0.0.1'],
    ['GET /sync HTTP/1.1', `Host: ${here}`, `Origin: http://${here}`, 'Origin: http://evil.test', ...UPGRADE],
  ];
  for (const lines of wrong) assert.equal((await say(server, lines)).status, 400, lines.join(' | '));
});

test('W17: a flag that is no name is refused at the start, in words', async () => {
  const { code, stderr } = await run(['serve', '--listen', '127.0.0.1:0', '--also-known-as', 'https://plenum.example/']);
  assert.equal(code, 1);
  assert.match(stderr, /"https:\/\/plenum\.example\/" is no name for --also-known-as/);
});
