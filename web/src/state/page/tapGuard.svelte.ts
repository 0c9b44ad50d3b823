/**
 * Rows that slide to another place when one is decided about: a second tap on the same place would decide about a row that
 * nobody has read. So for a moment after a row is new, has moved or says something else, its controls take no tap. Only its
 * own: nobody who changes a row again and again keeps the others from being decided about.
 */
import { untrack } from 'svelte';
import type { Alert } from '../../wire/proto';

/** Longer than a double tap, and than the way of a finger that has begun to go down. */
const guardedMilliseconds = 1_000;
/** For so long a control below the rows waits for what comes, and for as long it does not. */
const turnMilliseconds = 3_000;

export class TapGuard {
  #moved = $state.raw<ReadonlySet<string>>(new Set());
  #waitsSince = Number.NEGATIVE_INFINITY;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /**
   * Made with a component. `rows`: of each row its id, and where it is and what it says, in a word. `below`: the id of a
   * control below them, about those that can be decided about: it moves when one leaves, and waits for those that come.
   */
  constructor(rows: () => ReadonlyMap<string, string>, below?: string) {
    let before: ReadonlyMap<string, string> = new Map();
    // Before the screen changes, so that no tap comes between.
    $effect.pre(() => {
      const now = rows();
      const others = [...now].filter(([id, what]) => before.get(id) !== what);
      const left = [...before.keys()].filter((id) => !now.has(id));
      const came = [...now.keys()].some((id) => !before.has(id));
      before = now;
      untrack(() => {
        // Nobody was about to tap on a row that could not be decided about yet when it left.
        if (below !== undefined && (left.some((id) => !this.has(id)) || (came && this.#mayWait())))
          this.#hold(below);
        others.forEach(([id]) => this.#hold(id));
      });
    });
    $effect(() => () => this.#timers.forEach((timer) => clearTimeout(timer)));
  }

  /** Must this row not be decided about yet? */
  has(id: string): boolean {
    return this.#moved.has(id);
  }

  /** Who shares and takes back again and again does not keep the control below from being used: then it takes turns. */
  #mayWait(): boolean {
    const now = performance.now();
    if (now - this.#waitsSince > 2 * turnMilliseconds) this.#waitsSince = now;
    return now - this.#waitsSince < turnMilliseconds;
  }

  #hold(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#moved = new Set([...this.#moved, id]);
    const release = (): void => {
      this.#timers.delete(id);
      this.#moved = new Set([...this.#moved].filter((other) => other !== id));
    };
    this.#timers.set(id, setTimeout(release, guardedMilliseconds));
  }
}

/** Rows by their places alone. */
export const places = (rows: readonly { id: string }[]): ReadonlyMap<string, string> =>
  new Map(rows.map(({ id }, at) => [id, String(at)]));

/** A decision about an alert changes the buttons of its row, and one about a whole group moves all rows. */
export function alertRows(
  alerts: readonly Alert[],
  groups: readonly { id: string }[],
): ReadonlyMap<string, string> {
  const rows = alerts.map(({ id, state, again }): [string, string] => [
    id,
    `${state} ${again > 0} ${groups.length}`,
  ]);
  return new Map([...places(groups), ...rows]);
}
