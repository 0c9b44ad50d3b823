/** All texts of a consultation that a member of the staff may read, one place after the other: what a search looks at. */
import { board, deskPage, json, lateShelf, wordingsPage } from './http';
import type { Place } from './places';
import { exportTemplate } from './prepare';
import type { PlenaryView } from './proto';
import { cardOf, doubtfulOf } from './records';

/** Where a text stands. */
export type Where =
  'board' | 'waiting' | 'hidden' | 'late' | 'wording' | 'card' | 'list' | 'line' | 'taken-off' | 'prepared';

/** An idea as it was read: what it is hidden or erased by. */
export interface FoundIdea {
  id: string;
  text: string;
}

export interface Text {
  where: Where;
  /** Of which group; none: of the list or of what is prepared. */
  group?: string;
  text: string;
  /** The idea that says it, in whatever language. */
  idea?: FoundIdea;
  /** Of an earlier wording: the idea is hidden. */
  isHidden?: boolean;
  /** What else says it: a note of a card, an entry of the list, the line of an objection, a field of what is prepared. */
  part?: string;
}

/** Pages of waiting and of hidden ideas, and of earlier wordings, that are read of each group. */
const pagesMax = 20;

type Texts = AsyncGenerator<Text | 'cut'>;

async function* ofDesk(place: Place, group: string, where: 'waiting' | 'hidden'): Texts {
  for (let page = 0, read = 0; page < pagesMax; page++) {
    const told = await deskPage(place.token, group, where, read);
    const ideas = told[where] ?? [];
    for (const { id, text } of ideas) yield { where, group, text, idea: { id, text } };
    read += ideas.length;
    if (ideas.length === 0 || read >= told.all) return;
  }
  yield 'cut';
}

/** `now`: what the ideas of the group say by now. */
async function* ofWordings(place: Place, group: string, now: ReadonlyMap<string, Text>): Texts {
  for (let page = 0, read = 0; page < pagesMax; page++) {
    const { all, ideas } = await wordingsPage(place.token, group, read);
    for (const { idea, wordings } of ideas) {
      const stands = now.get(idea);
      const text = stands?.idea?.text ?? '';
      for (const earlier of wordings.filter((wording) => wording.text !== text))
        yield {
          where: 'wording',
          group,
          text: earlier.text,
          idea: { id: idea, text },
          isHidden: stands?.where !== 'board',
        };
    }
    read += ideas.length;
    if (ideas.length === 0 || read >= all) return;
  }
  yield 'cut';
}

async function* ofGroup(place: Place, group: string): Texts {
  const now = new Map<string, Text>();
  for await (const text of ofIdeas(place, group)) {
    if (text !== 'cut' && text.idea) now.set(text.idea.id, text);
    yield text;
  }
  yield* ofWordings(place, group, now);
  for (const { id, line, undecided } of (await cardOf(place, group)).signed.notes)
    yield { where: 'card', group, text: line ?? undecided ?? '', part: id };
}

async function* ofIdeas(place: Place, group: string): Texts {
  for (const { id, text, tr } of (await board(place, group)).ideas)
    for (const each of [text, ...Object.values(tr ?? {})])
      yield { where: 'board', group, text: each, idea: { id, text } };
  yield* ofDesk(place, group, 'waiting');
  yield* ofDesk(place, group, 'hidden');
  for (const { id, text } of (await lateShelf(place.token, group)).ideas)
    yield { where: 'late', group, text, idea: { id, text } };
}

/** `now`: what ideas say by now; the list has the words of its last run. */
async function* ofList(place: Place, now: ReadonlyMap<string, string>): Texts {
  const path = `/api/plenary/${place.consultation}`;
  const list = await json<PlenaryView>(path, { bearer: place.token });
  for (const { id, wording, note, responses, sources } of list.items) {
    for (const { idea, group, text } of sources)
      yield { where: 'list', group, text, idea: { id: idea, text: now.get(idea) ?? text } };
    for (const text of [wording, note]) yield { where: 'list', text, part: id };
    for (const line of responses?.lines ?? []) yield { where: 'line', text: line.text, part: line.id };
  }
  for (const text of Object.values(list.statement)) yield { where: 'list', text };
}

/** Every text in what is prepared, whatever field it is in. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const each of Object.values(value)) yield* textsIn(each);
}

async function* prepared(place: Place): Texts {
  const template = JSON.parse(await (await exportTemplate(place)).text()) as Record<string, unknown>;
  for (const [part, value] of Object.entries(template).filter(([field]) => !field.startsWith('$')))
    for (const text of textsIn(value)) yield { where: 'prepared', text, part };
}

/** What this place may read of these groups, of the list, and, as an organizer, of what is prepared. */
export async function* everything(place: Place, groups: readonly string[]): Texts {
  const now = new Map<string, string>();
  for (const group of groups)
    for await (const text of ofGroup(place, group)) {
      if (text !== 'cut' && text.idea && text.where !== 'wording') now.set(text.idea.id, text.idea.text);
      yield text;
    }
  yield* ofList(place, now);
  if (place.role !== 'organizer') return;
  for (const { text, words } of (await doubtfulOf(place)).texts)
    yield { where: 'taken-off', text: words, part: text };
  yield* prepared(place);
}
