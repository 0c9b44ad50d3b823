/** What waits for moderators, as an organizer sees it: numbers per group, and where nobody is who could decide. */
import type { GroupDesk, GroupState } from '../../wire/proto';

/** People write here or will, what they share waits for a moderator, and none is connected: it would wait for ever. */
export function isAlone(desk: GroupDesk, group: GroupState, moderated: boolean): boolean {
  const waits = (desk.waiting_all ?? 0) > 0;
  const over = group.phase === 'closed';
  return desk.moderators === 0 && !over && (waits || (moderated && group.phase === 'brainstorm'));
}

/** A group that is alone, and in which ideas wait or people are there who write: somebody must go there now. */
export function isUrgent(desk: GroupDesk, group: GroupState, moderated: boolean): boolean {
  return isAlone(desk, group, moderated) && ((desk.waiting_all ?? 0) > 0 || group.here > 0);
}

export interface Waiting {
  ideas: number;
  groups: number;
  /** Names of groups without a moderator where this is urgent, those with most waiting ideas first. */
  urgent: string[];
  /** Names of the other groups without a moderator. */
  alone: string[];
}

export function waitingOf(desks: GroupDesk[], groups: GroupState[], moderated: boolean): Waiting {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const counts = desks.map(({ waiting_all: n = 0 }) => n).filter((n) => n > 0);
  const most = [...desks].sort((a, b) => (b.waiting_all ?? 0) - (a.waiting_all ?? 0));
  const without = most.flatMap((desk) => {
    const group = byId.get(desk.group);
    if (group === undefined || !isAlone(desk, group, moderated)) return [];
    return [{ name: group.name, urgent: isUrgent(desk, group, moderated) }];
  });
  const named = (urgent: boolean): string[] =>
    without.filter((one) => one.urgent === urgent).map(({ name }) => name);
  const ideas = counts.reduce((sum, n) => sum + n, 0);
  return { ideas, groups: counts.length, urgent: named(true), alone: named(false) };
}
