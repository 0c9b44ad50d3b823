// What each attack of `harness/attacks.mjs` does to others, measured and printed, never asserted:
// `node bench/attacks.mjs [ATTACK…] [--seconds 5] [--same-address]`. One server per attack; the attacker is a process of its own
// with another loopback address (or the same one); letters go between two people of another group (where the attack needs a
// phase in which nobody types: of another consultation). Server, attacker and measurer share this machine's processors, so the
// quiet figures are measured beside it, in the same run.

import { request } from '../harness/http.mjs';
import { launch } from '../harness/attacker.mjs';
import { ATTACKS, targetOf } from '../harness/attacks.mjs';
import { neighbours } from '../harness/neighbours.mjs';
import { pulse } from '../harness/pulse.mjs';
import { scene } from '../harness/scene.mjs';
import { startServer } from '../harness/server.mjs';

const { names, seconds, address } = asked(process.argv.slice(2));
const EVERY_MS = 60; // below the 20 edits a second that a seat is allowed
const JOIN_EVERY_MS = 100;
/** Attacks in phases in which nobody types. */
const ELSEWHERE = ['wanders', 'exports'];
const HEAD = ['attack', 'letters p50 quiet → attacked', 'p99 quiet → attacked', 'joins p50 / max', 'CPU quiet → attacked', 'memory', 'what the attacker saw'];

console.log(`| ${HEAD.join(' | ')} |\n|${'---|'.repeat(HEAD.length)}`);
for (const name of names) {
  const ends = [];
  try {
    console.log(`| ${(await measured(name, { after: (end) => ends.push(end) })).join(' | ')} |`);
  } catch (error) {
    console.log(`| ${name} | ${error.message.split('\n')[0].slice(0, 200)} |`);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}
process.exit(0);

async function measured(name, t) {
  const server = await startServer();
  t.after(() => server.dispose());
  const settings = { votes: null, ideas_per_seat: 1_000, promoted_per_group: 50 };
  const stage = await scene(t, { server, seats: 8, phase: name === 'wanders' ? 'briefing' : 'brainstorm', settings });
  const probe = ELSEWHERE.includes(name) ? await scene(t, { server, seats: 1 }) : stage;
  const others = await neighbours(probe, probe.groups[1]);
  let idea = '00000000-0000-4000-8000-000000000001';
  if (name !== 'wanders') ({ idea } = await stage.share('x'));
  for (let more = 0; more < 100 && name !== 'wanders'; more += 1) {
    await stage.share(`An idea of some words, number ${more}`, { seat: stage.groups[0].seats[more % 8] });
  }
  if (name === 'exports') await listed(stage);
  const target = targetOf(stage, { seats: stage.groups[0].seats, idea, other: stage.groups[1].id, address });
  if (name === 'toggles') await stage.phase('vote', stage.groups[0]);

  const quiet = await window_(server, others, probe);
  const attack = await launch([name], target);
  const busy = await window_(server, others, probe);
  const counts = (await attack.stop())?.[name] ?? {};
  const figures = (share) => `${at(quiet.letters, share)} → ${at(busy.letters, share)}${busy.lost > 0 ? ` (${busy.lost} lost)` : ''} ms`;
  return [
    name,
    figures(0.5),
    figures(0.99),
    `${at(busy.joins, 0.5)} / ${at(busy.joins, 1)} ms (quiet ${at(quiet.joins, 1)})${busy.refused > 0 ? `, ${busy.refused} of ${busy.refused + busy.joins.length} refused` : ''}`,
    `${quiet.processor} → ${busy.processor} %`,
    `${quiet.memory} → ${busy.memory} MB`,
    Object.entries(counts).map(([what, many]) => `${what}: ${many}`).join(', '),
  ];
}

/** A list to export: half of the board, promoted. */
async function listed(stage) {
  const { ideas } = await stage.view();
  await stage.phase('vote');
  for (const { id } of ideas.slice(0, 50)) await stage.promote(id);
  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'merge' });
}

/** Some seconds of letters between the neighbours and of people who come in; the first second is not counted. */
async function window_(server, others, probe) {
  const begun = performance.now();
  const processor = server.processorMs();
  const people = comingIn(probe);
  let letters = [];
  let lost = 0;
  while (performance.now() - begun < seconds * 1_000) {
    try {
      letters.push(...(await pulse(others, { count: 25, everyMs: EVERY_MS })));
    } catch {
      lost += 25;
    }
  }
  const took = performance.now() - begun;
  const { joins, refused } = await people.end();
  letters = letters.sort((one, other) => one - other);
  return {
    letters,
    lost,
    joins,
    refused,
    processor: Math.round(((server.processorMs() - processor) / took) * 100),
    memory: Math.round(server.residentBytes() / 1024 / 1024),
  };
}

/** Ten people a second scan the code, from the usual address; each waits at most 5 s. */
function comingIn(probe) {
  const all = [];
  const one = async () => {
    const begun = performance.now();
    const late = new Promise((resolve) => setTimeout(() => resolve({ status: 0 }), 5_000).unref());
    const call = request(`${probe.server.url}/api/join`, { method: 'POST', body: { key: probe.key } }).catch(() => ({ status: 0 }));
    const { status } = await Promise.race([call, late]);
    return { status, ms: performance.now() - begun };
  };
  const timer = setInterval(() => all.push(one()), JOIN_EVERY_MS);
  return {
    end: async () => {
      clearInterval(timer);
      const ended = await Promise.all(all);
      const joins = ended.filter(({ status }) => status === 201).map(({ ms }) => ms).sort((one, other) => one - other);
      return { joins, refused: ended.length - joins.length };
    },
  };
}

function at(sorted, share) {
  if (sorted.length === 0) return '–';
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
}

function asked(args) {
  const wanted = args.filter((arg) => ATTACKS[arg]);
  const value = (flag, usual) => (args.includes(flag) ? Number(args[args.indexOf(flag) + 1]) : usual);
  return {
    names: wanted.length > 0 ? wanted : Object.keys(ATTACKS),
    seconds: value('--seconds', 5),
    address: args.includes('--same-address') ? '127.0.0.1' : '127.66.0.1',
  };
}
