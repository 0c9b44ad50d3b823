/** A number of people as it may be told, in the reader's language. */
import type { People } from '../../wire/proto';
import { say, words } from '../page/words.svelte';

export const peopleWord = (people: People): string =>
  people === 'some' ? say('report.some') : words.number(people);
