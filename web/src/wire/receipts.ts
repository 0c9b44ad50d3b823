/**
 * Receipts: 32 bytes that only the author's phone can make. The board keeps their SHA-256; who has the receipt may
 * edit and withdraw the idea. They hang on one secret per seat and phone, which never leaves the phone. A seat that moves
 * takes along the receipts of the ideas that it has, never the secret: so what is written on the new phone is provable
 * on that phone only, whoever made the seat.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { fromHex, randomBytes, toHex } from './identifiers';
import type { Saved } from './saved';

const isReceipt = (text: unknown): text is string => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);

export class Receipts {
  readonly #secret: Uint8Array;
  readonly #carried: Saved;

  /** `kept`: what the phone keeps for the seat; `phone`: where earlier versions had one secret for all. */
  constructor(kept: Saved, phone: Saved) {
    const secret = kept.get<string>('secret') ?? phone.get<string>('phone-secret');
    this.#secret = secret === null ? randomBytes(32) : fromHex(secret);
    kept.set('secret', toHex(this.#secret));
    this.#carried = kept.under('carried');
  }

  /** The receipt of an idea, as 64 hex digits. */
  of(idea: string): string {
    const carried = this.#carried.get<string>(idea);
    return isReceipt(carried) ? carried : toHex(hmac(sha256, this.#secret, utf8ToBytes(`receipt ${idea}`)));
  }

  /** What the board may know of it: the SHA-256 of its raw bytes, in hex. */
  hashOf(idea: string): string {
    return hashOfReceipt(this.of(idea));
  }
}

export function hashOfReceipt(receipt: string): string {
  return toHex(sha256(fromHex(receipt)));
}
