/**
 * What this phone keeps between visits: a thin layer over `localStorage`.
 *
 * Every value has a key of its own, so that two tabs of one phone do not overwrite each other's lists. Where the
 * browser refuses storage (private windows, full disk) the values live as long as the page.
 */

/** The part of `localStorage` that is needed; tests hand in a map. */
export interface Shelf {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export class MemoryShelf implements Shelf {
  #values = new Map<string, string>();
  get length(): number {
    return this.#values.size;
  }
  key(index: number): string | null {
    return [...this.#values.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.#values.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#values.set(key, value);
  }
  removeItem(key: string): void {
    this.#values.delete(key);
  }
}

export class Saved {
  readonly #shelf: Shelf;
  readonly #prefix: string;
  readonly #overflow = new MemoryShelf();

  constructor(shelf: Shelf, prefix: string) {
    this.#shelf = shelf;
    this.#prefix = prefix;
  }

  /** The same shelf, one level deeper. */
  under(name: string): Saved {
    return new Saved(this.#shelf, `${this.#prefix}${name}/`);
  }

  get<Value>(key: string): Value | null {
    const full = this.#prefix + key;
    const text = this.#overflow.getItem(full) ?? this.#shelf.getItem(full);
    if (text === null) return null;
    try {
      return JSON.parse(text) as Value;
    } catch {
      return null;
    }
  }

  set(key: string, value: unknown): void {
    const full = this.#prefix + key;
    const text = JSON.stringify(value);
    try {
      this.#shelf.setItem(full, text);
      this.#overflow.removeItem(full);
    } catch {
      this.#overflow.setItem(full, text);
    }
  }

  remove(key: string): void {
    this.#shelf.removeItem(this.#prefix + key);
    this.#overflow.removeItem(this.#prefix + key);
  }

  /** All keys under this prefix, without it. */
  keys(): string[] {
    const found = new Set<string>();
    for (const shelf of [this.#shelf, this.#overflow])
      for (let at = 0; at < shelf.length; at++) {
        const key = shelf.key(at);
        if (key?.startsWith(this.#prefix)) found.add(key.slice(this.#prefix.length));
      }
    return [...found];
  }

  clear(): void {
    for (const key of this.keys()) this.remove(key);
  }
}

function shelfOf(storage: () => Storage): Shelf {
  try {
    const probe = 'plenum/probe';
    storage().setItem(probe, '1');
    storage().removeItem(probe);
    return storage();
  } catch {
    return new MemoryShelf();
  }
}

/** Everything that Plenum keeps on this phone. */
export const saved = new Saved(
  shelfOf(() => localStorage),
  'plenum/',
);

/** What one tab keeps over a reload. */
export const savedInTab = new Saved(
  shelfOf(() => sessionStorage),
  'plenum/',
);
