import { beforeEach, describe, expect, it } from 'vitest';
import {
  forgetPlace,
  keepPlace,
  keptBy,
  lastPlace,
  placeIn,
  restSeat,
  seatsHere,
  takeSeat,
  type Place,
} from '../src/wire/places';
import { saved } from '../src/wire/saved';

const seat = (name: string, consultation = 'c'): Place => ({
  role: 'participant',
  consultation,
  token: `token of ${name}`,
  seat: name,
  group: 'g',
});
const numbers = (): [string, number, boolean][] =>
  seatsHere().map(({ place, number, current }) => [place.seat ?? '', number, current]);

describe('a phone that several people share', () => {
  beforeEach(() => saved.clear());

  it('shows one seat at a time, and knows the others by number', () => {
    keepPlace(seat('a'));
    restSeat(seat('a'));
    expect(placeIn('participant', 'c')).toBeNull();
    expect(lastPlace('participant')).toBeNull();
    keepPlace(seat('b'));
    expect(numbers()).toEqual([
      ['a', 1, false],
      ['b', 2, true],
    ]);
    takeSeat(seat('a'));
    expect(numbers()).toEqual([
      ['a', 1, true],
      ['b', 2, false],
    ]);
    expect(lastPlace('participant')?.token).toBe('token of a');
  });

  it('keeps what each seat wrote apart, and clears one without the other', () => {
    for (const name of ['a', 'b']) {
      takeSeat(seat(name));
      keptBy(seat(name)).set('drafts', `of ${name}`);
    }
    forgetPlace(seat('b'));
    expect(numbers()).toEqual([['a', 1, false]]);
    expect(keptBy(seat('a')).get('drafts')).toBe('of a');
    expect(keptBy(seat('b')).get('drafts')).toBeNull();
  });

  it('does not set a seat of another consultation aside', () => {
    takeSeat(seat('a', 'one'));
    takeSeat(seat('b', 'two'));
    expect(numbers().map(([, , current]) => current)).toEqual([true, true]);
  });
});
