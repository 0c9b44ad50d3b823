/** Which words that were not taken may go into their field again. Pure. */
import { additionsTo, unitsAdded } from '../../wire/additions';
import { entryField, ideaOfField, type Idea } from '../../wire/board';
import { IDEA_UNITS_ON_SCREENS } from '../../wire/constants';
import type { Phase } from '../../wire/proto';
import type { Returned } from './ideaCard';

/** Where people may write now: in ideas, and by the phase in the group's wordings of them. */
interface Writing {
  mayWrite: boolean;
  phase: Phase;
}

/** Is their field there, open, and has it room for them? */
export function hasRoomFor({ field, words }: Returned, ideas: Idea[], writing: Writing): boolean {
  const idea = field === undefined ? undefined : ideas.find(({ id }) => id === ideaOfField(field));
  if (field === undefined || idea === undefined || idea.locked) return false;
  const now = field === entryField(idea.id) ? entryNow(idea, writing) : textNow(idea, field, writing);
  return now !== undefined && now.length + unitsAdded(additionsTo(now, words)) <= IDEA_UNITS_ON_SCREENS;
}

const entryNow = ({ entry }: Idea, { phase }: Writing): string | undefined =>
  phase === 'review' ? entry : undefined;

const textNow = ({ id, text }: Idea, field: string, { mayWrite }: Writing): string | undefined =>
  mayWrite && field === id ? text : undefined;
