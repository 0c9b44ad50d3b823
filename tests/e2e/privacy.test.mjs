// What people do not get to see: hidden tallies, ideas that are held back, who wrote what.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request } from '../harness/http.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

test('hidden tallies are null on the wire, in the document and over HTTP until the vote is over, for everybody', async (t) => {
  const stage = await scene(t, { seats: 3, settings: { tallies: 'hidden' } });
  const [group] = stage.groups;
  const { idea } = await stage.share('Secret ballot', { kind: 'recommendation' });
  const clients = [
    await stage.hocuspocus(group.seats[0]),
    await stage.yWebsocket(group.seats[1]),
    await stage.hocuspocus(stage.staff(group.moderator)),
    await stage.hocuspocus(stage.staff(stage.organizer)),
    await stage.hocuspocus(stage.staff(stage.room)),
  ];
  const tokens = [group.seats[2].token, group.moderator, stage.organizer, stage.editor, stage.room];
  const nobodySees = async (when) => {
    for (const client of clients) assert.equal(client.tally(idea), null, `${client.name} ${when}`);
    for (const token of tokens) assert.equal((await stage.view(group, token)).ideas[0].tally, null, `HTTP ${when}`);
  };
  for (const client of clients) await client.has(idea);
  await nobodySees('before the vote');
  await stage.phase('vote');
  for (const seat of group.seats) await stage.api.approve(seat.token, idea);
  await nobodySees('in the vote');

  await stage.api.command(stage.editor, { do: 'merge' });
  const plenary = await stage.api.plenary(group.seats[0].token, stage.id);
  for (const item of plenary.items) {
    assert.deepEqual([item.support, item.t, item.sources[0].votes], [null, null, null], 'a merge in the vote tells nothing');
    assert.deepEqual(item.paid_by_group, {}, 'nor who paid');
  }
  await nobodySees('after a merge in the vote');

  await stage.promote(idea, { group });
  for (const client of clients) await until(`${client.name} sees the promotion`, () => client.board().ideas[idea].state === 'promoted');
  for (const client of clients) await until(`${client.name} sees the tally`, () => client.tally(idea) === 3);
  for (const token of tokens) assert.equal((await stage.view(group, token)).ideas[0].tally, 3);
  await stage.end();
});

test('the history of the document does not tell hidden tallies either', async (t) => {
  const stage = await scene(t, { settings: { tallies: 'hidden' } });
  const [group] = stage.groups;
  const { idea } = await stage.share('Silent');
  const sizes = [];
  const client = await stage.hocuspocus(group.seats[0], {
    onFrame: (direction, { kind, document }) => {
      if (direction === 'in' && kind === 'update' && document?.startsWith('board/')) sizes.push(kind);
    },
  });
  await stage.phase('vote');
  await until('the lock arrives', () => client.board().about.lock);
  const before = sizes.length;
  const seqBefore = (await stage.view(group, group.seats[0].token)).seq;
  await stage.api.approve(group.seats[1].token, idea);
  await stage.api.command(group.moderator, { do: 'lock', idea, on: true });
  await until('what the moderator decides arrives', () => client.board().ideas[idea].locked === true);
  assert.equal(sizes.length - before, 1, 'an approval makes no update on the board');
  const seqAfter = (await stage.view(group, group.seats[0].token)).seq;
  assert.ok(seqAfter > seqBefore);
  await stage.end();
});

test('private first: nobody sees an idea before it is revealed, and then everybody does', async (t) => {
  const stage = await scene(t, { seats: 3, settings: { private_first: true } });
  const [group] = stage.groups;
  const heard = [];
  const clients = [
    await stage.hocuspocus(group.seats[1], { onFrame: (direction, _, bytes) => direction === 'in' && heard.push(Buffer.from(bytes)) }),
    await stage.yWebsocket(group.seats[2]),
    await stage.hocuspocus(stage.staff(group.moderator)),
  ];
  const texts = ['held back one', 'held back two', 'held back three'];
  const shared = [];
  for (const text of texts) shared.push(await stage.share(text, { seat: group.seats[0] }));
  const tokens = [...group.seats.map((seat) => seat.token), group.moderator, stage.organizer, stage.editor, stage.room];
  for (const token of tokens) {
    const view = await stage.api.consultation(token, stage.id);
    assert.equal(view.groups[0].held, texts.length, 'how many are held is told');
    assert.deepEqual((await stage.view(group, token)).ideas, []);
  }
  const edit = { do: 'edit', idea: shared[0].idea, receipt: shared[0].receipt, text: 'held back and better' };
  await stage.api.command(group.seats[0].token, edit);
  await stage.api.command(group.seats[0].token, { do: 'withdraw', idea: shared[2].idea, receipt: shared[2].receipt });
  await until('the count of held ideas arrives', () => clients[0].state?.groups[0].held === 2);
  for (const client of clients) assert.deepEqual(client.board().ideas, {});
  const wire = Buffer.concat(heard);
  for (const secret of ['held back', ...shared.map((one) => one.idea)]) assert.ok(!wire.includes(secret), `${secret} on the wire`);

  await stage.api.command(group.moderator, { do: 'reveal', group: group.id });
  for (const client of clients) {
    for (const { idea } of shared.slice(0, 2)) await client.has(idea);
    assert.equal(client.words(shared[0].idea), 'held back and better');
    assert.equal(client.text(shared[2].idea), undefined, 'what was withdrawn never appears');
  }
  const view = await stage.api.consultation(stage.organizer, stage.id);
  assert.equal(view.groups[0].held, 0);
  await stage.end();
});

test('private first: a restart between share and reveal loses nothing and shows nothing', async (t) => {
  const stage = await scene(t, { settings: { private_first: true } });
  const [group] = stage.groups;
  const { idea } = await stage.share('still held');
  await stage.end();
  assert.deepEqual((await stage.view()).ideas, []);
  await stage.api.command(group.moderator, { do: 'reveal', group: group.id });
  assert.deepEqual((await stage.view()).ideas.map((one) => one.id), [idea]);
  await stage.end();
});

test('no seat, token or receipt is in anything that a participant receives', async (t) => {
  const stage = await scene(t, { seats: 3, settings: { tallies: 'live' } });
  const [group] = stage.groups;
  const [author, voter, reader] = group.seats;
  const heard = [];
  const onFrame = (direction, _, bytes) => direction === 'in' && heard.push(Buffer.from(bytes));
  const clients = [await stage.hocuspocus(reader, { onFrame }), await stage.yWebsocket(reader, { onFrame })];
  const writer = await stage.hocuspocus(author);
  const shared = await stage.share('Who wrote this?', { seat: author });
  for (const client of [...clients, writer]) await client.has(shared.idea);
  writer.type(shared.idea, ' I did.');
  writer.provider.setAwarenessField('idea', shared.idea);
  writer.provider.setAwarenessField('name', 'Name of the writer');
  await clients[0].sees(shared.idea, 'I did.');
  await stage.phase('vote');
  await stage.api.approve(voter.token, shared.idea);
  await stage.promote(shared.idea, { group });
  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'merge' });
  for (const client of clients) await until('the promotion arrives', () => client.board().ideas[shared.idea].state === 'promoted');
  for (const path of [
    `/api/consultations/${stage.id}`,
    `/api/boards/${group.id}`,
    `/api/plenary/${stage.id}`,
    `/api/plenary/${stage.id}/export.md`,
    `/api/plenary/${stage.id}/export.json`,
    `/api/join/${stage.created.code}`,
  ]) {
    const answer = await request(`${stage.server.url}${path}`, { token: reader.token });
    heard.push(Buffer.from(JSON.stringify(answer.headers)), answer.bytes);
  }
  const all = Buffer.concat(heard);
  const others = [author, voter].flatMap(({ seat, token }) => [seat, token]);
  const secrets = [...others, reader.seat, group.moderator, stage.organizer, shared.receipt, shared.command.receipt, 'Name of the writer'];
  for (const secret of secrets) {
    const compact = Buffer.from(secret.replaceAll('-', ''), 'hex');
    assert.ok(!all.includes(secret), `${secret} was sent`);
    if (compact.length === 16 || compact.length === 32) assert.ok(!all.includes(compact), `${secret} was sent in bytes`);
  }
  await stage.end();
});

test('what one group writes is not sent to another group', async (t) => {
  const stage = await scene(t);
  const [harbour, hills] = stage.groups;
  const heard = [];
  const stranger = await stage.hocuspocus(hills.seats[0], { onFrame: (direction, _, bytes) => direction === 'in' && heard.push(Buffer.from(bytes)) });
  const { idea } = await stage.share('Only in the harbour', { group: harbour });
  const own = await stage.share('In the hills', { group: hills });
  await stranger.has(own.idea);
  const all = Buffer.concat(heard);
  assert.ok(!all.includes('Only in the harbour') && !all.includes(idea));
  await stage.end();
});
