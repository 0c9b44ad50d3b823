import { describe, expect, it } from 'vitest';
import { accept, unsentWords } from '../src/wire/handover';
import { newId } from '../src/wire/identifiers';
import { Receipts } from '../src/wire/receipts';
import { MemoryShelf, Saved } from '../src/wire/saved';

const phone = (): Saved => new Saved(new MemoryShelf(), '');
const none = phone();
const idea = newId();
const own = { id: idea, text: '', kind: null, point: 'p', lang: 'en', command: newId(), seen: true };
const receipt = 'ab'.repeat(32);

describe('C24: a letter from another phone', () => {
  it('brings drafts, ballot counter and receipts of its ideas; new ideas have a secret of this phone', () => {
    const here = phone();
    const drafts = [{ id: newId(), text: 'A draft', kind: null, point: 'p' }];
    accept({ drafts, counter: 7, own: [{ ...own, receipt }], composer: { text: 'Half', kind: null } }, here);
    expect(here.get('drafts')).toEqual(drafts);
    expect(here.get('counter')).toBe(7);
    expect(here.under('own').get(idea)).toEqual(own);
    const receipts = new Receipts(here, none);
    expect(receipts.of(idea)).toBe(receipt);
    expect(receipts.of(newId())).not.toBe(receipt);
  });

  it('brings no secret, no role, no unknown field, and nothing of another shape', () => {
    const here = phone();
    const letter = {
      secret: '11'.repeat(32),
      place: { role: 'organizer' },
      kept: { secret: '11'.repeat(32) },
      outbox: { a: 1 },
      counter: Number.MAX_SAFE_INTEGER,
      drafts: [{ id: 'x', text: 1 }, null, 'a'],
      composer: { text: {}, kind: null },
      own: [
        { ...own, receipt: 'short' },
        { ...own, id: '../secret', receipt },
      ],
      returned: { length: 3 },
    };
    accept(letter, here);
    for (const nothing of [null, 1, 'a', [], { drafts: 'x', own: 1 }]) accept(nothing, here);
    expect(here.keys()).toEqual([]);
  });

  it('replaces nothing that this phone has', () => {
    const here = phone();
    const receipts = new Receipts(here, none);
    const before = receipts.of(idea);
    here.set('composer', { text: 'Mine', kind: null });
    here.under('own').set(idea, own);
    accept({ composer: { text: 'Theirs', kind: null }, own: [{ ...own, text: 'Theirs', receipt }] }, here);
    expect(here.get('composer')).toEqual({ text: 'Mine', kind: null });
    expect(new Receipts(here, none).of(idea)).toBe(before);
  });

  it('words that were not sent are known when the seat is gone', () => {
    const kept = phone();
    kept.set('drafts', [{ text: 'A draft' }]);
    kept.set('composer', { text: 'Half' });
    kept.under('outbox').set('1', { command: { do: 'share', text: 'On its way' } });
    kept.under('outbox').set('2', { command: { do: 'approve' } });
    expect(unsentWords(kept)).toEqual(['Half', 'A draft', 'On its way']);
  });
});
