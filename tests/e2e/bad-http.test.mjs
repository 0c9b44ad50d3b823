// Bad HTTP on every route: a clear error with a code, or the connection ends; nothing else happens, and the neighbours write on.
//
// The routes are read from the server's own table, so that a new one cannot be forgotten.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { test } from 'node:test';
import { neighbours } from '../harness/neighbours.mjs';
import { scene } from '../harness/scene.mjs';
import { KEY } from '../harness/server.mjs';
import { soon } from '../harness/until.mjs';

const ANSWER_MS = 40_000;

/** `[{path, methods}]`, as `http::routes` has them. */
function routes() {
  const table = readFileSync(new URL('../../server/src/http/mod.rs', import.meta.url), 'utf8');
  const api = table.slice(table.indexOf('pub fn routes'), table.indexOf('.fallback(error::not_found)'));
  const found = [...api.matchAll(/\.route\(\s*"([^"]+)",\s*((?:.|\n)*?)\)\s*(?=\.route|$|\n\s*\.)/g)];
  return found.map(([, path, handlers]) => ({
    path: `/api${path}`,
    methods: [...handlers.matchAll(/\b(get|post|put|delete)\(/g)].map(([, method]) => method.toUpperCase()),
  }));
}

/** Sends bytes on a connection of its own: `{status, type, body}` of the first answer, or `{closed: true}`. */
function spoken(server, bytes, { keepOpen = false } = {}) {
  const socket = net.connect(server.port, '127.0.0.1');
  const heard = new Promise((resolve) => {
    let text = '';
    const read = () => {
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return undefined;
      const head = text.slice(0, end);
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      const body = text.slice(end + 4);
      if (Buffer.byteLength(body) < length) return undefined;
      return { status: Number(head.split(' ')[1]), type: /^content-type: (.*)$/im.exec(head)?.[1] ?? '', body };
    };
    socket.setEncoding('utf8');
    socket.on('data', (part) => {
      text += part;
      const answer = read();
      if (answer) resolve(answer);
    });
    socket.on('error', () => resolve(read() ?? { closed: true }));
    socket.on('close', () => resolve(read() ?? { closed: true }));
  });
  socket.write(bytes);
  return soon('an answer or an end', heard, { within: ANSWER_MS }).finally(() => keepOpen || socket.destroy());
}

const head = (method, path, headers) =>
  `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`;

function withBody(method, path, token, body, type = 'application/json') {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  const headers = [`authorization: Bearer ${token}`, `content-type: ${type}`, `content-length: ${bytes.length}`];
  return Buffer.concat([Buffer.from(head(method, path, headers)), bytes]);
}

/** What the API itself says no to has a problem body with a code and words; what is no HTTP at all may end without. */
function isClear(answer, what, { mayEnd = false, mayDo = false } = {}) {
  if (mayEnd && (answer.closed || ((answer.status === 400 || answer.status === 431) && answer.body === ''))) return;
  if (mayDo && answer.status < 300) return;
  assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${JSON.stringify(answer).slice(0, 300)}`);
  assert.match(answer.type, /^application\/problem\+json/, `${what}: ${answer.status}`);
  const problem = JSON.parse(answer.body);
  assert.match(problem.code, /^[a-z-]+$/, what);
  assert.notEqual(problem.code, 'too-fast', `${what}: it was looked at`);
  assert.ok(problem.detail.length > 5, `${what}: it says why in words`);
  assert.doesNotMatch(answer.body, /panicked|\bat src\/|Some\(/, what);
}

const nested = (depth) => '['.repeat(depth);
const member = (depth) => `{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`;

/** Bodies that no phone sends. Each is refused by every route that reads a body. */
function badBodies() {
  const id = randomUUID();
  return {
    'brackets, too many for a body': nested(100_000),
    'brackets, as many as fit': nested(60_000),
    'brackets that are closed': member(30_000),
    'objects in objects': '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
    'bytes that are no letters': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    'half a surrogate': '{"id":"\\ud800"}',
    'a number beyond all': `{"id":"${id}","do":"make-cards","count":1e999}`,
    'a long number': `{"id":"${id}","do":"make-cards","count":${'9'.repeat(10_000)}}`,
    'a negative count': `{"id":"${id}","do":"make-cards","count":-1}`,
    'half a card': `{"id":"${id}","do":"make-cards","count":1.5}`,
    'an id twice': `{"id":"${id}","id":"${randomUUID()}","do":"merge"}`,
    'a name of 50,000 letters': `{"${'x'.repeat(50_000)}":1}`,
    'ten thousand fields': `{${Array.from({ length: 6_000 }, (_, n) => `"f${n}":1`).join(',')}}`,
    'no JSON': 'hello',
    'a list': '[]',
    'a text': '"x"',
    'null': 'null',
    'nothing': '',
  };
}

/** Routes that read no body: what comes with the request is ignored. */
const IGNORES_BODY = new Set(['/api/consultations/{id}/seat-code', '/api/handover/{id}']);
/** Routes for which a body is a wish that may be left out. */
const MAY_BE_EMPTY = new Set(['/api/consultations/{id}/rehearsal']);

test('every route that takes a body refuses what is none, with a code', { timeout: 300_000 }, async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  const all = routes();
  assert.ok(all.length > 30, `only ${all.length} routes were found`);
  const taking = all.flatMap(({ path, methods }) => methods.filter((m) => m === 'POST' || m === 'PUT').map((method) => ({ path, method })));
  assert.ok(taking.length >= 11, `only ${taking.length} take a body`);
  for (const { path, method } of taking) {
    const filled = path.replace('{id}', stage.id).replace('{material}', randomUUID());
    // A seat for each route, so that none is refused for its rate before its body is looked at.
    const token = /consultations(\/import)?$/.test(path) ? KEY : (await stage.join()).token;
    for (const [what, body] of Object.entries(badBodies())) {
      const answer = await spoken(stage.server, withBody(method, filled, token, body));
      const empty = body.length === 0 && MAY_BE_EMPTY.has(path);
      isClear(answer, `${method} ${path}, ${what}`, { mayDo: IGNORES_BODY.has(path) || empty });
    }
  }
  await others.check('after bad bodies');
  await stage.end();
});

test('every route refuses bad paths and queries, with a code', { timeout: 300_000 }, async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  const words = {
    'bytes that are no letters': '%FF%FE',
    'a zero': '%00',
    'another folder': '..%2F..%2Fetc%2Fpasswd',
    'four thousand letters': 'x'.repeat(4_000),
    'a number beyond all': '9'.repeat(400),
    'a negative number': '-1',
    'letters from right to left': '%E2%80%AE',
  };
  for (const { path, methods } of routes()) {
    for (const method of methods) {
      const ask = (filled) =>
        spoken(stage.server, head(method, filled, [`authorization: Bearer ${stage.organizer}`, 'content-type: application/json', 'content-length: 2']) + '{}');
      if (path.includes('{')) {
        for (const [what, word] of Object.entries(words)) {
          const answer = await ask(path.replaceAll(/\{\w+\}/g, word));
          isClear(answer, `${method} ${path}, ${what}`);
        }
      }
    }
  }
  const board = `/api/boards/${stage.groups[0].id}`;
  const get = (path) => spoken(stage.server, head('GET', path, [`authorization: Bearer ${stage.organizer}`]));
  for (const after of ['-1', '1.5', '1e9', '9'.repeat(30), 'x', '%FF', '1&after=2']) {
    isClear(await get(`${board}?after=${after}`), `after=${after}`);
  }
  const many = Array.from({ length: 2_000 }, (_, n) => `a${n}`).join('&');
  isClear(await get(`${board}?${many}`), 'two thousand parameters', { mayDo: true });
  const more = Array.from({ length: 10_000 }, (_, n) => `a${n}`).join('&');
  isClear(await get(`${board}?${more}`), 'ten thousand parameters', { mayEnd: true });
  isClear(await get(`/api/${'x/'.repeat(50_000)}`), 'a path of 100,000 letters', { mayEnd: true });
  await others.check('after bad paths');
  await stage.end();
});

test('a head that is no head, or too large, ends its connection alone', { timeout: 300_000 }, async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  const token = `authorization: Bearer ${stage.organizer}`;
  const body = '{"id":"x"}';
  const heads = {
    'two lengths': head('POST', '/api/commands', [token, 'content-length: 10', 'content-length: 11']) + body,
    'a length and chunks': head('POST', '/api/commands', [token, 'content-length: 10', 'transfer-encoding: chunked']) + `5\r\n{"a":\r\n0\r\n\r\n`,
    'a negative length': head('POST', '/api/commands', [token, 'content-length: -1']) + body,
    'a length beyond all': head('POST', '/api/commands', [token, `content-length: ${'9'.repeat(30)}`]) + body,
    'a length of a terabyte': head('POST', '/api/commands', [token, 'content-length: 1099511627776']) + body,
    'a chunk that says it is endless': head('POST', '/api/commands', [token, 'transfer-encoding: chunked']) + 'FFFFFFFFFFFFFFFFF\r\n{',
    'five hundred headers': head('GET', '/api/consultations/x', [token, ...Array.from({ length: 500 }, (_, n) => `x-${n}: 1`)]),
    'one header of 100,000 letters': head('GET', '/api/consultations/x', [token, `x-long: ${'y'.repeat(100_000)}`]),
    'a token of 10,000 letters': head('GET', `/api/consultations/${stage.id}`, [`authorization: Bearer ${'t'.repeat(10_000)}`]),
    'a method of 10,000 letters': head('X'.repeat(10_000), '/api/commands', [token]),
    'another method': head('BREW', '/api/commands', [token]),
    'no HTTP': 'hello\r\n\r\n',
    'zeros': Buffer.alloc(10_000),
    'bytes that are no letters in a header': Buffer.concat([Buffer.from('GET /api/consultations/x HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer '), Buffer.from([0xff, 0xfe]), Buffer.from('\r\n\r\n')]),
    'an upgrade with five hundred headers': head('GET', '/sync', ['connection: Upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==', ...Array.from({ length: 500 }, (_, n) => `x-${n}: 1`)]),
    'an upgrade without a key': head('GET', '/sync', ['connection: Upgrade', 'upgrade: websocket', 'sec-websocket-version: 13']),
    'an upgrade of another version': head('GET', '/sync', ['connection: Upgrade', 'upgrade: websocket', 'sec-websocket-version: 1', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==']),
  };
  for (const [what, bytes] of Object.entries(heads)) {
    const answer = await spoken(stage.server, bytes).catch((error) => assert.fail(`${what}: ${error.message}`));
    const refusedByHttp = answer.closed || (answer.status >= 400 && answer.status < 500);
    assert.ok(refusedByHttp, `${what}: ${JSON.stringify(answer).slice(0, 300)}`);
    if (answer.body) assert.doesNotMatch(answer.body, /panicked|\bat src\//, what);
    // A length that is only said costs nothing: neither this seat nor who shares its address waits for it.
    assert.equal((await stage.api.doorstep(stage.key)).open, true, `${what}: the door answers`);
    assert.equal((await stage.api.consultation(stage.organizer, stage.id)).id, stage.id, `${what}: the organizer reads`);
  }
  await others.check('after bad heads');
  await stage.end();
});

test('two tokens are refused on every route, whichever comes first, as two hosts are', { timeout: 120_000 }, async (t) => {
  const stage = await scene(t);
  const path = `/api/consultations/${stage.id}`;
  const own = `authorization: Bearer ${stage.organizer}`;
  assert.equal((await spoken(stage.server, head('GET', path, [own]))).status, 200);
  for (const other of ['authorization: Bearer other', 'authorization: Basic b3RoZXI6', 'Authorization:', own, `authorization: Bearer ${KEY}`]) {
    for (const two of [[own, other], [other, own]]) {
      const answer = await spoken(stage.server, head('GET', path, two));
      assert.equal(answer.status, 400, `${other}: ${JSON.stringify(answer).slice(0, 300)}`);
      assert.equal(JSON.parse(answer.body).code, 'malformed');
    }
  }
  for (const { path: route, methods } of routes()) {
    for (const method of methods) {
      const answer = await spoken(stage.server, head(method, route.replaceAll(/\{\w+\}/g, stage.id), [own, own, 'content-length: 0']));
      assert.ok(answer.status === 400 || answer.status === 429, `${method} ${route}: ${JSON.stringify(answer).slice(0, 300)}`);
    }
  }
  await stage.end();
});

test('a template with depth, size, names twice or numbers out of range is refused with what is wrong', { timeout: 300_000 }, async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  const templates = {
    'brackets': nested(400_000),
    'objects': '{"title":'.repeat(20_000),
    'more than a template': `{"title":"${'x'.repeat(600_000)}"}`,
    'a name twice': '{"title":"A","title":"B"}',
    'ten thousand points': JSON.stringify({ title: 'A', points: Array.from({ length: 10_000 }, (_, n) => ({ title: `P${n}` })) }),
    'ten thousand groups': JSON.stringify({ title: 'A', groups: Array.from({ length: 10_000 }, (_, n) => ({ name: `G${n}` })) }),
    'minutes that are none': '{"title":"A","points":[{"title":"P","minutes":-5},{"title":"Q","minutes":1.5},{"title":"R","minutes":1e99}]}',
    'bytes that are no letters': Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
  };
  for (const [what, body] of Object.entries(templates)) {
    const answer = await spoken(stage.server, withBody('POST', '/api/consultations/import', KEY, body));
    isClear(answer, `a template: ${what}`);
  }
  await others.check('after bad templates');
  await stage.end();
});
