/** Leads to a place of the page, through whatever must be opened on the way. */

/** What is loaded when it is opened is waited for this long. */
const loadMilliseconds = 10_000;

/** The first element of a selector, as soon as there is one. */
function appeared(selector: string): Promise<HTMLElement | null> {
  return new Promise((resolve) => {
    const found = (): HTMLElement | null => document.querySelector<HTMLElement>(selector);
    const watch = new MutationObserver(() => finish(found()));
    const due = setTimeout(() => finish(null, true), loadMilliseconds);
    function finish(element: HTMLElement | null, over = false): void {
      if (element === null && !over) return;
      clearTimeout(due);
      watch.disconnect();
      resolve(element);
    }
    watch.observe(document.body, { childList: true, subtree: true });
    finish(found());
  });
}

/**
 * Opens what these selectors name, one after the other, scrolls to the last and puts the focus on it. Nothing happens
 * when something of it does not come.
 */
export async function showPlace(...selectors: string[]): Promise<void> {
  let place: HTMLElement | null = null;
  for (const selector of selectors) {
    place = await appeared(selector);
    if (place === null) return;
    for (let at: HTMLElement | null = place; at !== null; at = at.parentElement)
      if (at instanceof HTMLDetailsElement) at.open = true;
  }
  place?.scrollIntoView({ block: 'center' });
  place?.setAttribute('tabindex', '-1');
  place?.focus({ preventScroll: true });
}
