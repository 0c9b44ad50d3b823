/** Ideas about which a decision was refused because they say something else than what was read: their rows say so. */
import type { Action } from '../../wire/proto';
import type { Session } from '../page/session.svelte';

export class Rereading {
  #ideas = $state.raw<ReadonlySet<string>>(new Set());

  /** Made with a component. `then`: what is to be read again. */
  constructor(session: Session, decisions: readonly Action['do'][], then: () => void = () => undefined) {
    $effect(() =>
      session.onRefused((command, code) => {
        if (code !== 'stale' || !('idea' in command) || !decisions.includes(command.do)) return false;
        this.#ideas = new Set([...this.#ideas, command.idea]);
        then();
        return false;
      }),
    );
  }

  has(idea: string): boolean {
    return this.#ideas.has(idea);
  }
}
