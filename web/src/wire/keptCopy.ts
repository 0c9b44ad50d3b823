/**
 * The copy of a live document in the browser's database.
 *
 * The database is a row of updates, and words stand in theirs long after they were deleted: `y-indexeddb` writes the rows
 * anew near 500 of them only. So this is done at once when something left the document, and at each start, for what left
 * while no page was there to see it or was closed too early.
 */
import { IndexeddbPersistence, storeState } from 'y-indexeddb';
import type { Doc } from 'yjs';

/** All ideas of a board may leave it one by one: the whole copy is not written more often than this. */
const anewMilliseconds = 1_000;

export class KeptCopy {
  readonly #database: IndexeddbPersistence;
  /** The opening of the board goes first. */
  #last = performance.now();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #ended = false;

  private constructor(name: string, doc: Doc) {
    this.#database = new IndexeddbPersistence(name, doc);
    void this.#database.whenSynced.then(() => this.writeAnew());
    doc.on('destroy', () => {
      this.#ended = true;
      if (this.#timer !== null) clearTimeout(this.#timer);
    });
  }

  /** Where the browser has no database, or gives none, there is no copy. */
  static open(name: string, doc: Doc): KeptCopy | null {
    try {
      return typeof indexedDB === 'undefined' ? null : new KeptCopy(name, doc);
    } catch {
      return null;
    }
  }

  get whenRead(): Promise<unknown> {
    return this.#database.whenSynced;
  }

  /** Something left the document: soon nothing here holds its words. */
  writeAnew(): void {
    if (this.#ended || this.#timer !== null || !this.#database.synced) return;
    const wait = this.#last + anewMilliseconds - performance.now();
    this.#timer = setTimeout(() => void this.#write(), Math.max(0, wait));
  }

  async #write(): Promise<void> {
    this.#timer = null;
    this.#last = performance.now();
    try {
      await storeState(this.#database, true);
    } catch {
      // The browser took its database away, and every row with it.
    }
  }

  clear(): Promise<void> {
    return this.#database.clearData();
  }
}
