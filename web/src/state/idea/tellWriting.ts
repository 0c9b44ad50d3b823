/**
 * Tells that somebody writes in a field: as long as it is open (a sheet has one), or as long as it has the focus (where a page
 * shows several). What it gives back ends that.
 */
export function tellWriting(
  area: HTMLTextAreaElement,
  during: 'open' | 'focus',
  tell: (writes: boolean) => void,
): () => void {
  const bound = new AbortController();
  if (during === 'open') tell(true);
  else {
    area.addEventListener('focus', () => tell(true), bound);
    // A field that leaves the page loses the focus while the page is being drawn, when no state may change.
    area.addEventListener('blur', () => queueMicrotask(() => tell(false)), bound);
  }
  return () => {
    bound.abort();
    tell(false);
  };
}
