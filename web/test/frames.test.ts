import { expect, it } from 'vitest';
import { oncePerFrame } from '../src/wire/frames';

/** A function that counts, done in frames that the test shows one by one. */
function counted() {
  const frames: (() => void)[] = [];
  const done = { times: 0 };
  const work = oncePerFrame(
    () => {
      done.times += 1;
    },
    (next) => {
      frames.push(next);
    },
  );
  return { frames, done, work };
}

it('work asked for several times is done once in the next frame', () => {
  const { frames, done, work } = counted();
  work.ask();
  work.ask();
  expect(frames.length).toBe(1);
  frames.shift()?.();
  expect(done.times).toBe(1);
  work.ask();
  frames.shift()?.();
  expect(done.times).toBe(2);
});

it('work asked for before its owner ended is not done after', () => {
  const { frames, done, work } = counted();
  work.ask();
  work.end();
  for (const next of frames) next();
  work.ask();
  expect(done.times).toBe(0);
  expect(frames.length).toBe(1);
});
