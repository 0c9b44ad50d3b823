import * as decoding from 'lib0/decoding';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROTOCOL } from '../src/wire/constants';

/** The frames of `proto/golden`, as the page's own libraries read them; Rust writes them (`proto/tests/golden.rs`). */
const folder = new URL('../../proto/golden/frames/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.hex'))
  .map((name) => name.slice(0, -4));
const types = [
  'sync',
  'awareness',
  'auth',
  'query-awareness',
  '',
  'stateless',
  '',
  'close',
  'status',
  'ping',
  'pong',
];
const steps = ['step1', 'step2', 'update'];
const auth = ['token', 'denied', 'authenticated'];

interface Says {
  envelope: 'hocuspocus' | 'y-websocket';
  key: string | null;
  kind: string;
  payload: unknown;
}

function read(bytes: Uint8Array, keyed: boolean): Omit<Says, 'envelope'> {
  if (bytes.length === 1) return { key: null, kind: types[bytes[0] ?? 0] ?? '', payload: null };
  const from = decoding.createDecoder(bytes);
  const key = keyed ? decoding.readVarString(from) : null;
  const type = types[decoding.readVarUint(from)] ?? '';
  const binary = (): string => Buffer.from(decoding.readVarUint8Array(from)).toString('hex');
  switch (type) {
    case 'sync':
      return { key, kind: steps[decoding.readVarUint(from)] ?? '', payload: binary() };
    case 'awareness':
      return { key, kind: type, payload: binary() };
    case 'auth':
      return { key, kind: auth[decoding.readVarUint(from)] ?? '', payload: decoding.readVarString(from) };
    case 'stateless':
      return { key, kind: type, payload: JSON.parse(decoding.readVarString(from)) };
    case 'close':
      return { key, kind: type, payload: decoding.readVarString(from) };
    case 'status':
      return { key, kind: type, payload: decoding.readVarInt(from) };
    default:
      return { key, kind: type, payload: null };
  }
}

describe('W1: golden frames', () => {
  it.each(names)('%s', (name) => {
    const { envelope, ...says } = JSON.parse(text(`${name}.json`)) as Says;
    const bytes = Uint8Array.from(Buffer.from(text(`${name}.hex`).trim(), 'hex'));
    expect(read(bytes, envelope === 'hocuspocus')).toEqual(says);
  });

  it('W18: this page speaks the protocol of the golden welcome', () => {
    const { payload } = JSON.parse(text('hocuspocus-stateless-welcome.json')) as {
      payload: { protocol: number };
    };
    expect(payload.protocol).toBe(PROTOCOL);
  });
});
