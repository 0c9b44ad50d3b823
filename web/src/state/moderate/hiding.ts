/**
 * What staff decide about one idea: on its board or off it. Such a decision names the words that its person read (rule C31);
 * hiding words that are kept does not, because they can be read again afterwards, and nobody who goes on writing may keep an
 * idea from being hidden.
 */
import type { Action, HideReason } from '../../wire/proto';
import { wordsRead } from '../../wire/read';
import type { Session } from '../page/session.svelte';

/** What everybody but the safeguarding contact is told, in the place of a reason, of an idea by which somebody may be in danger. */
export const heldInGroup = 'held-in-group';

/** The reason for which words are deleted for good. */
export const personalData = 'personal-data';

/** An idea as it was read. */
interface ReadIdea {
  id: string;
  text: string;
}

export async function hideReasons(session: Session): Promise<HideReason[]> {
  return (await session.programme()).hide_reasons;
}

export function hide(session: Session, { id: idea, text }: ReadIdea, reason: string, erase: boolean): string {
  return session.decide({ do: 'hide', idea, reason, ...(erase ? { erase, read: wordsRead(text) } : {}) });
}

export function unhide(session: Session, { id: idea, text }: ReadIdea): string {
  return session.decide({ do: 'unhide', idea, read: wordsRead(text) });
}

/** Lets an idea on its board that waited, or came too late. */
export function admit(session: Session, { id: idea, text }: ReadIdea): string {
  return session.decide({ do: 'admit', idea, read: wordsRead(text) });
}

/** The safeguarding contact leaves an idea on its board, or shows it again. */
export const leaveShown = ({ id: idea, text }: ReadIdea): Action => ({
  do: 'settle',
  idea,
  show: true,
  read: wordsRead(text),
});
