/**
 * Coming in: finds out what a code or key opens, and takes a seat. The wish to join has an id that is kept until it
 * is answered, so a lost answer does not cost a second seat. Before a closed door it waits, and when many people type
 * at once it keeps its place and tries again by itself.
 */
import { doorstep, join, Refusal } from '../../wire/http';
import { newId, randomBytes, toHex } from '../../wire/identifiers';
import { keptBy, lastPlace, placeIn, takeSeat, type Place } from '../../wire/places';
import type { Code, JoinInfo, Join, Joined, LocalText } from '../../wire/proto';
import { saved } from '../../wire/saved';
import { takeAlong } from './comeAgain';
import { outside } from '../page/outside.svelte';
import { waitingKey, type Waiting } from '../page/route.svelte';

/** A consultation's own code; a card's or a group's. */
const codeLengths = [6, 9] as const;
/** Somebody may still be typing the rest of a card's code. */
const typingMilliseconds = 700;
/** How often a closed door is looked at: somebody may open it earlier than it says. */
const lookMilliseconds = 8_000;
const queueMilliseconds = 2_000;
/** Refusals that pass by themselves: many people come in at once. */
const passing: ReadonlySet<Code | 'offline'> = new Set(['too-many-tries', 'too-fast']);
/** How often a seat is asked for again while many people come in: for some minutes. */
const joinTriesMax = 60;

/** What a phone saw of the consultation when it came in. */
interface Entered {
  title: LocalText;
  /** The name of its group; empty: the door did not name it. */
  group: string;
}

/** What this seat's phone saw when it came in; `null`: the seat came here in another way. */
export function enteredBy(place: Place): Entered | null {
  return keptBy(place).get<Entered>('entered');
}

const isCode = (code: string): boolean => codeLengths.some((length) => code.length === length);
const requests = saved.under('join-request');

export class Entrance {
  code = $state.raw('');
  group = $state.raw('');
  door = $state.raw<JoinInfo | null>(null);
  refused = $state.raw<Code | 'offline' | null>(null);
  busy = $state.raw<'no' | 'looking' | 'joining'>('no');
  /** Somebody pressed *Join*, and the door has not answered yet. */
  pressed = $state.raw(false);
  /** Somebody pressed *Join* before they saw that there are groups to choose from: they are asked now. */
  asks = $state.raw(false);
  readonly byKey: boolean;
  readonly #key: string;
  readonly #enter: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** The place in the queue of typed codes. */
  #ticket: string | null = null;
  /** When the door was last looked at, by this phone's clock that only counts. */
  #lookedAt = $state.raw(0);
  #ended = false;

  /** `enter`: come in now: the door that this phone waited at is open, or *Join* was pressed before it answered. */
  constructor(code: string, key: string, enter: () => void) {
    this.#key = key;
    this.#enter = enter;
    this.byKey = key !== '';
    if (this.byKey) void this.#look(key);
    else if (code !== '') this.type(code);
  }

  /** The seat this phone already has: here, or where it was last. */
  readonly seat = $derived.by(() => {
    if (this.door !== null) return placeIn('participant', this.door.consultation);
    return this.code === '' && !this.byKey ? lastPlace('participant') : null;
  });
  readonly ready = $derived.by(
    () =>
      this.busy === 'no' &&
      !this.pressed &&
      (this.byKey || isCode(this.code)) &&
      this.door?.open !== false &&
      this.shut === null,
  );
  /** Why this card or code lets nobody in, whatever the door; a wish of this phone that has no answer yet goes before. */
  readonly shut = $derived.by((): Code | null =>
    this.door?.refusal !== undefined && requests.get<string>(this.#way) === null ? this.door.refusal : null,
  );
  /** Milliseconds until the closed door opens, from the moment it was looked at; `null`: it does not say. */
  readonly opensIn = $derived.by(() => {
    const { opens_at: at, now, open } = this.door ?? {};
    return open === false && at !== undefined && now !== undefined
      ? { at, from: this.#lookedAt, in: at - now }
      : null;
  });

  get #way(): string {
    return this.byKey ? this.#key : this.code;
  }

  /** What was typed or pasted: capitals, without spaces and dashes. */
  type(text: string): void {
    const code = text
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, '')
      .slice(0, Math.max(...codeLengths));
    if (code === this.code) return;
    this.code = code;
    this.refused = null;
    this.door = null;
    this.group = '';
    this.pressed = false;
    this.asks = false;
    this.#later(null);
    if (code.length === codeLengths[0]) this.#later(typingMilliseconds, code);
    else if (isCode(code)) void this.#look(code);
  }

  #later(milliseconds: number | null, what = ''): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (milliseconds === null || this.#ended) return;
    this.#timer = setTimeout(() => void this.#look(what), milliseconds);
  }

  async #look(what: string): Promise<void> {
    const wanted = (): boolean => !this.#ended && (this.byKey || this.code === what);
    const before = this.door;
    if (before === null) this.busy = 'looking';
    try {
      const door = await doorstep(before?.key ?? what, this.#ticket);
      if (!wanted()) return;
      outside.service = door.texts_to_service ?? false;
      this.door = door;
      this.refused = null;
      if (this.busy === 'looking') this.busy = 'no';
      this.#lookedAt = performance.now();
      const key = this.byKey ? this.#key : door.key;
      // Also who waited before the page was opened again.
      const waiting = saved.get<Waiting>(waitingKey);
      if (door.open || key === undefined) saved.remove(waitingKey);
      else saved.set(waitingKey, { key, timed: door.opens_at !== undefined } satisfies Waiting);
      if (door.open && waiting?.timed === true && waiting.key === key && this.seat === null) this.#enter();
      else if (this.pressed) this.#answerPress(door);
      if (!door.open) this.#later(this.#untilNextLook(door), what);
    } catch (error) {
      if (!wanted()) return;
      this.#refuse(error);
      if ((this.refused !== null && passing.has(this.refused)) || before !== null)
        this.#later(queueMilliseconds * (1 + Math.random()), what);
      else this.pressed = false;
    } finally {
      if (this.busy === 'looking') this.busy = 'no';
    }
  }

  /** At its time, not all phones in one moment; otherwise now and then. */
  #untilNextLook({ opens_at: at, now }: JoinInfo): number {
    const usual = lookMilliseconds * (1 + Math.random() / 2);
    if (at === undefined || now === undefined) return usual;
    return Math.min(usual, Math.max(0, at - now) + 50 + Math.random() * 500);
  }

  /** *Join* was pressed before the door answered: in, unless there are groups, which the person has not seen yet. */
  #answerPress({ groups }: JoinInfo): void {
    this.pressed = false;
    this.asks = groups.length > 1;
    if (!this.asks && this.seat === null) this.#enter();
  }

  /** Takes the seat; `true` when this phone has one now. Asks the door first, if it has not answered yet. */
  async join(): Promise<boolean> {
    if (!this.ready) return false;
    if (this.door === null) {
      this.pressed = true;
      this.#later(null);
      void this.#look(this.#way);
      return false;
    }
    const { title, groups } = this.door;
    this.busy = 'joining';
    this.asks = false;
    this.refused = null;
    const way = this.#way;
    const request = requests.get<string>(way) ?? newId();
    requests.set(way, request);
    const key = this.byKey ? this.#key : this.door.key;
    const wish = {
      ...(key === undefined ? { code: this.code } : { key }),
      ...(this.group === '' ? {} : { group: this.group }),
      request,
    };
    try {
      const joined = await this.#joinInTurn(wish);
      const place = { role: 'participant' as const, ...joined, ...(key === undefined ? {} : { door: key }) };
      takeSeat(place);
      takeAlong(place);
      const kept = keptBy(place);
      if (kept.get<string>('secret') === null) kept.set('secret', toHex(randomBytes(32)));
      const group = groups.find(({ id }) => id === joined.group)?.name ?? '';
      kept.set('entered', { title, group } satisfies Entered);
      requests.remove(way);
      this.end();
      return true;
    } catch (error) {
      this.#refuse(error);
      // Another group with the same request would be a conflict.
      if (this.refused !== 'offline') requests.remove(way);
      if (this.refused === 'door-closed') void this.#look(way);
      return false;
    } finally {
      this.busy = 'no';
    }
  }

  /** Asks for a seat; while many people come in at once, again and again by itself. */
  async #joinInTurn(wish: Join): Promise<Joined> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await join(wish, this.#ticket);
      } catch (error) {
        this.#refuse(error);
        const again = this.refused !== null && passing.has(this.refused);
        if (!again || tries === joinTriesMax || this.#ended) throw error;
        await new Promise((resume) => setTimeout(resume, queueMilliseconds * (1 + Math.random())));
      }
    }
  }

  #refuse(error: unknown): void {
    this.refused = error instanceof Refusal ? error.code : 'unavailable';
    this.#ticket = error instanceof Refusal ? error.ticket : null;
  }

  /** Waits no longer before this door. */
  forget(): void {
    saved.remove(waitingKey);
    this.end();
  }

  /** The page is left. */
  end(): void {
    this.#ended = true;
    this.#later(null);
  }
}
