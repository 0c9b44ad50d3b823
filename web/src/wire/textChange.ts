/**
 * What somebody typed, as one change, and where it belongs when others wrote in the meantime. Pure.
 *
 * Lengths and places count UTF-16 units, as Yjs and textareas do; a change never begins or ends inside a surrogate
 * pair, because Yjs would cut the pair and both halves would be lost.
 */

/** `remove` units at `at`, then insert there. */
export interface Change {
  at: number;
  remove: number;
  insert: string;
}

/** A remote change as Yjs tells it. */
export type Delta = readonly { retain?: number | undefined; delete?: number | undefined; insert?: unknown }[];

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Does `at` lie between the two halves of one character? */
function splitsPair(text: string, at: number): boolean {
  return at > 0 && at < text.length && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
}

/**
 * The change that makes `after` of `before`, or `null`. `caret` is where the person's caret stands in `after`: in
 * "aaa" it tells which *a* is the new one.
 */
export function changeBetween(before: string, after: string, caret: number = after.length): Change | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  const suffixMax = Math.min(shorter, Math.max(0, after.length - caret));
  let suffix = 0;
  while (
    suffix < suffixMax &&
    before.charCodeAt(before.length - 1 - suffix) === after.charCodeAt(after.length - 1 - suffix)
  )
    suffix += 1;
  let prefix = 0;
  while (prefix < shorter - suffix && before.charCodeAt(prefix) === after.charCodeAt(prefix)) prefix += 1;
  while (
    suffix < shorter - prefix &&
    before.charCodeAt(before.length - 1 - suffix) === after.charCodeAt(after.length - 1 - suffix)
  )
    suffix += 1;
  if (splitsPair(before, prefix) || splitsPair(after, prefix)) prefix -= 1;
  if (splitsPair(before, before.length - suffix) || splitsPair(after, after.length - suffix)) suffix -= 1;
  return {
    at: prefix,
    remove: before.length - suffix - prefix,
    insert: after.slice(prefix, after.length - suffix),
  };
}

/** A unit that somebody else inserted and the textarea does not show yet. */
const unseen = -1;

/**
 * Where each unit that the textarea shows stands in the shared text, while the two differ because remote changes are
 * shown only once per frame, and not at all while an input method composes.
 */
export class Drift {
  /** For each unit of the shared text: its place in the textarea, or `unseen`. */
  #units: number[];

  constructor(length: number) {
    this.#units = Array.from({ length }, (_, at) => at);
  }

  /** Others changed the shared text. */
  remote(delta: Delta): void {
    let at = 0;
    for (const step of delta) {
      if (step.retain !== undefined) at += step.retain;
      else if (step.delete !== undefined) this.#units.splice(at, step.delete);
      else if (typeof step.insert === 'string') {
        this.#units.splice(at, 0, ...Array.from({ length: step.insert.length }, () => unseen));
        at += step.insert.length;
      }
    }
  }

  /** The person changed the textarea: the same as changes of the shared text, to be made in this order. */
  local(change: Change): Change[] {
    const end = change.at + change.remove;
    const steps: Change[] = [];
    for (let at = this.#units.length - 1; at >= 0; at--) {
      const unit = this.#units[at] ?? unseen;
      if (unit < change.at || unit >= end) continue;
      const later = steps.at(-1);
      if (later?.at === at + 1) {
        later.at = at;
        later.remove += 1;
      } else steps.push({ at, remove: 1, insert: '' });
    }
    for (const step of steps) this.#units.splice(step.at, step.remove);
    const place = this.placeOf(change.at);
    const grown = change.insert.length - change.remove;
    this.#units = this.#units.map((unit) => (unit >= end ? unit + grown : unit));
    const inserted = Array.from({ length: change.insert.length }, (_, index) => change.at + index);
    this.#units.splice(place, 0, ...inserted);
    if (change.insert !== '') {
      const joined = steps.at(-1);
      if (joined?.at === place) joined.insert = change.insert;
      else steps.push({ at: place, remove: 0, insert: change.insert });
    }
    return steps;
  }

  /** A boundary of the textarea as a boundary of the shared text: right behind the last seen unit before it. */
  placeOf(boundary: number): number {
    for (let at = this.#units.length - 1; at >= 0; at--) {
      const unit = this.#units[at] ?? unseen;
      if (unit !== unseen && unit < boundary) return at + 1;
    }
    return 0;
  }
}
