import { describe, expect, it } from 'vitest';
import { OwnVotes } from '../src/state/vote/ownVotes';
import type { Command } from '../src/wire/outbox';
import type { You } from '../src/wire/proto';

const you = { approved: ['x'], confirm: ['a'], responses: {} } as unknown as You;
const command = (action: object): Command => ({ id: 'id', ...action }) as Command;

describe('what a phone shows of its own votes', () => {
  it('is the newest decision, in whatever order decisions are answered', () => {
    const votes = new OwnVotes();
    const approved = command({ do: 'approve', idea: 'a', on: true, counter: 7 });
    const takenBack = command({ do: 'approve', idea: 'a', on: false, counter: 8 });
    const after = votes.after(votes.after(you, takenBack), approved);
    expect(after.approved).toEqual(['x']);
    expect(after.confirm).toEqual([]);
    // An older decision on another idea is the newest on that one.
    expect(votes.after(after, command({ do: 'approve', idea: 'b', on: true, counter: 3 })).approved).toEqual([
      'x',
      'b',
    ]);
    expect(votes.after(after, command({ do: 'approve', idea: 'a', on: true, counter: 9 })).approved).toEqual([
      'x',
      'a',
    ]);
  });

  it('holds for objections too', () => {
    const votes = new OwnVotes();
    const objected = votes.after(you, command({ do: 'object', item: 'i', line: 'Who pays?', counter: 5 }));
    expect(objected.responses).toEqual({ i: { response: 'object', line: 'Who pays?' } });
    const late = votes.after(objected, command({ do: 'object', item: 'i', counter: 4 }));
    expect(late.responses).toEqual(objected.responses);
    expect(votes.after(late, command({ do: 'object', item: 'i', counter: 6 })).responses).toEqual({});
  });

  it('is left alone by commands about something else', () => {
    expect(new OwnVotes().after(you, command({ do: 'withdraw', idea: 'x' }))).toBe(you);
  });
});
