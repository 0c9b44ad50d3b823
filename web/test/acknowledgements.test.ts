import { describe, expect, it } from 'vitest';
import { Acknowledgements } from '../src/wire/acknowledgements';

describe('what is recorded of a document', () => {
  it('is an edit only when the message that holds it was acknowledged', () => {
    const count = new Acknowledgements();
    count.stepTwoLeft();
    count.edited('a');
    expect(count.stateOf('a')).toBe('phone');
    count.updateLeft();
    expect(count.stateOf('a')).toBe('sent');
    expect(count.acknowledged()).toEqual([]); // the step 2
    expect(count.stateOf('a')).toBe('sent');
    expect(count.acknowledged()).toEqual(['a']);
    expect(count.stateOf('a')).toBe('recorded');
  });

  it('counts acknowledgements in the order of the messages', () => {
    const count = new Acknowledgements();
    count.stepTwoLeft();
    count.acknowledged();
    count.edited('a');
    count.updateLeft();
    count.edited('b');
    count.updateLeft();
    expect(count.acknowledged()).toEqual(['a']);
    expect(count.stateOf('b')).toBe('sent');
    count.edited('b');
    expect(count.stateOf('b')).toBe('phone');
    expect(count.acknowledged()).toEqual([]);
    count.updateLeft();
    expect(count.acknowledged()).toEqual(['b']);
  });

  it('does not claim offline edits after a reconnect before they went out and came back', () => {
    const count = new Acknowledgements();
    count.stepTwoLeft();
    count.acknowledged();
    count.edited('a');
    count.updateLeft();
    count.disconnected();
    expect(count.stateOf('a')).toBe('phone');
    expect(count.handshaken).toBe(false);
    count.edited('b');
    count.stepTwoLeft();
    expect(count.stateOf('a')).toBe('sent');
    expect(count.acknowledged().sort()).toEqual(['a', 'b']);
    expect(count.open).toEqual([]);
  });

  it('is not confused by an acknowledgement that nobody waits for', () => {
    const count = new Acknowledgements();
    count.edited('a');
    expect(count.acknowledged()).toEqual([]);
    expect(count.stateOf('a')).toBe('phone');
  });
});
