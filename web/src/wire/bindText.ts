/**
 * Binds a textarea to a shared text: what is typed goes out at once, what others type comes in once per frame, the
 * selection stays where it was, and nothing comes in while an input method composes (it would eat the composition).
 */
import { afterFrame } from './frames';
import { changeBetween, Drift, type Delta } from './textChange';

/** A text that several people write, without its document. */
export interface SharedText {
  read(): string;
  /** Removes, then inserts, in UTF-16 units. */
  change(at: number, remove: number, insert: string): void;
  /** Tells changes of others; returns how to stop. */
  observe(listener: (delta: Delta) => void): () => void;
}

/** The part of a textarea that is needed; tests use a plain object. */
export type Area = Pick<
  HTMLTextAreaElement,
  | 'value'
  | 'selectionStart'
  | 'selectionEnd'
  | 'setSelectionRange'
  | 'addEventListener'
  | 'removeEventListener'
>;

export function bindText(area: Area, text: SharedText, frame = afterFrame): () => void {
  let shown = text.read();
  let drift = new Drift(shown.length);
  let composing = false;
  let ended = false;
  area.value = shown;

  const push = (): void => {
    const change = changeBetween(shown, area.value, area.selectionEnd);
    if (change === null) return;
    shown = area.value;
    for (const step of drift.local(change)) text.change(step.at, step.remove, step.insert);
  };
  const pull = (): void => {
    if (composing || ended) return;
    push();
    const value = text.read();
    if (value !== shown) {
      const [start, end] = [drift.placeOf(area.selectionStart), drift.placeOf(area.selectionEnd)];
      area.value = value;
      shown = value;
      area.setSelectionRange(start, end);
    }
    drift = new Drift(shown.length);
  };
  const onInput = (): void => push();
  const onCompositionStart = (): void => {
    composing = true;
  };
  const onCompositionEnd = (): void => {
    composing = false;
    push();
    frame(pull);
  };
  const stop = text.observe((delta) => {
    drift.remote(delta);
    frame(pull);
  });

  area.addEventListener('input', onInput);
  area.addEventListener('compositionstart', onCompositionStart);
  area.addEventListener('compositionend', onCompositionEnd);
  return () => {
    if (!ended) push();
    ended = true;
    stop();
    area.removeEventListener('input', onInput);
    area.removeEventListener('compositionstart', onCompositionStart);
    area.removeEventListener('compositionend', onCompositionEnd);
  };
}
