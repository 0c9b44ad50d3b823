// The whole path over HTTP: create, join, share, vote, approve, promote, merge, export.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scene } from '../harness/scene.mjs';
import { itemOf } from '../harness/items.mjs';

/** Six people approve the first idea, two the second, in two groups; both ideas are promoted and merged. */
async function votedAndMerged(t) {
  const stage = await scene(t, { groups: ['Harbour', 'Hills'], seats: 6, points: ['How do we start?', 'What is hard?'] });
  const [harbour, hills] = stage.groups;
  const strong = await stage.share('Teach every class how scams work', {
    group: harbour,
    kind: 'recommendation',
    point: stage.points[0].id,
  });
  const weak = await stage.share('A helpline that young people answer', {
    group: hills,
    kind: 'recommendation',
    point: stage.points[1].id,
  });
  const left = await stage.share('Nobody promotes this one', { group: hills, kind: 'recommendation' });
  await stage.phase('vote');
  for (const seat of harbour.seats) await stage.api.approve(seat.token, strong.idea);
  for (const seat of hills.seats.slice(0, 2)) await stage.api.approve(seat.token, weak.idea);
  await stage.promote(strong.idea, { group: harbour });
  await stage.promote(weak.idea, { group: hills });
  await stage.phase('plenary');
  const merged = await stage.api.command(stage.editor, { do: 'merge' });
  assert.equal(merged.ok, true);
  return { stage, harbour, hills, strong, weak, left };
}

test('an idea travels from a phone to the plenary list with its group and its votes', async (t) => {
  const { stage, harbour, hills, strong, weak, left } = await votedAndMerged(t);

  const board = await stage.view(harbour, harbour.seats[3].token);
  const idea = board.ideas.find((one) => one.id === strong.idea);
  assert.equal(idea.text, strong.text);
  assert.equal(idea.point, stage.points[0].id);
  assert.equal(idea.kind, 'recommendation');
  assert.equal(idea.tally, 6);
  assert.equal(idea.state, 'promoted');
  const other = await stage.view(hills);
  assert.equal(other.ideas.find((one) => one.id === left.idea).state, 'shown');

  const plenary = await stage.api.plenary(stage.room, stage.id);
  assert.equal(plenary.run, 1);
  assert.deepEqual(plenary.items.map((item) => item.section), ['recommendations', 'recommendations']);
  const first = plenary.items[0];
  assert.equal(first.id, itemOf(strong.idea), 'an item has an id of its own');
  assert.equal(first.anchor, strong.idea);
  assert.equal(first.text, strong.text);
  assert.equal(first.rank, 1);
  assert.equal(first.status, 'listed');
  assert.deepEqual(first.support, { seats: 6, groups: 1, by_group: { [harbour.id]: 6 } });
  assert.deepEqual(first.points, [stage.points[0].id]);
  assert.deepEqual(first.sources, [
    { idea: strong.idea, group: harbour.id, text: strong.text, lang: 'en', votes: 6, via: 'anchor' },
  ]);
  assert.ok(Math.abs(Object.values(first.paid_by_group).reduce((sum, one) => sum + one, 0) - 1) < 1e-9, 'it is paid in full');
  assert.equal(plenary.items[1].id, itemOf(weak.idea));
  assert.ok(!plenary.items.some((item) => item.sources.some((source) => source.idea === left.idea)), 'not promoted, not listed');
  await stage.end();
});

test('the exports name the idea, its group and its votes, and say "some" where fewer than five people stand behind it', async (t) => {
  const { stage, harbour, hills, strong, weak } = await votedAndMerged(t);

  const markdown = await stage.api.exported(stage.organizer, stage.id, 'md');
  assert.match(markdown.headers['content-type'], /^text\/markdown/);
  // The statement has the words of the entries, too: the list with its figures comes behind it.
  const list = markdown.text.slice(markdown.text.indexOf(strong.text, markdown.text.indexOf(weak.text)));
  const strongPart = partAbout(list, strong.text, weak.text);
  assert.match(strongPart, /Harbour/);
  assert.match(strongPart, /\b6\b/);
  const weakPart = partAbout(list, weak.text, strong.text);
  assert.match(weakPart, /Hills/);
  assert.match(weakPart, /\bsome\b/);
  assert.doesNotMatch(weakPart, /\b2 (votes?|people|seats?|phones?|supporters?)\b/, 'two people are not counted out');

  const json = await stage.api.exported(stage.organizer, stage.id, 'json');
  assert.match(json.headers['content-type'], /^application\/json/);
  const [first, second] = itemsOf(JSON.parse(json.text));
  const [strongSource] = first.sources;
  assert.equal(strongSource.text, strong.text);
  assert.match(JSON.stringify(strongSource.group), new RegExp(`Harbour|${harbour.id}`));
  assert.equal(strongSource.votes, 6);
  assert.equal(first.support.seats, 6);
  const [weakSource] = second.sources;
  assert.equal(weakSource.text, weak.text);
  assert.match(JSON.stringify(weakSource.group), new RegExp(`Hills|${hills.id}`));
  assert.equal(weakSource.votes, 'some');
  assert.equal(second.support.seats, 'some');
  assert.doesNotMatch(JSON.stringify(second), /"(votes|seats)":2\b/);
  await stage.end();
});

test('a merged list keeps what an editor wrote when the merge runs again', async (t) => {
  const { stage, strong } = await votedAndMerged(t);
  await stage.api.command(stage.editor, { do: 'reword', item: itemOf(strong.idea) });
  const editor = await stage.hocuspocus(stage.staff(stage.editor, `plenary/${stage.id}`));
  const wording = () => editor.doc.getMap('items').get(itemOf(strong.idea)).get('wording');
  assert.equal(wording().toString(), strong.text, 'reword fills in the words of the anchor');
  wording().insert(0, 'Please: ');
  await editor.recorded();

  await stage.api.command(stage.organizer, { do: 'merge' });
  const plenary = await stage.api.plenary(stage.editor, stage.id);
  assert.equal(plenary.run, 2);
  assert.equal(plenary.items[0].wording, `Please: ${strong.text}`);
  assert.equal(plenary.items[0].text, strong.text, 'the original words stay beside it');
  const markdown = await stage.api.exported(stage.editor, stage.id, 'md');
  assert.match(markdown.text, /Please: Teach every class/);
  await stage.end();
});

/** The lines from where the one text stands first to where the other begins, or to the end. */
function partAbout(markdown, text, other) {
  const from = markdown.indexOf(text);
  assert.ok(from >= 0, `the export contains ${text}`);
  const until = markdown.indexOf(other, from);
  return markdown.slice(from, until < 0 ? undefined : until);
}

/** The list in an export, wherever its section stands. */
function itemsOf(exported) {
  const items = exported.sections.flatMap((section) => [...section.listed, ...section.below]);
  assert.ok(Array.isArray(items), `a list of items in ${Object.keys(exported).join(', ')}`);
  return items;
}
