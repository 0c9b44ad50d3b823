/**
 * What a phone shows of its own votes and responses once a decision is answered. Answers may come in another order than
 * decisions: one that was refused for a moment is sent again after newer ones. The decision with the highest counter stands, here
 * as on the server.
 */
import type { Command } from '../../wire/outbox';
import type { You } from '../../wire/proto';

type Responses = NonNullable<You['responses']>;

/** The responses of this seat in the plenary, with a decision that was recorded. */
function respondedBy(responses: Responses, command: Command): Responses {
  if (command.do !== 'object') return responses;
  const rest = Object.fromEntries(Object.entries(responses).filter(([item]) => item !== command.item));
  if (command.line === undefined) return rest;
  return { ...rest, [command.item]: { response: 'object', line: command.line } };
}

/** The own votes and responses of a seat, as answers to its decisions change them. */
export class OwnVotes {
  /** Idea or item → the highest counter that was answered. */
  readonly #counters = new Map<string, number>();

  /** What is so of this seat after a decision was recorded; an older one changes nothing. */
  after(you: You, command: Command): You {
    if (command.do === 'approve' && this.#isNewest(command.idea, command.counter)) {
      const confirm = you.confirm.filter((idea) => idea !== command.idea);
      const others = you.approved.filter((idea) => idea !== command.idea);
      return { ...you, confirm, approved: command.on ? [...others, command.idea] : others };
    }
    if (command.do === 'approve-entry' && this.#isNewest(command.item, command.counter)) {
      const own = you.plenary_vote ?? { may_vote: true, voted: true, approved: [] };
      const others = own.approved.filter((item) => item !== command.item);
      const approved = command.on ? [...others, command.item] : others;
      return { ...you, plenary_vote: { ...own, voted: true, approved } };
    }
    if (command.do === 'object' && this.#isNewest(command.item, command.counter))
      return { ...you, responses: respondedBy(you.responses ?? {}, command) };
    return you;
  }

  #isNewest(subject: string, counter: number | undefined = 0): boolean {
    const known = this.#counters.get(subject);
    if (known !== undefined && known > counter) return false;
    this.#counters.set(subject, counter);
    return true;
  }
}
