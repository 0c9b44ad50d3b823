// Waiting: for a condition, with a deadline, saying what was waited for. Tests never sleep.
//
// A condition is looked at again every few milliseconds, because what it reads (a document, a journal behind HTTP)
// has no common event. What must *not* happen is never waited for: the test makes something later happen and waits
// for that (see `barrier` in clients.mjs), since everything before it has then had its effect.

const LOOK_AGAIN_MS = 5;
export const DEADLINE_MS = 15_000;

/** Waits until `condition` returns something truthy, and returns that. An error that it throws counts as "not yet". */
export async function until(what, condition, { within = DEADLINE_MS } = {}) {
  const end = performance.now() + within;
  let last;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      const why = last ? `; the last look failed: ${last.message}` : '';
      throw new Error(`not within ${within} ms: ${await words(what)}${why}`, { cause: last });
    }
    await new Promise((resume) => setTimeout(resume, LOOK_AGAIN_MS));
  }
}

/** Waits for a promise, but not longer than `within`. */
export async function soon(what, promise, { within = DEADLINE_MS } = {}) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(async () => reject(new Error(`not within ${within} ms: ${await words(what)}`)), within);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `what` may be a function: then it describes how things stand when the deadline has passed. */
function words(what) {
  return typeof what === 'function' ? what() : what;
}
