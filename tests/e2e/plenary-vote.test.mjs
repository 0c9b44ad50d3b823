// The vote of everybody: people of every group vote on entries of all groups, nobody sees a result before the end, and what they
// vote on stays as it is meanwhile.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink } from '../harness/hands.mjs';
import { request } from '../harness/http.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';
import { itemOf } from '../harness/items.mjs';

const look = (stage, token) => stage.api.consultation(token, stage.id);
const vote = async (stage) => (await look(stage, stage.room)).plenary_vote;
const approve = (stage, seat, item, on = true) => stage.api.command(seat.token, { do: 'approve-entry', item, on });
const organize = (stage, command) => stage.api.command(stage.organizer, command);
const refused = (sent, code) => assert.rejects(sent, (error) => error.code === code, code);

/** Two groups with a recommendation or two each, in the plenary; the list is there. */
async function inPlenary(t, seats) {
  const stage = await scene(t, { seats });
  const ideas = [];
  for (const [group, texts] of [['Library on Sundays', 'More trees'], ['Free buses', 'A youth council']].entries()) {
    for (const text of texts) {
      const { idea } = await stage.share(text, { group: stage.groups[group], kind: 'recommendation' });
      ideas.push(idea);
    }
  }
  await stage.phase('vote');
  for (const seat of stage.groups[0].seats) await stage.api.approve(seat.token, ideas[0]);
  await stage.phase('review');
  for (const idea of ideas) await stage.api.promote(stage.organizer, idea);
  await stage.phase('plenary');
  return { stage, ideas, seats: stage.groups.flatMap((group) => group.seats) };
}

/** Every place where somebody could read how many approve an entry. */
async function everything(stage, seat) {
  const token = stage.editor;
  const files = await Promise.all(['md', 'csv', 'json'].map((format) => request(`${stage.server.url}/api/plenary/${stage.id}/export.${format}?lang=en`, { token }).then(({ text }) => text)));
  const views = await Promise.all([stage.api.plenary(token, stage.id), look(stage, stage.organizer), look(stage, seat.token)]);
  const told = (view) => ({ ...view, clock: null, plenary_vote: view.plenary_vote && { ...view.plenary_vote, voted: 0 } });
  const state = views.slice(1).map(told).map((view) => ({ ...view, groups: view.groups?.map((group) => ({ ...group, clock: null, point_clock: null, here: 0 })) }));
  return JSON.stringify([views[0], state, files.map((file) => file.replace(/\d\d:\d\d(:\d\d)?/g, ''))]);
}

test('C34: nothing tells how a vote of everybody stands before it is closed; then the list has what most people approve first', async (t) => {
  const { stage, ideas, seats } = await inPlenary(t, 6);
  await organize(stage, { do: 'open-plenary-vote' });
  assert.deepEqual((await vote(stage)).stage, 'open');
  const reader = seats[0];
  const before = await everything(stage, reader);
  const last = itemOf(ideas[3]);
  // Everybody but the reader, whose own view says what it approves.
  for (const seat of seats.slice(1)) await approve(stage, seat, last);
  assert.equal(await everything(stage, reader), before, 'eleven approvals are nowhere');
  const open = await vote(stage);
  assert.deepEqual([open.voters, open.voted], [12, 11]);

  await stage.server.stop();
  await stage.server.again();
  assert.deepEqual([(await vote(stage)).voted, (await look(stage, seats[3].token)).you.plenary_vote.approved], [11, [last]], 'also after a restart');

  await organize(stage, { do: 'close-plenary-vote' });
  const closed = await vote(stage);
  assert.equal(closed.paper.find(({ item }) => item === last).approvals, 11);
  const [first] = await until('the list shows the result', async () => {
    const { items } = await stage.api.plenary(stage.editor, stage.id);
    return items[0].id === last && items;
  });
  assert.deepEqual([first.rank, first.support.seats, first.support.groups], [1, 11, 2]);
  await refused(approve(stage, reader, last), 'plenary-vote-not-open');
  await stage.end();
});

test('C34: while people vote on it an entry keeps its words, who came late is told so, and a command twice is one', async (t) => {
  const { stage, ideas, seats } = await inPlenary(t, 2);
  await refused(organize(stage, { do: 'close-plenary-vote' }), 'plenary-vote-not-open');
  await refused(stage.api.command(stage.editor, { do: 'open-plenary-vote' }), 'forbidden');
  const open = { do: 'open-plenary-vote' };
  await Promise.all([organize(stage, open), organize(stage, open)]);
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: seats[0].token });
  assert.equal(ledger.filter(({ did }) => did === 'plenary-vote-opened').length, 1);

  const writer = await stage.hocuspocus(stage.staff(stage.editor, `plenary/${stage.id}`));
  const item = () => writer.doc.getMap('items').get(itemOf(ideas[0]));
  await until('the list is there', item);
  item().get('wording').insert(0, 'Other words');
  await until('the words are refused', () => writer.refusals.length > 0);
  assert.equal(writer.refusals[0].problem.code, 'plenary-vote-open');
  stage.drop(writer);
  for (const command of [{ do: 'merge' }, { do: 'freeze', on: true }, { do: 'exclude', item: itemOf(ideas[0]), on: true }]) await refused(organize(stage, command), 'plenary-vote-open');
  await refused(stage.phase('closed'), 'plenary-vote-open');

  const late = await stage.join();
  await refused(approve(stage, late, itemOf(ideas[0])), 'late-voter');
  assert.equal((await look(stage, late.token)).you.plenary_vote.may_vote, false);
  await organize(stage, { do: 'let-voters-in' });
  await approve(stage, late, itemOf(ideas[0]));
  await refused(approve(stage, late, stage.id), 'not-found');

  // A group that goes back to its own vote is on the paper already.
  await organize(stage, { do: 'hide', idea: ideas[0], reason: 'off-topic' });
  assert.ok((await vote(stage)).paper.every((entry) => entry.item !== itemOf(ideas[0])));
  await refused(approve(stage, late, itemOf(ideas[0])), 'not-found');
  await organize(stage, { do: 'close-plenary-vote' });
  await organize(stage, { do: 'freeze', on: true });
  await refused(organize(stage, open), 'list-frozen');
  await stage.end();
});

async function at(one, stage, link) {
  const { pathname, hash } = new URL(link);
  await one.open(`${stage.server.url}${pathname}${hash}`);
}

test('on phones, at the organizer’s desk and on the wall: open, approve, see how many voted, close, see the result', async (t) => {
  const { stage, ideas, seats } = await inPlenary(t, 3);
  const chrome = await browser(t);
  const desk = await phone(chrome, 'the organizer', { width: 1000, height: 800 });
  await at(desk, stage, stage.created.organizer.url);
  await desk.at('everybody-open').click();
  await desk.at('everybody-close').waitFor();

  const late = await phone(chrome, 'who came late', { locale: 'ar', colorScheme: 'dark' });
  await joinByLink(late, stage);
  await late.at('everybody-late').waitFor();
  await late.fits('the vote for who came late');
  await shot(late, 'everybody-late-ar');
  await desk.at('everybody-let-in').click();
  const entry = late.page.locator(`[data-test="everybody-entry"][data-item="${itemOf(ideas[2])}"]`);
  await entry.locator('[data-test="entry-approve"]').click();
  await entry.locator('[aria-pressed="true"]').waitFor();
  await late.fits('the vote of everybody');
  await shot(late, 'everybody-vote-ar');

  const wall = await phone(chrome, 'the wall', { width: 1280, height: 720 });
  await at(wall, stage, stage.created.room.url);
  await wall.shows(wall.at('everybody-turnout'), /1.? of .?7.? voted/);
  for (const seat of seats) await approve(stage, seat, itemOf(ideas[2]));
  await wall.shows(wall.at('everybody-turnout'), /7.? of .?7.? voted/);
  assert.equal(await wall.at('everybody-result').count(), 0, 'no result while people vote');
  await shot(wall, 'everybody-wall-open');
  await shot(desk, 'everybody-desk');
  await desk.at('everybody-close').click();
  const result = wall.page.locator(`[data-test="everybody-result"] [data-item="${itemOf(ideas[2])}"] [data-approvals="7"]`);
  await result.waitFor();
  await shot(wall, 'everybody-wall-closed');
  await late.page.locator('[data-test="everybody"][data-stage="closed"] [data-approvals="7"]').waitFor();
  await late.fits('the result');
  for (const one of [desk, late, wall]) one.clean(stage.server);
  await stage.end();
});
