/** The time that is left, by the server's clock: phones' clocks are often wrong. */
import type { ClockState } from '../../wire/proto';

class Ticking {
  now = $state(elapsed());
  /** Server's time minus the time that passed here: a phone's own date is never asked, so setting it changes nothing. */
  #ahead = 0;

  constructor() {
    if (typeof window !== 'undefined') setInterval(() => (this.now = elapsed()), 500);
  }

  heard(clock: ClockState): void {
    this.now = elapsed();
    this.#ahead = clock.now - this.now;
  }

  /** Seconds to a moment of the server's time, below zero when it is over. */
  secondsTo(at: number): number {
    return Math.ceil((at - this.now - this.#ahead) / 1000);
  }

  /** The server's time, as far as this phone has heard it. */
  serverNow(): number {
    return Math.floor(elapsed() + this.#ahead);
  }

  /** Seconds left, below zero when over; `null` when the phase is open-ended. */
  secondsLeft(clock: ClockState): number | null {
    if (clock.ends_at === null) return null;
    return this.secondsTo(clock.ends_at);
  }
}

/** Milliseconds that passed since the page was opened. */
function elapsed(): number {
  return performance.now();
}

export const ticking = new Ticking();

export function minutesAndSeconds(seconds: number, language: string): string {
  const digits = new Intl.NumberFormat(language, { minimumIntegerDigits: 2, useGrouping: false });
  const whole = Math.abs(seconds);
  return `${seconds < 0 ? '−' : ''}${digits.format(Math.floor(whole / 60))}:${digits.format(whole % 60)}`;
}
