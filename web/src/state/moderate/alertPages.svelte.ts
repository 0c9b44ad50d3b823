/**
 * The safeguarding contact's reports as far as they were read: the first ones, which the server tells, then a page after the other.
 * What everybody can still read comes first, then what is not decided, then the newest (rule C27).
 */
import { alertPage, Refusal } from '../../wire/http';
import type { Place } from '../../wire/places';
import type { Alert, Alerts, Code } from '../../wire/proto';

export class AlertPages {
  alerts = $state.raw<Alert[]>([]);
  isLoading = $state(false);
  problem = $state<Code | 'offline' | null>(null);
  #turn = 0;
  #told = '';
  #all = 0;
  /** How many this person has asked to see. */
  #wanted = 0;

  /**
   * The server tells something else. Later pages stay on the screen and are read again, because a decision moves a report. If it
   * tells the same, nothing moves.
   */
  begin(place: Place, { alerts, all }: Alerts): void {
    const told = JSON.stringify([alerts, all]);
    if (told === this.#told) return;
    this.#told = told;
    this.#all = all;
    this.#turn += 1;
    this.isLoading = false;
    this.alerts = [...alerts, ...others(this.alerts, alerts)].slice(0, Math.max(alerts.length, this.#wanted));
    if (alerts.length < this.#wanted) void this.#read(place, alerts);
  }

  async more(place: Place): Promise<void> {
    this.#wanted = this.alerts.length + 1;
    await this.#read(place, this.alerts);
  }

  /** Reads on after those that are known to be the first. */
  async #read(place: Place, known: Alert[]): Promise<void> {
    const turn = this.#turn;
    this.isLoading = true;
    try {
      let read = known;
      while (read.length < Math.min(this.#wanted, this.#all)) {
        const more = others(await alertPage(place.token, place.consultation, read.length), read);
        if (turn !== this.#turn) return;
        if (more.length === 0) break;
        read = [...read, ...more];
      }
      this.alerts = read;
      this.#wanted = read.length;
      this.problem = null;
    } catch (error) {
      if (turn === this.#turn) this.problem = error instanceof Refusal ? error.code : 'unavailable';
    } finally {
      if (turn === this.#turn) this.isLoading = false;
    }
  }
}

function others(alerts: readonly Alert[], known: readonly Alert[]): Alert[] {
  const ids = new Set(known.map(({ id }) => id));
  return alerts.filter(({ id }) => !ids.has(id));
}
