/** What everybody but the safeguarding contact is told, in the place of a reason, of an idea by which somebody may be in danger. */
export const heldInGroup = 'held-in-group';

/** The reason for which words are deleted for good. */
export const personalData = 'personal-data';
