// Legal traffic of real Yjs clients passes the gate, all of it: stock documents, undo managers and the stock sync protocol
// against the server's own room, over a network that is slow and breaks. Nothing is refused; each message is
// acknowledged once, in order, not before it is so; at the end of each board everybody has the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { difference } from '../harness/documents.mjs';
import { seeded } from '../harness/random.mjs';
import { TEMPERS } from './people.mjs';
import { Phone } from './phone.mjs';
import { Pipe } from './pipe.mjs';

const FRAMES = Number(process.env.PLENUM_FRAMES ?? 5_000);
const SEED = Number(process.env.PLENUM_TEST_SEED ?? 1);
const STEPS = 600;
const PHONES_MAX = 6;
const ROUNDS_MAX = 50;
/** The one who only listens: whatever is public has reached it. */
const MIRROR = 255;

const newTally = () => ({ boards: 0, sent: 0, acknowledged: 0, undone: 0, redone: 0, reloads: 0, offline: 0, breaks: 0, servers: 0, scripts: {} });

/** The words of all ideas. Half a surrogate pair stands in its writer's own copy only; it travels as U+FFFD, with any server. */
function wordsOf(doc) {
  const texts = [...doc.getMap('ideas')].map(([id, idea]) => [id, idea.get('text').toString().toWellFormed()]);
  return Object.fromEntries(texts);
}

/** A board with its phones. */
class Board {
  constructor(pipe, seed, tally) {
    Object.assign(this, { pipe, seed, tally, random: seeded(seed) });
    const { random } = this;
    pipe.tell({ do: 'begin', texts: ['One idea 😀', 'فكرة', '', 'Four'].slice(random.below(3)) });
    const temper = random.pick(Object.keys(TEMPERS));
    const phone = (number) => new Phone({ pipe, number, seat: number, random, temper, tally, queues: random.below(2) === 0 });
    this.mirror = phone(MIRROR);
    this.phones = Array.from({ length: 2 + random.below(PHONES_MAX - 1) }, (_, at) => phone(at + 1));
    this.breaks = 1 + random.below(6);
  }

  /** One batch; the mirror reads first, so that it has what the others are told is so. */
  async flush() {
    const heard = await this.pipe.ask({ do: 'flush' });
    const all = new Map([this.mirror, ...this.phones].map((phone) => [phone.number, phone]));
    for (const [number, kind, payload] of heard.filter(([number]) => number === MIRROR)) {
      all.get(number).hear(kind, payload, this.mirror.doc);
    }
    this.mirror.read();
    this.mirror.deliver();
    for (const [number, kind, payload] of heard.filter(([number]) => number !== MIRROR)) {
      all.get(number).hear(kind, payload, this.mirror.doc);
    }
  }

  async step() {
    const { random, tally } = this;
    const phone = random.pick(this.phones);
    const lot = random.below(100);
    if (lot < this.breaks) {
      await this.interrupt(phone);
    } else if (lot === 10) {
      if (phone.online) await this.interrupt(phone);
      phone.reload();
    } else if (lot === 11 && phone.online) phone.handshake();
    else if (lot < 15) this.serverWrites();
    else if (lot < 70) phone.work();
    else if (lot < 85) phone.read(random.below(phone.in.length + 1));
    else phone.deliver(random.below(phone.out.length + 1));
    if (random.below(3) === 0) await this.flush();
  }

  /** The connection breaks or comes back. What arrived is usually still taken, and the answer may be lost. */
  async interrupt(phone) {
    const { random, tally } = this;
    if (!phone.online) return phone.connect();
    tally.breaks += 1;
    phone.deliver(random.below(phone.out.length + 1));
    if (random.below(3) > 0) await this.flush();
    phone.disconnect();
  }

  /** A new idea, a tally, or an author who gives an idea another text: what commands do to a board. */
  serverWrites() {
    const { random } = this;
    const ideas = [...this.mirror.doc.getMap('ideas').keys()];
    const lot = ideas.length === 0 ? 0 : random.below(4);
    if (lot === 0 && ideas.length < 8) this.pipe.tell({ do: 'put', text: 'New 🇺🇳' });
    else if (lot === 1) this.pipe.tell({ do: 'text', idea: random.pick(ideas), text: random.pick(['Reworded', 'Autre 👩🏿‍🚒', 'كلام']) });
    else if (lot > 1) this.pipe.tell({ do: 'tally', idea: random.pick(ideas), votes: random.below(100) });
    this.tally.servers += 1;
  }

  /** Everybody comes back and hears everything. */
  async settle() {
    for (const phone of this.phones) if (!phone.online) phone.connect();
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      for (const phone of this.phones) {
        phone.read();
        phone.deliver();
      }
      await this.flush();
      if ([this.mirror, ...this.phones].every((one) => one.in.length === 0 && one.out.length === 0 && one.owed.length === 0)) return;
    }
    const open = this.phones.map((phone) => `${phone.number} owes ${phone.owed.length}`);
    throw new Error(`not settled after ${ROUNDS_MAX} rounds: ${open.join(', ')}`);
  }

  /** All documents are equal: the phones', the server's, the one that its snapshot makes. */
  async compare() {
    const what = `board ${this.seed}`;
    const { texts, snapshot } = await this.pipe.ask({ do: 'end' });
    const loaded = new Y.Doc();
    Y.applyUpdate(loaded, Buffer.from(snapshot, 'base64'));
    assert.equal(difference(this.mirror.doc, loaded), undefined, `${what}: loaded from the snapshot`);
    assert.deepEqual(wordsOf(loaded), texts, `${what}: the server's board`);
    for (const { doc, number } of this.phones) {
      assert.deepEqual(wordsOf(doc), texts, `${what}: phone ${number}`);
      assert.ok(Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(loaded)), `${what}: the history of phone ${number}`);
    }
    for (const phone of [this.mirror, ...this.phones]) phone.doc.destroy();
  }
}

async function play(pipe, seed, tally) {
  const board = new Board(pipe, seed, tally);
  await board.settle();
  for (let step = 0; step < STEPS; step += 1) await board.step();
  await board.settle();
  await board.compare();
  tally.boards += 1;
}

test('legal traffic of stock Yjs phones is accepted to the last update, acknowledged once and in order', async (t) => {
  const pipe = new Pipe();
  t.after(() => pipe.kill());
  const tally = newTally();
  for (let seed = SEED; tally.acknowledged < FRAMES; seed += 1) {
    await play(pipe, seed, tally).catch((error) => {
      throw new Error(`board of seed ${seed}: ${error.message}`, { cause: error });
    });
  }
  t.diagnostic(`seed ${SEED}, refused 0: ${JSON.stringify(tally)}`);
  for (const what of ['undone', 'redone', 'reloads', 'offline', 'breaks', 'servers']) assert.ok(tally[what] > 0, what);
  assert.equal(Object.keys(tally.scripts).length, 5, 'every script was written');
});

test('the run finds a refusal, and an acknowledgement that is missing', async (t) => {
  const pipe = new Pipe();
  t.after(() => pipe.kill());
  const board = new Board(pipe, SEED, newTally());
  await board.settle();
  const [phone, other] = board.phones;
  other.owed.push(new Map());
  await assert.rejects(board.settle(), /not settled/);
  other.owed.pop();
  phone.doc.getMap('ideas').set('mine', 'forged');
  await assert.rejects(board.settle(), /phone 1 was refused: not-an-edit/);
});
