/** Work once per animation frame, however many changes came; in a hidden page, where no frames come, soon. */
export function afterFrame(work: () => void): void {
  if (typeof document === 'undefined' || document.hidden) setTimeout(work, 50);
  else requestAnimationFrame(work);
}

/** Work that is asked for at most once per frame, until its owner ends. */
export interface FrameWork {
  ask: () => void;
  /** What was asked for is not done any more: whom it would tell may be gone. */
  end: () => void;
}

/** Does `work` in the next frame, however often it is asked for before. */
export function oncePerFrame(work: () => void, frame = afterFrame): FrameWork {
  let asked = false;
  let ended = false;
  return {
    ask: () => {
      if (asked || ended) return;
      asked = true;
      frame(() => {
        asked = false;
        if (!ended) work();
      });
    },
    end: () => {
      ended = true;
    },
  };
}
