// Many ideas on a board in little time: many seats, each with its own socket, each sending what one seat may send at
// once. Texts of the same length in letters, in scripts whose letters take one, two and three bytes.

import { randomBytes, randomUUID, createHash } from 'node:crypto';
import { Raw } from './raw.mjs';

/** Ideas of one seat: below what it may share, and what it may send at once. */
const AT_ONCE = 48;
const SOCKETS_AT_ONCE = 20;

const WORDS = {
  latin: 'children need somebody to talk to when a stranger writes to them at night ',
  arabic: 'يحتاج الأطفال إلى شخص يتحدثون معه عندما يكتب إليهم شخص غريب في الليل ',
  chinese: '孩子们在夜里收到陌生人的消息时需要有人可以倾诉并且知道该去哪里寻求帮助',
};
export const SCRIPTS = Object.keys(WORDS);

/** A text of so many letters that no other one is alike. */
export function textIn(script, number, letters) {
  const words = WORDS[script];
  const at = (number * 7) % words.length;
  return `${number} ${words.slice(at)}${words.repeat(Math.ceil(letters / words.length))}`.slice(0, letters);
}

/** Shares so many ideas on a group's board; gives their ids in order. */
export async function fillBoard(stage, group, count, textOf) {
  const ideas = Array.from({ length: count }, () => randomUUID());
  const share = (idea, number) => ({
    id: randomUUID(),
    do: 'share',
    idea,
    group: group.id,
    lang: 'en',
    text: textOf(number),
    receipt: createHash('sha256').update(randomBytes(32)).digest('hex'),
  });
  const shares = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    shares.push(ideas.slice(from, from + AT_ONCE).map((idea, at) => share(idea, from + at)));
  }
  await inTurns(shares, (commands) => sendAsNewSeat(stage, group, commands));
  return ideas;
}

async function sendAsNewSeat(stage, group, commands) {
  const seat = await stage.api.join({ key: stage.key, group: group.id });
  await sendAll(stage, seat.token, commands);
}

/** Sends commands on a socket of their own; every one must be answered with ok. */
export async function sendAll(stage, token, commands, deadline) {
  const raw = await Raw.connect(stage.server);
  try {
    const document = `consultation/${stage.id}`;
    await raw.open(document, token);
    const answers = await raw.commands(document, commands, deadline);
    const refused = answers.find((answer) => answer !== 'ok');
    if (refused !== undefined) throw new Error(`refused: ${JSON.stringify(refused)}`);
  } finally {
    raw.close();
  }
}

/** Does the work for each, some at a time. */
export async function inTurns(all, work) {
  const left = [...all.entries()];
  const results = [];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [at, one] = next;
      results[at] = await work(one);
    }
  };
  await Promise.all(Array.from({ length: Math.min(SOCKETS_AT_ONCE, all.length) }, worker));
  return results;
}
