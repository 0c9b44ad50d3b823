// Deletions that a kill interrupts: after the next start, without anybody opening anything, no file may hold what was deleted.

import { randomUUID } from 'node:crypto';
import { findings } from './purge.mjs';
import { scene } from './scene.mjs';
import { startServer } from './server.mjs';
import { until } from './until.mjs';
import { itemOf } from './items.mjs';

/** The promise: from the start of the server until the last byte is gone. */
const WITHIN_MS = 60_000;

const STEPS = ['withdraw', 'erase', 'restore', 'purge'];

/** An idea with letters, an edit, an earlier wording and a place on the list with a wording, all with this mark. */
async function busyIdea(stage, mark) {
  const idea = await stage.share(`Call Maria ${mark} at home`, { kind: 'recommendation' });
  await stage.api.command(stage.groups[0].seats[0].token, {
    do: 'edit',
    idea: idea.idea,
    receipt: idea.receipt,
    text: `Call Maria ${mark} at work`,
  });
  await stage.promote(idea.idea);
  await stage.api.command(stage.organizer, { do: 'merge' });
  await stage.api.command(stage.editor, { do: 'reword', item: itemOf(idea.idea) });
  // A change of phase keeps what texts say as earlier wordings.
  for (const phase of ['vote', 'brainstorm']) await stage.phase(phase);
  const wordings = `/api/boards/${stage.groups[0].id}/wordings/${idea.idea}`;
  const kept = async () => (await stage.api.json(wordings, { token: stage.groups[0].moderator })).wordings.length > 0;
  await until('a wording is kept', kept);
  return idea;
}

function deletion(step, stage, idea) {
  const [group] = stage.groups;
  const own = { token: group.seats[0].token, command: { id: randomUUID(), do: 'withdraw', idea: idea.idea, receipt: idea.receipt } };
  switch (step) {
    case 'withdraw':
      return own;
    case 'restore':
      return {
        token: group.moderator,
        command: { id: randomUUID(), do: 'restore', idea: idea.idea, wording: 1 },
        // What is restored is not gone yet: the mark goes with the idea.
        then: own,
      };
    case 'erase':
      return {
        token: group.moderator,
        command: { id: randomUUID(), do: 'hide', idea: idea.idea, reason: 'personal-data', erase: true },
      };
    case 'purge':
      return { token: stage.organizer, command: { id: randomUUID(), do: 'purge', confirm: 'A consultation' } };
    default:
      throw new Error(step);
  }
}

/** Was it carried out? Asked in a way that opens no board. */
async function isDone(step, stage, idea) {
  if (step === 'purge') {
    return stage.api.consultation(stage.organizer, stage.id).then(
      () => false,
      (refused) => refused.code === 'purged',
    );
  }
  const body = { consultation: stage.id, ideas: [{ idea: idea.idea, receipt: idea.receipt }] };
  const { ideas } = await stage.api.json('/api/follow', { method: 'POST', body });
  return step === 'erase' ? ideas[0].place === 'hidden' : ideas[0].place === 'unknown';
}

/**
 * Kills the server `cycles` times while it deletes, and says what the files held afterwards.
 * `pause(cycle)`: milliseconds between sending and the kill.
 */
export async function killsWhileDeleting(t, { bin, env, cycles, pause, within = WITHIN_MS, say = () => {} }) {
  const server = await startServer({ ...(bin && { bin }), ...(env && { env }) });
  t.after(() => server.dispose());
  const left = [];
  let interrupted = 0;
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const step = STEPS[cycle % STEPS.length];
    const stage = await scene(t, { server, seats: 1, groups: ['Harbour'] });
    const mark = `marker-${cycle}-${randomUUID()}`;
    const idea = await busyIdea(stage, mark);
    const { token, command, then } = deletion(step, stage, idea);
    const answer = stage.api.command(token, command).then(
      () => true,
      () => false,
    );
    await new Promise((resolve) => setTimeout(resolve, pause(cycle)));
    await server.kill();
    const answered = await answer;
    await server.again();
    const done = then === undefined && (await isDone(step, stage, idea));
    if (done && !answered) interrupted += 1;
    if (!done) await stage.api.command(token, command);
    if (then) await stage.api.command(then.token, then.command);
    try {
      await until(
        `nothing is left after ${step}`,
        async () => Object.keys(await findings(server.data, { mark })).length === 0,
        { within },
      );
    } catch {
      left.push({ step, done, answered, found: await findings(server.data, { mark }) });
    }
  }
  say(`${interrupted} of ${cycles} kills came between the decision and its answer`);
  return { left, interrupted };
}
