/** How each field of what is prepared is edited: what its items hold, in the order of the screen. */
import { KINDS, PHASES } from '../../wire/constants';
import type { Field } from '../../wire/proto';

/** What one input holds. `local`: a text per language. */
export type Kind = 'local' | 'text' | 'number' | 'tick' | readonly string[];

export interface Input {
  /** The key in an item; empty: the item itself is the value. */
  key: string;
  kind: Kind;
  /** A longer text. */
  long?: boolean;
  /** May it be left open? */
  optional?: boolean;
}

export interface Shape {
  field: Field;
  /** One value, an object with parts, or a list of such. */
  as: 'value' | 'object' | 'list';
  inputs: readonly Input[];
  /** A new item of the list. */
  blank?: unknown;
}

const texts = (field: Field): Shape => ({
  field,
  as: 'list',
  inputs: [{ key: '', kind: 'local', long: true }],
  blank: '',
});

export const shapes: readonly Shape[] = [
  { field: 'title', as: 'value', inputs: [{ key: '', kind: 'local' }] },
  { field: 'languages', as: 'list', inputs: [{ key: '', kind: 'text' }], blank: '' },
  {
    field: 'points',
    as: 'list',
    inputs: [
      { key: 'title', kind: 'local', long: true },
      { key: 'minutes', kind: 'number' },
      { key: 'kind', kind: KINDS, optional: true },
    ],
    blank: { title: '', minutes: 6 },
  },
  { field: 'groups', as: 'list', inputs: [{ key: 'name', kind: 'text' }], blank: { name: '' } },
  {
    field: 'settings',
    as: 'object',
    inputs: [
      { key: 'votes', kind: 'number' },
      { key: 'tallies', kind: ['hidden', 'live'] },
      { key: 'private_first', kind: 'tick' },
      { key: 'moderation', kind: 'tick' },
      { key: 'entry', kind: ['choice', 'balanced', 'links', 'cards'] },
      { key: 'admission', kind: ['open', 'waves'] },
      { key: 'groups_move', kind: 'tick' },
      { key: 'plenary_vote', kind: ['auto', 'on', 'off'] },
      { key: 'ballot_paper', kind: ['recommendations', 'all'] },
      { key: 'working_language', kind: ['first', 'ar', 'en', 'es', 'fr', 'ru', 'zh'] },
      { key: 'ideas_per_seat', kind: 'number' },
      { key: 'promoted_per_group', kind: 'number' },
      { key: 'retention_days', kind: 'number' },
    ],
  },
  texts('objectives'),
  texts('outcomes'),
  {
    field: 'agenda',
    as: 'list',
    inputs: [
      { key: 'title', kind: 'local', long: true },
      { key: 'minutes', kind: 'number' },
      { key: 'phase', kind: PHASES },
    ],
    blank: { title: '', minutes: 10, phase: 'briefing' },
  },
  {
    field: 'materials',
    as: 'list',
    inputs: [
      { key: 'title', kind: 'local' },
      { key: 'lang', kind: 'text' },
      { key: 'reading', kind: ['pre-reading', 'briefing'] },
      { key: 'link', kind: 'text' },
    ],
    blank: { title: '', lang: '', reading: 'pre-reading', link: 'https://' },
  },
  {
    field: 'speakers',
    as: 'list',
    inputs: [
      { key: 'name', kind: 'local' },
      { key: 'about', kind: 'local', long: true },
    ],
    blank: { name: '' },
  },
  texts('moderators'),
  texts('rapporteurs'),
  {
    field: 'kinds',
    as: 'list',
    inputs: [
      { key: 'kind', kind: KINDS },
      { key: 'name', kind: 'local' },
    ],
    blank: { kind: 'challenge', name: '' },
  },
  {
    field: 'hide_reasons',
    as: 'list',
    inputs: [
      { key: 'id', kind: 'text' },
      { key: 'text', kind: 'local', long: true },
    ],
    blank: { id: '', text: '' },
  },
  {
    field: 'help',
    as: 'list',
    inputs: [
      { key: 'name', kind: 'local' },
      { key: 'reach', kind: 'local', long: true },
    ],
    blank: { name: '', reach: '' },
  },
  { field: 'safeguarding', as: 'value', inputs: [{ key: '', kind: 'tick' }] },
  { field: 'public_url', as: 'value', inputs: [{ key: '', kind: 'text' }] },
];
