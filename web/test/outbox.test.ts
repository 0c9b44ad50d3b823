import { describe, expect, it, vi } from 'vitest';
import { Outbox, type Command } from '../src/wire/outbox';
import type { Problem } from '../src/wire/proto';
import { MemoryShelf, Saved } from '../src/wire/saved';

const merge = { do: 'merge' } as const;
const problem = (code: Problem['code']): Problem => ({ title: '', status: 409, code, detail: '' });

function phone(shelf = new MemoryShelf()) {
  const sent: Command[] = [];
  const events = { changed: vi.fn(), answered: vi.fn(), refused: vi.fn(), delayed: vi.fn() };
  const outbox = new Outbox(new Saved(shelf, 'out/'), events);
  return { shelf, sent, events, outbox, line: (command: Command) => sent.push(command) };
}

describe('the outbox', () => {
  it('keeps a command on the phone until there is a connection, then sends it', () => {
    const { outbox, sent, line } = phone();
    const id = outbox.add(merge);
    expect(outbox.stateOf(id)).toBe('phone');
    outbox.connected(line);
    expect(sent.map((command) => command.id)).toEqual([id]);
    expect(outbox.stateOf(id)).toBe('sent');
    outbox.answered({ id, ok: true, seq: 1 });
    expect(outbox.stateOf(id)).toBe('recorded');
    expect(outbox.waiting).toEqual([]);
  });

  it('sends the same command with the same id after every reconnect until it is answered (C2)', () => {
    const { outbox, sent, line } = phone();
    outbox.connected(line);
    const id = outbox.add(merge);
    outbox.disconnected();
    expect(outbox.stateOf(id)).toBe('phone');
    outbox.connected(line);
    outbox.disconnected();
    outbox.connected(line);
    expect(sent.map((command) => command.id)).toEqual([id, id, id]);
    expect(new Set(sent.map((command) => JSON.stringify(command))).size).toBe(1);
    outbox.answered({ id, ok: true, seq: 1 });
    outbox.disconnected();
    outbox.connected(line);
    expect(sent).toHaveLength(3);
  });

  it('survives a reload, in the order of the decisions', () => {
    const before = phone();
    const ids = [before.outbox.add(merge), before.outbox.add(merge), before.outbox.add(merge)];
    const after = phone(before.shelf);
    after.outbox.connected(after.line);
    expect(after.sent.map((command) => command.id)).toEqual(ids);
  });

  it('sends what waited on a phone whose clock was years ahead and is right again', () => {
    const shelf = new MemoryShelf();
    let now = Date.parse('2036-01-01');
    const events = { changed: vi.fn(), answered: vi.fn(), refused: vi.fn(), delayed: vi.fn() };
    const outbox = new Outbox(new Saved(shelf, 'out/'), events, () => now);
    const id = outbox.add(merge, 8_000);
    now = Date.parse('2026-01-01');
    const sent: string[] = [];
    outbox.connected((command) => sent.push(command.id));
    expect(sent).toEqual([id]);
  });

  it('tells why a command was refused, and does not send it again', () => {
    const { outbox, sent, line, events } = phone();
    outbox.connected(line);
    const id = outbox.add(merge);
    outbox.refused(id, problem('wrong-phase'));
    expect(events.refused).toHaveBeenCalledOnce();
    outbox.disconnected();
    outbox.connected(line);
    expect(sent).toHaveLength(1);
  });

  it('tries again by itself when the reason passes', () => {
    vi.useFakeTimers();
    const { outbox, sent, line, events } = phone();
    outbox.connected(line);
    const id = outbox.add(merge);
    outbox.refused(id, problem('unavailable'));
    expect(outbox.stateOf(id)).toBe('phone');
    vi.advanceTimersByTime(2_100);
    expect(sent.map((command) => command.id)).toEqual([id, id]);
    expect(events.refused).not.toHaveBeenCalled();
    vi.useRealTimers();
  });

  it('keeps what was too fast for as long as the server says, and says so', () => {
    vi.useFakeTimers();
    const { outbox, sent, line, events } = phone();
    outbox.connected(line);
    const id = outbox.add(merge);
    outbox.refused(id, { ...problem('too-fast'), wait: 20 });
    expect(events.delayed).toHaveBeenCalledWith(20);
    vi.advanceTimersByTime(19_000);
    expect(sent).toHaveLength(1);
    vi.advanceTimersByTime(1_100);
    expect(sent.map((command) => command.id)).toEqual([id, id]);
    outbox.refused(id, problem('too-fast'));
    expect(events.delayed).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(2_100);
    expect(sent).toHaveLength(3);
    vi.useRealTimers();
  });

  it('holds a command back for its undo time, and gives it back only before it left', () => {
    vi.useFakeTimers();
    const { outbox, sent, line } = phone();
    outbox.connected(line);
    const undone = outbox.add(merge, 8_000);
    const done = outbox.add(merge, 8_000);
    expect(outbox.cancel(undone)).toBe(true);
    vi.advanceTimersByTime(8_100);
    expect(sent.map((command) => command.id)).toEqual([done]);
    expect(outbox.cancel(done)).toBe(false);
    vi.useRealTimers();
  });

  it('never has more than sixteen commands without an answer on the way', () => {
    const { outbox, sent, line } = phone();
    const ids = Array.from({ length: 40 }, () => outbox.add(merge));
    outbox.connected(line);
    expect(sent).toHaveLength(16);
    for (const id of ids) outbox.answered({ id, ok: true, seq: 1 });
    expect(sent.map((command) => command.id)).toEqual(ids);
  });
});
