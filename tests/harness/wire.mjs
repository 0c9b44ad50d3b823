// Frames of both envelopes (rule W1), written and read with lib0 alone: an independent reading of the specification.

import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;
const QUERY_AWARENESS = 3;
const STATELESS = 5;
const CLOSE = 7;
const SYNC_STATUS = 8;

export const PING = Uint8Array.of(9);
export const PONG = Uint8Array.of(10);

/** A number in lib0's variable length. */
export function varuint(number) {
  return encode((out) => encoding.writeVarUint(out, number));
}

function encode(write) {
  const out = encoding.createEncoder();
  write(out);
  return encoding.toUint8Array(out);
}

/** The start of a message: its key on `/sync`, nothing (`key` undefined) on `/sync/{document}`. */
function message(key, type, write) {
  return encode((out) => {
    if (key !== undefined) encoding.writeVarString(out, key);
    encoding.writeVarUint(out, type);
    write?.(out);
  });
}

function sync(key, step, payload) {
  return message(key, SYNC, (out) => {
    encoding.writeVarUint(out, step);
    encoding.writeVarUint8Array(out, payload);
  });
}

export const frame = {
  token: (key, token) =>
    message(key, AUTH, (out) => {
      encoding.writeVarUint(out, 0);
      encoding.writeVarString(out, token);
    }),
  step1: (key, stateVector) => sync(key, 0, stateVector),
  step2: (key, update) => sync(key, 1, update),
  update: (key, update) => sync(key, 2, update),
  awareness: (key, update) => message(key, AWARENESS, (out) => encoding.writeVarUint8Array(out, update)),
  queryAwareness: (key) => message(key, QUERY_AWARENESS),
  stateless: (key, text) => message(key, STATELESS, (out) => encoding.writeVarString(out, text)),
  close: (key) => message(key, CLOSE),
};

/** Bytes of whatever a socket handed over. */
export function bytesOf(data) {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (Array.isArray(data)) return new Uint8Array(Buffer.concat(data));
  if (typeof data === 'string') return new TextEncoder().encode(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Reads a frame in either direction: `{key, document, kind, payload}`. */
export function readFrame(bytes, { keyed = true } = {}) {
  if (keyed && bytes.length === 1) return { kind: bytes[0] === 9 ? 'ping' : bytes[0] === 10 ? 'pong' : 'unknown' };
  const from = decoding.createDecoder(bytes);
  const key = keyed ? decoding.readVarString(from) : undefined;
  const document = key?.split('\0')[0];
  const type = decoding.readVarUint(from);
  return { key, document, ...readMessage(type, from) };
}

function readMessage(type, from) {
  switch (type) {
    case SYNC: {
      const kind = ['step1', 'step2', 'update'][decoding.readVarUint(from)] ?? 'unknown';
      return { kind, payload: decoding.readVarUint8Array(from) };
    }
    case AWARENESS:
      return { kind: 'awareness', payload: decoding.readVarUint8Array(from) };
    case AUTH: {
      const kind = ['token', 'denied', 'authenticated'][decoding.readVarUint(from)] ?? 'unknown';
      return { kind, payload: decoding.readVarString(from) };
    }
    case QUERY_AWARENESS:
      return { kind: 'query-awareness' };
    case STATELESS:
      return { kind: 'stateless', payload: JSON.parse(decoding.readVarString(from)) };
    case CLOSE:
      return { kind: 'close', payload: decoding.hasContent(from) ? decoding.readVarString(from) : '' };
    case SYNC_STATUS:
      return { kind: 'status', payload: decoding.readVarInt(from) };
    default:
      return { kind: 'unknown', payload: type };
  }
}

/** The strings that an update carries, in its own order. */
export function stringsIn(update) {
  return Y.decodeUpdate(update)
    .structs.filter((struct) => struct.content instanceof Y.ContentString)
    .map((struct) => struct.content.str);
}

/** Hex digits, spaces allowed, as bytes. */
export function hex(digits) {
  return new Uint8Array(Buffer.from(digits.replaceAll(/\s/g, ''), 'hex'));
}
