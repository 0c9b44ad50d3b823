// Bytes that no honest client sends: the measured vectors against the CRDT library, structures that it reads without
// bounds, and updates that forge what only the server may write.

import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { hex } from './wire.mjs';

const repeat = (digits, times) => digits.repeat(times);

/** Updates (format v1) that crash, hang, bloat or corrupt an unguarded server. */
export const UPDATES = {
  'a crash of the process': hex('020307020a05430700010101780678790201fbffffff0f0a0664010f08616263646566676800'),
  'a read that never ends': hex(
    '0301070001150678790208040a03c401040109026263040807090105696465617301677600e4010501100678f09f988079010e067879000300',
  ),
  'string content in an array': hex('0101e807000401056f7264657202c3b600'),
  'an encode that panics for ever': hex('0103efe80703010507051702e917057f0001130015011e013404'),
  'a clock at the end of numbers': hex('010101ffffffff07002800'),
  'an Any at the end of numbers': hex('0101010727000800016b010101fffffffffffffd080027000700016b0100'),
  'a pending struct': hex('0101070092840701000473656c6600'),
  'a document that changes when saved': hex('0101010701070087014100'),
  'nested arrays of Any': hex(`0101070008010161 01 ${repeat('7501', 8000)} 7e 00`),
  'a map nested in maps': nestedMaps(5000),
  'empty client sections': hex(`a09c01 ${repeat('000100', 20000)} 00`),
  'a promise of 2^27 clients': hex('8080804000'),
  'a promise of 2^27 structs': hex('018080804007000401016101 61 00'),
  'a promise of 2^27 deletions': hex('00 8080804000'),
  'a promise of 2^27 ranges': hex('0001078080804000'),
  'an unknown type as a map value': hex('01010700280105696465617301780f00'),
  'the same client twice': hex('020107000401016101610101070104010161016200'),
  'a client id of 2^53': hex('010180808080808080100004010161016100'),
  'a skip': hex('010107000a0500'),
  'JSON content': hex('010107000201016101037b7d2200'),
  'a string under a map key': hex('0101070024010161016b016100'),
  'an empty string': hex('01010700040101610000'),
  'bytes after the end': hex('000000'),
  'nothing at all': hex(''),
  'half an update': hex('010107000401'),
  'a number that is not in its shortest form': hex('800000'),
  'text that is not UTF-8': hex('010107000401016102c32800'),
};

/** State vectors of the same kind. */
export const STATE_VECTORS = {
  'a promise of 2^27 clients': hex('80808040'),
  'half a vector': hex('0201'),
  'bytes after the end': hex('0000'),
  'the same client twice': hex('0207010702'),
};

/** Awareness updates of the same kind. */
export const AWARENESS = {
  'a promise of 2^27 clients': hex('80808040'),
  'a state that is no JSON': hex('01 07 01 03 7b7b7b'),
  'half an update': hex('0107'),
};

/** Maps inside maps, as Yjs itself would encode them. */
function nestedMaps(depth) {
  const doc = new Y.Doc();
  let map = doc.getMap('ideas');
  doc.transact(() => {
    for (let level = 0; level < depth; level += 1) {
      const inner = new Y.Map();
      map.set('x', inner);
      map = inner;
    }
  });
  return Y.encodeStateAsUpdate(doc);
}

/** What a change to a document would send: the updates, as Yjs makes them. */
export function updatesOf(doc, change) {
  const updates = [];
  const note = (update) => updates.push(update);
  doc.on('update', note);
  change(doc);
  doc.off('update', note);
  return updates;
}

/** Changes that only the server may make; each gets the board and the id of an idea on it. */
export const FORGERIES = {
  'a tally': (doc, idea) => doc.getMap('ideas').get(idea).set('tally', 999),
  'a state': (doc, idea) => doc.getMap('ideas').get(idea).set('state', 'promoted'),
  'an order': (doc, idea) => doc.getMap('ideas').get(idea).set('order', -1),
  'a tally taken away': (doc, idea) => doc.getMap('ideas').get(idea).delete('tally'),
  'an idea taken away': (doc, idea) => doc.getMap('ideas').delete(idea),
  'a text taken away': (doc, idea) => doc.getMap('ideas').get(idea).delete('text'),
  'a text in place of a text': (doc, idea) => doc.getMap('ideas').get(idea).set('text', new Y.Text('mine')),
  'a new idea': (doc) => {
    const map = new Y.Map();
    doc.getMap('ideas').set('00000000-0000-4000-8000-000000000001', map);
    map.set('text', new Y.Text('not shared by a command'));
  },
  'a new translation': (doc, idea) => doc.getMap('ideas').get(idea).get('tr').set('fr', new Y.Text('bonjour')),
  'an open lock': (doc) => doc.getMap('about').set('lock', false),
  'another epoch': (doc) => doc.getMap('about').set('epoch', 'mine'),
  'a new root map': (doc) => doc.getMap('votes').set('me', 1),
  'a new root text': (doc) => doc.getText('chat').insert(0, 'hello'),
  'a new root array': (doc) => doc.getArray('log').push([1]),
  'bold letters': (doc, idea) => doc.getMap('ideas').get(idea).get('text').format(0, 2, { bold: true }),
  'a picture in a text': (doc, idea) => doc.getMap('ideas').get(idea).get('text').insertEmbed(0, { image: 'x' }),
  'a type in a text': (doc, idea) => doc.getMap('ideas').get(idea).get('text').insertEmbed(0, new Y.Map()),
  'an attribute of a text': (doc, idea) => doc.getMap('ideas').get(idea).get('text').setAttribute('tally', 5),
};

const STRING = 4;
const HAS_LEFT_ORIGIN = 0x80;
const HAS_RIGHT_ORIGIN = 0x40;

/** A hand-made update that inserts letters beside the structs that the caller names. */
export function insertion({ client, clock, left, right, letters }) {
  const out = encoding.createEncoder();
  for (const number of [1, 1, client, clock]) encoding.writeVarUint(out, number);
  encoding.writeUint8(out, STRING | (left ? HAS_LEFT_ORIGIN : 0) | (right ? HAS_RIGHT_ORIGIN : 0));
  for (const origin of [left, right].filter(Boolean)) {
    encoding.writeVarUint(out, origin.client);
    encoding.writeVarUint(out, origin.clock);
  }
  encoding.writeVarString(out, letters);
  encoding.writeVarUint(out, 0); // no deletions
  return encoding.toUint8Array(out);
}

const DELETED = 1;

/** A hand-made update of sections `{client, clock, origins}`: for each origin one deleted character behind it. */
export function tombstones(sections) {
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, sections.length);
  for (const { client, clock, origins } of sections) {
    for (const number of [origins.length, client, clock]) encoding.writeVarUint(out, number);
    for (const origin of origins) {
      encoding.writeUint8(out, DELETED | HAS_LEFT_ORIGIN);
      for (const number of [origin.client, origin.clock, 1]) encoding.writeVarUint(out, number);
    }
  }
  encoding.writeVarUint(out, 0); // no deletions
  return encoding.toUint8Array(out);
}

/**
 * Updates that make a text of `count` runs of one character by two clients in turn, behind `first`: as wide as the bound on
 * comparisons that finding 1 passed by.
 */
export function* interleaved({ clients: [even, odd], first, count }) {
  const clocks = { [even]: 0, [odd]: 0 };
  let [end, there] = [first, 0];
  while (there < count) {
    let width = Math.min(2_000, count - there);
    while (width * (there + width) > 1_450_000) width -= 1;
    const sections = [even, odd].map((client) => ({ client, clock: clocks[client], origins: [] }));
    for (let at = 0; at < width; at += 1) {
      const section = sections[at % 2];
      section.origins.push(end);
      end = { client: section.client, clock: clocks[section.client]++ };
    }
    there += width;
    yield tombstones(sections.filter((section) => section.origins.length > 0));
  }
}
