/** Is the page being printed? Paper leaves the house: small figures read “some” on it, and nothing is folded. */
import { flushSync } from 'svelte';

class Printing {
  now = $state(false);
  #unfolded: HTMLDetailsElement[] = [];

  begin(): void {
    flushSync(() => (this.now = true));
    this.#unfolded = [...document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')];
    for (const details of this.#unfolded) details.open = true;
  }

  end(): void {
    for (const details of this.#unfolded) details.open = false;
    this.#unfolded = [];
    this.now = false;
  }
}

export const printing = new Printing();
