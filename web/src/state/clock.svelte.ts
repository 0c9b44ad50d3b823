/** The time that is left, by the server's clock: phones' clocks are often wrong. */
import type { ClockState } from '../wire/proto';

class Ticking {
  now = $state(Date.now());
  /** Server's time minus this phone's. */
  #ahead = 0;

  constructor() {
    if (typeof window !== 'undefined') setInterval(() => (this.now = Date.now()), 500);
  }

  heard(clock: ClockState): void {
    this.#ahead = clock.now - Date.now();
    this.now = Date.now();
  }

  /** The server's time, as far as this phone has heard it. */
  serverNow(): number {
    return Date.now() + this.#ahead;
  }

  /** Seconds left, below zero when over; `null` when the phase is open-ended. */
  secondsLeft(clock: ClockState): number | null {
    if (clock.ends_at === null) return null;
    return Math.ceil((clock.ends_at - this.now - this.#ahead) / 1000);
  }
}

export const ticking = new Ticking();

export function minutesAndSeconds(seconds: number, language: string): string {
  const digits = new Intl.NumberFormat(language, { minimumIntegerDigits: 2, useGrouping: false });
  const whole = Math.abs(seconds);
  return `${seconds < 0 ? '−' : ''}${digits.format(Math.floor(whole / 60))}:${digits.format(whole % 60)}`;
}
