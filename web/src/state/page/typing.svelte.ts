/**
 * What is typed or pasted into any field of any screen loses its hidden letters at once (rule B8), before the field's own
 * code sees it, and its writer is told. Nothing that can be read is taken out.
 */
import { typed } from '../../wire/letters';

type Field = HTMLTextAreaElement | HTMLInputElement;

/** The field whose letters were taken out last, for the hint; `null`: none in the last seconds. */
class Typing {
  cleaned = $state.raw<Field | null>(null);
  #timer = 0;

  tell(field: Field): void {
    this.cleaned = field;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (this.cleaned = null), hintMilliseconds);
  }
}

const hintMilliseconds = 8_000;
/** Fields of one line that hold words; numbers, ticks and days hold none. */
const kinds = ['text', 'search', 'url', 'tel', 'email', 'password'];

export const typing = new Typing();

function fieldOf(target: EventTarget | null): Field | null {
  if (target instanceof HTMLTextAreaElement) return target;
  return target instanceof HTMLInputElement && kinds.includes(target.type) ? target : null;
}

/** Call once, before any screen listens. */
export function watchTyping(): void {
  const clean = (event: Event): void => {
    const field = fieldOf(event.target);
    // Another value would end the composition of an input method.
    if (field === null || (event instanceof InputEvent && event.isComposing)) return;
    const before = field.value;
    const kept = typed(before);
    if (kept === before) return;
    const caret = typed(before.slice(0, field.selectionEnd ?? before.length)).length;
    field.value = kept;
    field.setSelectionRange(caret, caret);
    // An empty line too many is no letter: that it does not come is seen.
    if (kept.replaceAll('\n', '') !== before.replaceAll('\n', '')) typing.tell(field);
  };
  document.addEventListener('input', clean, { capture: true });
  document.addEventListener('compositionend', clean, { capture: true });
}
