/**
 * A letter that only who has the key can read: for what goes from one phone of a seat to the other over the server.
 *
 * Pages on a laptop's plain address have no `crypto.subtle`, so this is built on the HMAC-SHA-256 that the receipts use:
 * a key stream from a counter, and a seal over all of it. Each key is used once.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

const sealBytes = 32;

function keyOf(key: Uint8Array, purpose: string): Uint8Array {
  return hmac(sha256, key, utf8ToBytes(`plenum ${purpose}`));
}

/** The same both ways: plain becomes secret, secret becomes plain. */
function streamed(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const stream = keyOf(key, 'stream');
  const result = new Uint8Array(bytes.length);
  const counter = new DataView(new ArrayBuffer(4));
  for (let at = 0; at < bytes.length; at += 32) {
    counter.setUint32(0, at / 32);
    const block = hmac(sha256, stream, new Uint8Array(counter.buffer));
    for (let in_ = 0; in_ < 32 && at + in_ < bytes.length; in_++)
      result[at + in_] = (bytes[at + in_] ?? 0) ^ (block[in_] ?? 0);
  }
  return result;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function seal(key: Uint8Array, text: string): string {
  const secret = streamed(key, utf8ToBytes(text));
  return base64(concatBytes(hmac(sha256, keyOf(key, 'seal'), secret), secret));
}

/** `null`: not sealed with this key, or changed on the way. */
export function unseal(key: Uint8Array, sealed: string): string | null {
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
  const [told, secret] = [bytes.slice(0, sealBytes), bytes.slice(sealBytes)];
  const made = hmac(sha256, keyOf(key, 'seal'), secret);
  if (told.length !== sealBytes || made.some((byte, at) => byte !== told[at])) return null;
  return new TextDecoder().decode(streamed(key, secret));
}
