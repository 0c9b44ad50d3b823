/** Work once per animation frame, however many changes came; in a hidden page, where no frames come, soon. */
export function afterFrame(work: () => void): void {
  if (typeof document === 'undefined' || document.hidden) setTimeout(work, 50);
  else requestAnimationFrame(work);
}

/** Makes a function that asks for `work` at most once per frame. */
export function oncePerFrame(work: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    afterFrame(() => {
      asked = false;
      work();
    });
  };
}
