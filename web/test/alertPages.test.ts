/** The safeguarding contact's reports by pages: none is lost, none is shown twice, and what was read stays on the screen (rule C27). */
import { expect, it, vi } from 'vitest';
import { AlertPages } from '../src/state/moderate/alertPages.svelte';
import type { Place } from '../src/wire/places';
import type { Alert, Alerts } from '../src/wire/proto';

const page = 50;
const alert = (n: number, state: Alert['state'] = 'new'): Alert =>
  ({ id: String(n), text: `Idea ${String(n)}`, state }) as Alert;
/** What the server holds, in its order. */
let held: Alert[] = [];
let asked: number[] = [];

vi.mock('../src/wire/http', () => ({
  Refusal: class extends Error {},
  alertPage: (_token: string, _id: string, from: number): Promise<Alert[]> => {
    asked.push(from);
    return Promise.resolve(held.slice(from, from + page));
  },
}));

const place = { token: 't', consultation: 'c' } as Place;
const told = (): Alerts => ({ alerts: held.slice(0, page), all: held.length });
const shown = (pages: AlertPages): string[] => pages.alerts.map(({ id }) => id);
const ids = (upTo: number): string[] => held.slice(0, upTo).map(({ id }) => id);

it('reads a page after the other, and again when the server tells something else', async () => {
  held = Array.from({ length: 130 }, (_, n) => alert(n));
  asked = [];
  const pages = new AlertPages();
  pages.begin(place, told());
  expect(shown(pages)).toEqual(ids(50));
  await pages.more(place);
  expect(shown(pages)).toEqual(ids(100));
  pages.begin(place, told());
  expect(asked, 'the same is told: nothing is asked').toEqual([50]);
  // One of the first page is decided and goes to the end: those behind it move up.
  held = [...held.slice(0, 3), ...held.slice(4), alert(3, 'kept')];
  pages.begin(place, told());
  expect(pages.alerts.length, 'nothing leaves the screen while it is read again').toBe(100);
  await vi.waitFor(() => {
    expect(pages.isLoading).toBe(false);
  });
  expect(shown(pages)).toEqual(ids(100));
  await pages.more(place);
  expect(shown(pages)).toEqual(ids(130));
});
