/** All texts of a consultation that a member of the staff may read, one place after the other: what a search looks at. */
import { board, deskPage, json, lateShelf } from './http';
import type { Place } from './places';
import { exportTemplate } from './prepare';
import type { PlenaryView } from './proto';
import { cardOf, doubtfulOf } from './records';

/** Where a text stands. */
export type Where = 'board' | 'waiting' | 'hidden' | 'late' | 'card' | 'list' | 'taken-off' | 'prepared';

export interface Text {
  where: Where;
  /** Of which group; none: of the list or of what is prepared. */
  group?: string;
  text: string;
}

/** Pages of waiting and of hidden ideas that are read of each group. */
const pagesMax = 20;

type Texts = AsyncGenerator<Text | 'cut'>;

async function* ofDesk(place: Place, group: string, where: 'waiting' | 'hidden'): Texts {
  for (let page = 0, read = 0; page < pagesMax; page++) {
    const told = await deskPage(place.token, group, where, read);
    const ideas = told[where] ?? [];
    for (const { text } of ideas) yield { where, group, text };
    read += ideas.length;
    if (ideas.length === 0 || read >= told.all) return;
  }
  yield 'cut';
}

async function* ofGroup(place: Place, group: string): Texts {
  for (const { text, tr } of (await board(place, group)).ideas)
    for (const each of [text, ...Object.values(tr ?? {})]) yield { where: 'board', group, text: each };
  yield* ofDesk(place, group, 'waiting');
  yield* ofDesk(place, group, 'hidden');
  for (const { text } of (await lateShelf(place.token, group)).ideas) yield { where: 'late', group, text };
  for (const { line, undecided } of (await cardOf(place, group)).signed.notes)
    yield { where: 'card', group, text: line ?? undecided ?? '' };
}

async function* ofList(place: Place): Texts {
  const path = `/api/plenary/${place.consultation}`;
  const list = await json<PlenaryView>(path, { bearer: place.token });
  for (const { wording, note, text, responses } of list.items) {
    const lines = (responses?.lines ?? []).map((line) => line.text);
    for (const each of [text, wording, note, ...lines]) yield { where: 'list', text: each };
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
  const template: unknown = JSON.parse(await (await exportTemplate(place)).text());
  for (const text of textsIn(template)) yield { where: 'prepared', text };
}

/** What this place may read of these groups, of the list, and, as an organizer, of what is prepared. */
export async function* everything(place: Place, groups: readonly string[]): Texts {
  for (const group of groups) yield* ofGroup(place, group);
  yield* ofList(place);
  if (place.role !== 'organizer') return;
  for (const { words } of (await doubtfulOf(place)).texts) yield { where: 'taken-off', text: words };
  yield* prepared(place);
}
