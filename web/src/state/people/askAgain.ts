/** Asks the server again and again whether this phone may come in, until it may or the refusal is final. */
import { Refusal, consultation } from '../../wire/http';
import type { Place } from '../../wire/places';
import type { Code } from '../../wire/proto';

interface Asking {
  place: Place;
  /** Milliseconds from an answer to the next question. */
  pause: () => number;
  /** Is this refusal one after which it asks again? */
  isPassing: (code: Code | 'offline') => boolean;
  /** Called once: it may come in, or another refusal came. */
  done: () => void;
}

/** Begins after the first pause; what it gives ends the asking. */
export function askAgain({ place, pause, isPassing, done }: Asking): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = async (): Promise<void> => {
    try {
      await consultation(place);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (isPassing(error.code)) {
        wait();
        return;
      }
    }
    done();
  };
  const wait = (): void => {
    timer = setTimeout(() => void ask(), pause());
  };
  wait();
  return () => clearTimeout(timer);
}
