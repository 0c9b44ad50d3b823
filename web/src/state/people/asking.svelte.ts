/**
 * A link that would change who this phone is: what it is, and what the person says to it. Nothing is fetched, exchanged
 * or kept before the answer is yes.
 */
import { forgetAsked, type Asked } from '../../wire/asked';
import { fetchTaking, keepTaking, openTaking, take, type Taking } from '../../wire/handover';
import { consultation, lookAtParcel, Refusal } from '../../wire/http';
import { newId } from '../../wire/identifiers';
import { hasSeatIn, keepPlace } from '../../wire/places';
import type { Code, LocalText, Role } from '../../wire/proto';
import { saved } from '../../wire/saved';
import { router } from '../page/route.svelte';

interface Facts {
  title: LocalText;
  group: string;
  role: Role;
  /** Of a parcel: how many minutes ago it was made. */
  minutes: number | null;
  consultation: string;
  /** Has this phone a seat here? */
  own: boolean;
}

export class Asking {
  readonly asked: Asked;
  facts = $state.raw<Facts | null>(null);
  refused = $state.raw<Code | 'offline' | 'wrong-link' | null>(null);
  busy = $state.raw(false);
  /** What was fetched already, when its exchange had no answer. */
  #taking: Taking | null = null;

  constructor(asked: Asked) {
    this.asked = asked;
    void this.look();
  }

  /** What the link is; of a seat that is being taken already, the rest of it. */
  async look(): Promise<void> {
    await this.#try(async () => {
      const { asked } = this;
      if (asked.kind === 'taking') await this.#resume();
      else if (asked.kind === 'parcel') this.facts = await parcelFacts(asked.id);
      else if (asked.kind !== 'key') {
        const facts = await linkFacts(asked);
        if (facts.role === (asked.kind === 'staff' ? asked.role : 'participant')) this.facts = facts;
        else this.refused = 'wrong-link';
      }
    });
  }

  async yes(): Promise<void> {
    await this.#try(async () => {
      const { asked, facts } = this;
      if (asked.kind === 'taking') await this.#resume();
      else if (asked.kind === 'parcel' && facts !== null) {
        this.#taking ??= await fetchTaking(asked.id, asked.key, facts.consultation);
        await this.#take(this.#taking);
      } else if (asked.kind === 'seat') {
        const { token, consultation } = asked;
        this.#taking ??= keepTaking({ request: newId(), token, consultation, letter: null, linked: true });
        await this.#take(this.#taking);
      } else if (asked.kind === 'staff') {
        keepPlace({ role: asked.role, consultation: asked.consultation, token: asked.token });
        this.#leave(`/${asked.screen}`);
      } else if (asked.kind === 'key') {
        saved.set('organizer-key', asked.key);
        this.#leave('/organize/new');
      }
    });
  }

  /** Everything stays as it is. */
  no(): void {
    const { asked } = this;
    if (asked.kind === 'key') this.#leave('/organize/new');
    else this.#leave(this.facts?.own === true ? '/board' : '/join');
  }

  async #resume(): Promise<void> {
    const taking = openTaking();
    if (taking !== null) await this.#take(taking);
    else this.#leave('/board');
  }

  async #take(taking: Taking): Promise<void> {
    await take(taking);
    this.#leave('/board');
  }

  #leave(path: string): void {
    forgetAsked();
    router.go(path);
  }

  async #try(wish: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    this.refused = null;
    try {
      await wish();
    } catch (error) {
      this.refused = error instanceof Refusal ? error.code : 'unavailable';
    } finally {
      this.busy = false;
    }
  }
}

async function parcelFacts(id: string): Promise<Facts> {
  const { title, group, left, now, consultation } = await lookAtParcel(id);
  const minutes = Math.max(0, Math.floor((now - left) / 60_000));
  return { title, group, role: 'participant', minutes, consultation, own: hasSeatIn(consultation) };
}

async function linkFacts(place: { consultation: string; token: string }): Promise<Facts> {
  const { title, id, groups, you } = await consultation(place);
  const group = groups.find((each) => each.id === you.group)?.name ?? '';
  const own = hasSeatIn(place.consultation);
  return { title, group, role: you.role, minutes: null, consultation: id, own };
}
