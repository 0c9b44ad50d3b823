/** The late shelf of a group, read when somebody looks at it: nobody else's phone is troubled with it. */
import { lateShelf, Refusal } from '../../wire/http';
import type { Code, LateIdea } from '../../wire/proto';

export class LateIdeas {
  ideas = $state.raw<LateIdea[]>([]);
  problem = $state<Code | 'offline' | null>(null);
  #asked = 0;

  async load(token: string, group: string): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const shelf = await lateShelf(token, group);
      // An answer that was overtaken says nothing any more.
      if (asked !== this.#asked) return;
      this.ideas = shelf.ideas;
      this.problem = null;
    } catch (error) {
      if (asked === this.#asked) this.problem = error instanceof Refusal ? error.code : 'unavailable';
    }
  }
}
