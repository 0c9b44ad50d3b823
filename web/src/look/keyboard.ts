/** Where a phone's keyboard covers the page instead of shrinking it, `--keyboard` says how much is covered. */
export function followKeyboard(): void {
  const view = window.visualViewport;
  if (view === null) return;
  const follow = (): void => {
    const covered = view.scale > 1.01 ? 0 : Math.max(0, innerHeight - view.height - view.offsetTop);
    document.documentElement.style.setProperty('--keyboard', `${String(Math.round(covered))}px`);
  };
  view.addEventListener('resize', follow);
  view.addEventListener('scroll', follow);
}
