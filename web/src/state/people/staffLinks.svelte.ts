/** Staff links on an organizer's screen: who has one, a new one, one for a substitute, one less. An address is known once, when it is made. */
import { command, Refusal } from '../../wire/http';
import { newId } from '../../wire/identifiers';
import { newLink, staffLinks } from '../../wire/prepare';
import type { Action, Code, LinkInfo, PreparedGroup, Role } from '../../wire/proto';
import type { Session } from '../page/session.svelte';
import { say, words, type Key } from '../page/words.svelte';

/** A link that was made on this page, with what is printed above it. */
export interface MadeLink {
  title: string;
  url: string;
}

export interface NewStaffLink {
  role: Role;
  /** Moderators and rapporteurs. */
  group: string | null;
  /** Translators. */
  lang: string | null;
  label: string;
}

export class StaffLinks {
  readonly #session: Session;
  readonly #groups: () => readonly PreparedGroup[];
  all = $state.raw<readonly LinkInfo[]>([]);
  made = $state.raw<readonly MadeLink[]>([]);
  refused = $state<Code | 'offline' | null>(null);

  constructor(session: Session, groups: () => readonly PreparedGroup[]) {
    this.#session = session;
    this.#groups = groups;
    void this.#fetch();
  }

  /** What a link of this role is called. */
  name({ role, group, lang }: Pick<LinkInfo, 'role' | 'group'> & { lang?: string | null }): string {
    if (role === 'translator') return say('links.translator', { language: words.languageName(lang ?? '') });
    return group === null
      ? say(`links.${role}` as Key)
      : say(role === 'rapporteur' ? 'links.rapporteur' : 'links.moderator', {
          group: this.#groups().find(({ id }) => id === group)?.name ?? '',
        });
  }

  /** Makes one; was it taken? */
  async add({ role, group, lang, label }: NewStaffLink): Promise<boolean> {
    const { seat, hash, url } = newLink(this.#session.place, role, this.#publicUrl);
    const wish = {
      do: 'add-link' as const,
      seat,
      role,
      label,
      token: hash,
      ...(group === null ? {} : { group }),
      ...(lang === null ? {} : { lang }),
    };
    if (!(await this.#decide(wish))) return false;
    this.#keep({ role, group, lang, label }, url);
    return true;
  }

  /** Gives the role of a link to a substitute: the former link ends. */
  async hand(link: LinkInfo): Promise<void> {
    const { seat, hash, url } = newLink(this.#session.place, link.role, this.#publicUrl);
    const wish = { do: 'hand-link' as const, seat: link.seat, to: seat, token: hash, label: link.label };
    if (await this.#decide(wish)) this.#keep(link, url);
  }

  async revoke(link: LinkInfo): Promise<void> {
    await this.#decide({ do: 'revoke-link', seat: link.seat });
  }

  get #publicUrl(): string {
    return this.#session.you?.door?.url.split('/join#')[0] ?? location.origin;
  }

  #keep(link: Pick<LinkInfo, 'role' | 'group' | 'label'> & { lang?: string | null }, url: string): void {
    const title = [this.name(link), link.label].filter(Boolean).join(' · ');
    this.made = [...this.made, { title, url }];
  }

  async #decide(action: Action): Promise<boolean> {
    this.refused = null;
    try {
      await command(this.#session.place.token, { id: newId(), ...action });
      return true;
    } catch (error) {
      this.refused = error instanceof Refusal ? error.code : 'unavailable';
      return false;
    } finally {
      await this.#fetch();
    }
  }

  async #fetch(): Promise<void> {
    try {
      this.all = await staffLinks(this.#session.place);
    } catch {
      // The list stays as it was.
    }
  }
}
