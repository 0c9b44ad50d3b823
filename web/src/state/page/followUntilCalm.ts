import { afterFrame } from '../../wire/frames';

/** Frames for which the place must stay in sight before it counts as reached: parts near it may still be about to be drawn. */
const calmFrames = 12;
/** Frames after which it is left at that: two seconds. */
const framesMax = 120;

/**
 * Scrolls to a place of a page whose parts are drawn when they come near the screen, and may be higher than was thought:
 * follows it until it stays in sight, or until the person scrolls.
 */
export function followUntilCalm(place: HTMLElement): void {
  const stop = new AbortController();
  for (const by of ['wheel', 'touchmove', 'keydown'])
    addEventListener(by, () => stop.abort(), { passive: true, signal: stop.signal });
  let [calm, frames] = [0, 0];
  const follow = (): void => {
    if (stop.signal.aborted || !place.isConnected) return;
    const { top } = place.getBoundingClientRect();
    if (top >= 0 && top <= innerHeight) calm += 1;
    else {
      place.scrollIntoView({ block: 'center', behavior: 'instant' });
      calm = 0;
    }
    frames += 1;
    if (calm < calmFrames && frames < framesMax) afterFrame(follow);
    else stop.abort();
  };
  follow();
}
