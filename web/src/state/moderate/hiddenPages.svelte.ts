/** The hidden ideas of a desk as far as they were read: the desk's own first ones, then a page after the other. */
import { deskPage, Refusal } from '../../wire/http';
import type { Code, HiddenIdea } from '../../wire/proto';

export class HiddenPages {
  ideas = $state.raw<HiddenIdea[]>([]);
  isLoading = $state(false);
  problem = $state<Code | 'offline' | null>(null);
  #turn = 0;
  #all = 0;

  /** The desk says something else: what was read before may have moved. A desk that says the same leaves it. */
  begin(first: HiddenIdea[], all: number): void {
    const same =
      all === this.#all &&
      first.every(({ id, text }, at) => this.ideas[at]?.id === id && this.ideas[at].text === text);
    this.#all = all;
    if (same) return;
    this.#turn += 1;
    this.ideas = first;
  }

  async more(token: string, group: string): Promise<void> {
    const turn = this.#turn;
    this.isLoading = true;
    try {
      const { hidden = [] } = await deskPage(token, group, 'hidden', this.ideas.length);
      if (turn !== this.#turn) return;
      const known = new Set(this.ideas.map(({ id }) => id));
      this.ideas = [...this.ideas, ...hidden.filter(({ id }) => !known.has(id))];
      this.problem = null;
    } catch (error) {
      this.problem = error instanceof Refusal ? error.code : 'unavailable';
    } finally {
      this.isLoading = false;
    }
  }
}
