/**
 * Receipts: 32 bytes that only the author's phone can make. The board keeps their SHA-256; who has the receipt may
 * edit and withdraw the idea. They hang on one secret of the phone, so that moving to another phone is carrying it.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { fromHex, randomBytes, toHex } from './identifiers';
import type { Saved } from './saved';

export class Receipts {
  readonly #secret: Uint8Array;

  constructor(saved: Saved) {
    const kept = saved.get<string>('phone-secret');
    this.#secret = kept === null ? randomBytes(32) : fromHex(kept);
    if (kept === null) saved.set('phone-secret', toHex(this.#secret));
  }

  /** The receipt of an idea, as 64 hex digits. */
  of(idea: string): string {
    return toHex(hmac(sha256, this.#secret, utf8ToBytes(`receipt ${idea}`)));
  }

  /** What the board may know of it: the SHA-256 of its raw bytes, in hex. */
  hashOf(idea: string): string {
    return hashOfReceipt(this.of(idea));
  }
}

export function hashOfReceipt(receipt: string): string {
  return toHex(sha256(fromHex(receipt)));
}
