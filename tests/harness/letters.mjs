// A letter as one phone seals it for another (`web/src/wire/sealed.ts`), and receipts: written here from their description,
// so that a test can send what no honest phone would.

import { createHash, createHmac } from 'node:crypto';

const hmac = (key, bytes) => createHmac('sha256', key).update(bytes).digest();

/** Base64 of a letter under a key of 32 bytes. */
export function sealed(key, letter) {
  const plain = Buffer.from(JSON.stringify(letter));
  const stream = hmac(key, 'plenum stream');
  const secret = Buffer.alloc(plain.length);
  for (let at = 0; at < plain.length; at += 32) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(at / 32);
    const block = hmac(stream, counter);
    for (let i = 0; i < 32 && at + i < plain.length; i += 1) secret[at + i] = plain[at + i] ^ block[i];
  }
  return Buffer.concat([hmac(hmac(key, 'plenum seal'), secret), secret]).toString('base64');
}

/** The receipt of an idea under a secret of 64 hex digits. */
export function receiptOf(secret, idea) {
  return hmac(Buffer.from(secret, 'hex'), `receipt ${idea}`).toString('hex');
}

export function hashOf(receipt) {
  return createHash('sha256').update(Buffer.from(receipt, 'hex')).digest('hex');
}
