/** The screen of the safeguarding contact: what everybody can still read comes first. */
import { expect, it } from 'vitest';
import { inOrder } from '../src/state/alerts';
import type { Alert } from '../src/wire/proto';

const alert = (id: string, state: Alert['state'], again = 0): Alert =>
  ({
    id,
    text: id,
    lang: 'en',
    point: 'p',
    kind: null,
    group: 'g',
    at: 0,
    reports: 1,
    state,
    again,
  }) as Alert;

it('shows what waits on its board above later reports that hid their ideas', () => {
  const told = [
    alert('threat', 'waiting'),
    alert('own-1', 'new'),
    alert('again', 'shown', 1),
    alert('settled', 'shown'),
    alert('own-2', 'new'),
  ];
  expect(inOrder(told).map(({ id }) => id)).toEqual(['again', 'threat', 'own-2', 'settled', 'own-1']);
});
