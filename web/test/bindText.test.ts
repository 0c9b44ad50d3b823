import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { bindText, type Area, type SharedText } from '../src/wire/bindText';

/** A textarea as far as the binding needs one. */
class FakeArea extends EventTarget {
  value = '';
  selectionStart = 0;
  selectionEnd = 0;
  setSelectionRange(start: number, end: number): void {
    this.selectionStart = start;
    this.selectionEnd = end;
  }
  /** Types at the caret. */
  type(text: string): void {
    this.value = this.value.slice(0, this.selectionStart) + text + this.value.slice(this.selectionEnd);
    const at = this.selectionStart + text.length;
    this.setSelectionRange(at, at);
    this.dispatchEvent(new Event('input'));
  }
  /** An input method replaces its composition, from `from` to the caret. */
  compose(from: number, text: string): void {
    this.selectionStart = from;
    this.type(text);
  }
}

function phone(doc: Y.Doc) {
  const text = doc.getText('t');
  const local = Symbol('local');
  const shared: SharedText = {
    read: () => text.toString(),
    change: (at, remove, insert) =>
      doc.transact(() => {
        if (remove > 0) text.delete(at, remove);
        if (insert !== '') text.insert(at, insert);
      }, local),
    observe: (listener) => {
      const watch = (event: Y.YTextEvent, transaction: Y.Transaction): void => {
        if (transaction.origin !== local) listener(event.delta);
      };
      text.observe(watch);
      return () => text.unobserve(watch);
    },
  };
  const frames: (() => void)[] = [];
  const area = new FakeArea();
  const unbind = bindText(area as unknown as Area, shared, (work) => frames.push(work));
  const frame = (): void => {
    for (const work of frames.splice(0)) work();
  };
  return { doc, text, area, frame, unbind };
}

function pair(words: string) {
  const first = new Y.Doc();
  first.getText('t').insert(0, words);
  const second = new Y.Doc();
  Y.applyUpdate(second, Y.encodeStateAsUpdate(first));
  first.on(
    'update',
    (update: Uint8Array, origin) => origin !== 'wire' && Y.applyUpdate(second, update, 'wire'),
  );
  second.on(
    'update',
    (update: Uint8Array, origin) => origin !== 'wire' && Y.applyUpdate(first, update, 'wire'),
  );
  return [phone(first), phone(second)] as const;
}

describe('a bound textarea', () => {
  it('shows what others type, once per frame, and keeps its own caret', () => {
    const [a, b] = pair('idea');
    b.area.setSelectionRange(2, 2);
    a.area.setSelectionRange(0, 0);
    a.area.type('my ');
    a.area.type('own ');
    expect(b.area.value).toBe('idea');
    b.frame();
    expect(b.area.value).toBe('my own idea');
    expect(b.area.selectionStart).toBe(9);
  });

  it('types into the right place before the frame that shows what others wrote', () => {
    const [a, b] = pair('one two');
    a.area.setSelectionRange(0, 0);
    a.area.type('zero ');
    b.area.setSelectionRange(7, 7);
    b.area.type(' three');
    a.frame();
    b.frame();
    expect(a.area.value).toBe('zero one two three');
    expect(b.area.value).toBe('zero one two three');
    expect(b.area.selectionStart).toBe('zero one two three'.length);
  });

  it('does not touch the textarea while an input method composes, and loses nothing', () => {
    const [a, b] = pair('。');
    b.area.setSelectionRange(0, 0);
    b.area.dispatchEvent(new Event('compositionstart'));
    b.area.compose(0, 'に');
    a.frame();
    a.area.setSelectionRange(a.area.value.length, a.area.value.length);
    a.area.type('!');
    b.frame();
    expect(b.area.value).toBe('に。');
    b.area.compose(0, 'にほ');
    b.area.compose(0, '日本');
    b.area.dispatchEvent(new Event('compositionend'));
    b.frame();
    a.frame();
    expect(b.area.value).toBe('日本。!');
    expect(a.area.value).toBe('日本。!');
    expect(b.area.selectionStart).toBe(2);
  });

  it('never splits an emoji, whoever changes it', () => {
    const [a, b] = pair('x😀y');
    a.area.setSelectionRange(1, 3);
    a.area.type('😁');
    b.frame();
    expect(b.area.value).toBe('x😁y');
    expect(b.text.toString()).not.toContain('\uFFFD');
  });

  it('keeps two people’s words when both type between two frames', () => {
    const [a, b] = pair('');
    for (const letter of 'hello') {
      a.area.type(letter);
      b.area.type(letter.toUpperCase());
    }
    a.frame();
    b.frame();
    expect(a.area.value).toBe(b.area.value);
    expect([...a.area.value].filter((letter) => /[a-z]/.test(letter)).join('')).toBe('hello');
    expect([...a.area.value].filter((letter) => /[A-Z]/.test(letter)).join('')).toBe('HELLO');
  });

  it('ends cleanly: nothing comes in afterwards', () => {
    const [a, b] = pair('x');
    b.unbind();
    a.area.type('y');
    b.frame();
    expect(b.area.value).toBe('x');
  });
});
