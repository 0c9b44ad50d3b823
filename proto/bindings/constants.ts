// Generated from the Rust types of `proto` by its test `bindings`. Never edited.

/** Version of the protocol: a server that says a higher one is newer than the page. */
export const PROTOCOL = 0;

/** The smallest number of people that is written as a number; fewer read *some*. */
export const PEOPLE_MIN = 5;

/** UTF-16 units of an idea. */
export const IDEA_UNITS_MAX = 1000;

/** The same where people type it. */
export const IDEA_UNITS_ON_SCREENS = 500;

/** UTF-16 units of a text of the plenary. */
export const ENTRY_UNITS_MAX = 4000;

/** The same where people type it. */
export const ENTRY_UNITS_ON_SCREENS = 2000;

/** UTF-16 units of a minority note. */
export const NOTE_UNITS_MAX = 280;

/** UTF-16 units of the line of an objection. */
export const OBJECTION_UNITS_MAX = 200;

/** UTF-16 units of a title or name by the organizer. */
export const TITLE_UNITS_MAX = 300;

/** Line breaks in a row (rule B8). */
export const BREAKS_MAX = 3;

/** Marks on one letter (rule B8). */
export const MARKS_MAX = 6;

export const PHASES = ['lobby', 'briefing', 'brainstorm', 'vote', 'review', 'plenary', 'closed'] as const;

export const ROLES = ['organizer', 'moderator', 'rapporteur', 'editor', 'translator', 'participant', 'room', 'safeguarding'] as const;

export const KINDS = ['challenge', 'opportunity', 'recommendation', 'partnership', 'good-practice'] as const;
