// Generated from the Rust types of `proto` by its test `bindings`. Never edited.

/** Version of the protocol: a server that says a higher one is newer than the page. */
export const PROTOCOL = 0;

/** The smallest number of people that is written as a number; fewer read *some*. */
export const PEOPLE_MIN = 5;

export const PHASES = ['lobby', 'briefing', 'brainstorm', 'vote', 'plenary', 'closed'] as const;

export const ROLES = ['organizer', 'moderator', 'rapporteur', 'participant', 'room', 'safeguarding'] as const;

export const KINDS = ['challenge', 'opportunity', 'recommendation', 'partnership', 'good-practice'] as const;
