// Adoption (C38): people stand by a version of the list, or object to a number; nothing tells how it goes before the end, and files of
// the version say it at the end of their statement.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink } from '../harness/hands.mjs';
import { request } from '../harness/http.mjs';
import { itemOf } from '../harness/items.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

const look = (stage, token) => stage.api.consultation(token, stage.id);
const organize = (stage, command) => stage.api.command(stage.organizer, command);
const refused = (sent, code) => assert.rejects(sent, (error) => error.code === code, code);
const file = (stage, format) => request(`${stage.server.url}/api/plenary/${stage.id}/export.${format}?lang=en&version=1`, { token: stage.editor });
const responses = async (stage) => (await stage.api.plenary(stage.editor, stage.id)).items.map((item) => item.responses ?? null);

/** Twelve people in two groups, in the plenary, with a frozen list. */
async function frozen(t, seats = 6) {
  const stage = await scene(t, { seats });
  const ideas = [];
  for (const [at, text] of ['Library on Sundays', 'Free buses'].entries()) ideas.push(await stage.share(text, { group: stage.groups[at], kind: 'recommendation' }));
  await stage.phase('review');
  for (const { idea } of ideas) await stage.api.promote(stage.organizer, idea);
  await stage.phase('plenary');
  await organize(stage, { do: 'merge' });
  await organize(stage, { do: 'freeze', on: true });
  return { stage, ideas, seats: stage.groups.flatMap((group) => group.seats) };
}

test('C38: nobody sees who stands by a version or objects before the adoption is closed; then the statement ends with it', async (t) => {
  const { stage, ideas, seats } = await frozen(t);
  const adopt = (seat, on = true, counter) => stage.api.command(seat.token, { do: 'adopt', on, ...(counter && { counter }) });
  await refused(adopt(seats[0]), 'adoption-not-open');
  await refused(organize(stage, { do: 'open-adoption', version: 2 }), 'not-found');
  await refused(stage.api.command(stage.editor, { do: 'open-adoption', version: 1 }), 'forbidden');
  await organize(stage, { do: 'open-adoption', version: 1 });
  const before = JSON.stringify([(await look(stage, stage.room)).adoption, await responses(stage), (await file(stage, 'json')).text]);
  for (const seat of seats.slice(0, 6)) await adopt(seat);
  await adopt(seats[5], false, 7);
  await adopt(seats[5], true, 6);
  for (const seat of seats.slice(6)) await stage.api.command(seat.token, { do: 'object', item: itemOf(ideas[0].idea), line: 'Who pays for it?' });
  const during = JSON.stringify([(await look(stage, stage.room)).adoption, await responses(stage), (await file(stage, 'json')).text]);
  assert.equal(during, before, 'eleven answers are nowhere');
  assert.deepEqual((await look(stage, seats[0].token)).you.adoption, { may_adopt: true, adopts: true });
  assert.deepEqual((await look(stage, seats[5].token)).you.adoption, { may_adopt: true, adopts: false }, 'the higher counter stands');

  await stage.server.stop();
  await stage.server.again();
  assert.equal(JSON.stringify(await responses(stage)), JSON.stringify([null, null]), 'also after a restart');
  const late = await stage.join();
  await refused(adopt(late), 'late-voter');

  await organize(stage, { do: 'close-adoption' });
  assert.deepEqual((await look(stage, stage.room)).adoption, { version: 1, open: false, voters: 12, adopted: 5 });
  await until('the list shows what was objected', async () => (await responses(stage)).some((said) => said?.object === 6));
  await refused(adopt(seats[0]), 'adoption-not-open');
  const md = (await file(stage, 'md')).text;
  const [statement, annex] = md.split('## Annex: the full list');
  assert.ok(annex, 'the list with everything else is the annex');
  assert.match(statement, /Adopted by 5 of 12\.[^]*Objection to number [12] \(Recommendations\), 6 people: (“Who pays for it\?” ?){6}/);
  const { adoption } = JSON.parse((await file(stage, 'json')).text);
  assert.deepEqual([adoption.adopted, adoption.voters, adoption.objections.length], [5, 12, 1]);
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: seats[0].token });
  assert.deepEqual(ledger.filter(({ did }) => did.startsWith('adoption')).map(({ did }) => did), ['adoption-opened', 'adoption-closed']);
  await stage.end();
});

test('C38: a phone stands by a version, takes that back, and sees the result with the wall', async (t) => {
  const { stage } = await frozen(t, 5);
  const chrome = await browser(t);
  const hand = await phone(chrome, 'a phone in Arabic', { locale: 'ar', colorScheme: 'dark' });
  const at = async (one, link) => {
    const { pathname, hash } = new URL(link);
    await one.open(`${stage.server.url}${pathname}${hash}`);
  };
  const wall = await phone(chrome, 'the wall', { width: 1280 });
  await at(wall, stage.created.room.url);
  const desk = await phone(chrome, 'the organizer', { width: 1280 });
  await at(desk, stage.created.organizer.url);
  await desk.at('adoption-open').click();
  await wall.shows(wall.at('adoption'), 'Adoption of version 1');
  await joinByLink(hand, stage);
  await hand.shows(hand.at('adoption'), /1/);
  await hand.fits('the adoption');
  await shot(hand, 'adoption-ar');
  for (const seat of stage.groups.flatMap(({ seats }) => seats)) await stage.api.command(seat.token, { do: 'adopt', on: true });
  await desk.at('adoption-close').click();
  for (const one of [wall, desk]) await one.shows(one.at('adoption-result'), /Adopted by \W*10\W* of \W*10/);
  await hand.shows(hand.at('adoption-result'), /\S/);
  for (const one of [wall, desk, hand]) one.clean(stage.server);
  await stage.end();
});
