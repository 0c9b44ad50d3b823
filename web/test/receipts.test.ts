import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newId } from '../src/wire/identifiers';
import { hashOfReceipt, Receipts } from '../src/wire/receipts';
import { MemoryShelf, Saved } from '../src/wire/saved';
import { looksPersonal } from '../src/state/compose/personal';

describe('receipts', () => {
  it('are 32 bytes that the same phone makes again, and no other', () => {
    const shelf = new MemoryShelf();
    const none = new Saved(new MemoryShelf(), '');
    const [here, again] = [
      new Receipts(new Saved(shelf, ''), none),
      new Receipts(new Saved(shelf, ''), none),
    ];
    const elsewhere = new Receipts(new Saved(new MemoryShelf(), ''), none);
    const idea = newId();
    expect(here.of(idea)).toMatch(/^[0-9a-f]{64}$/);
    expect(again.of(idea)).toBe(here.of(idea));
    expect(elsewhere.of(idea)).not.toBe(here.of(idea));
    expect(here.of(newId())).not.toBe(here.of(idea));
  });

  it('of a seat that an earlier version kept are made with the secret of its phone', () => {
    const phone = new Saved(new MemoryShelf(), '');
    phone.set('phone-secret', '07'.repeat(32));
    const seat = new Saved(new MemoryShelf(), '');
    const idea = newId();
    const first = new Receipts(seat, phone).of(idea);
    phone.remove('phone-secret');
    expect(new Receipts(seat, phone).of(idea)).toBe(first);
    const other = new Saved(new MemoryShelf(), '');
    expect(new Receipts(other, phone).of(idea)).not.toBe(first);
  });

  it('show the board the SHA-256 of their raw bytes', () => {
    const receipt = '00'.repeat(31) + 'ff';
    const expected = createHash('sha256').update(Buffer.from(receipt, 'hex')).digest('hex');
    expect(hashOfReceipt(receipt)).toBe(expected);
  });

  it('have ids that are UUIDs of version 4', () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('a hint about personal things', () => {
  it('comes for phone numbers, mail addresses and handles, not for years and amounts', () => {
    for (const text of ['call +43 660 123 45 67', 'x@example.org', 'ask @somebody'])
      expect(looksPersonal(text)).toBe(true);
    for (const text of ['in 2024 and 2025', '50 000 people', 'points 1, 2, 3'])
      expect(looksPersonal(text)).toBe(false);
  });
});
