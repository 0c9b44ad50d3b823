// B8: which letters may stand in a text of people. Every way in refuses what acts, hides or says nothing, in words and
// without a change; real writing passes; phones take it out of every field before it is sent, and say so.

import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink, openIdea, shareOn } from '../harness/hands.mjs';
import { isProblem, refused } from '../harness/refusals.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { KEY } from '../harness/server.mjs';
import { soon, until } from '../harness/until.mjs';

const NOTHING = ['', ' \u3000', '\u200b\u200b', '\u200d\u200f', '\u202e\u202c', '\u2066\u2069', '\u0000', '\u3164', '\u0301', '\n'.repeat(60)];
const ACTING = ['a\u0000b', 'a\u0007', '\u202egnp.exe', 'a\u2028b', '\u001b[2Jx'];
const HIDING = ['a\u2067b', 'a\ufeffb', 'x\u{e0068}y', `a${'\u0301'.repeat(100)}`];
const REAL = ['می‌خواهیم کتاب بخوانیم', 'السَّلامُ\u200f 12', 'क्ष्म्य', 'សិទ្ធិ\u200bមនុស្ស', '👩‍👩‍👧 🏴\u{e0067}\u{e007f} ❤️', 'שָׁלוֹם'];
const sum = (bytes) => createHash('sha256').update(bytes).digest('hex');

test('B8: ideas, translations, notes, objections and labels refuse such letters, and change nothing', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 12, settings: { votes: null, ideas_per_seat: 100 } });
  const [group] = stage.groups;
  // Seat after seat: one alone would be too fast.
  let turn = 0;
  const next = () => group.seats[(turn += 1) % group.seats.length];
  const whole = await stage.share('Street lights');
  const { idea, receipt } = whole;
  const ways = {
    share: (text) => stage.share(text, { seat: next() }),
    edit: (text) => stage.api.command(next().token, { do: 'edit', idea, receipt, text }),
    translate: (text) => stage.api.command(next().token, { do: 'translate', idea, lang: 'fr', text }),
  };
  for (const [way, send] of Object.entries(ways)) {
    for (const text of NOTHING) await refused(send(text), 'text-empty', `${way}: ${JSON.stringify(text)}`);
    for (const text of [...ACTING, `a${'\n'.repeat(60)}b`]) await refused(send(text), 'letters', `${way}: ${JSON.stringify(text)}`);
  }
  for (const lang of ['"><script>', 'en\u202e', 'e', 'en-', 'x'.repeat(40)]) {
    await refused(stage.share('Words', { lang, seat: next() }), 'malformed', `lang ${lang}`);
    await refused(stage.api.command(next().token, { do: 'translate', idea, lang, text: 'Mots' }), 'malformed', `lang ${lang}`);
  }
  await refused(stage.api.command(next().token, { do: 'translate', idea, lang: '', text: 'Mots' }), 'malformed', 'a translation is in a language');
  const view = await stage.view();
  assert.deepEqual(view.ideas.map((one) => [one.text, one.tr ?? {}]), [['Street lights', {}]], 'nothing changed');

  // A phone that ends its lines as Windows does says the same words, also when it says them again.
  for (const [text, kept] of [['one\r\n\r\ntwo', 'one\n\ntwo'], ['one\rtwo', 'one\ntwo']]) {
    const { idea: shared, receipt: own, command } = await stage.share(text, { lang: '', seat: next() });
    const words = async () => (await stage.view()).ideas.find(({ id }) => id === shared);
    assert.equal((await words()).text, kept);
    await stage.api.command(next().token, { ...command, id: randomUUID() });
    await stage.api.command(next().token, { do: 'edit', idea: shared, receipt: own, text: `${text}\r\n!` });
    await stage.api.command(next().token, { do: 'translate', idea: shared, lang: 'fr', text });
    assert.deepEqual([(await words()).text, (await words()).tr], [`${kept}\n!`, { fr: kept }]);
    await stage.api.command(next().token, { do: 'withdraw', idea: shared, receipt: own });
  }

  // What is no harm is kept as it was written.
  for (const text of [...REAL, ...HIDING, 'one\n\ntwo']) {
    const { idea: shared } = await stage.share(text, { lang: '', seat: next() });
    assert.equal((await stage.view()).ideas.find(({ id }) => id === shared).text, text);
  }

  await stage.phase('vote');
  await stage.promote(idea, { group });
  const note = (line) => stage.api.command(next().token, { do: 'sign-off', group: group.id, line });
  await stage.phase('plenary');
  await stage.api.command(stage.organizer, { do: 'merge' });
  const item = (await stage.api.plenary(stage.organizer, stage.id)).items[0].id;
  const object = (line) => stage.api.command(next().token, { do: 'object', item, line });
  const link = (label) => {
    const token = sum(randomBytes(32).toString('base64url'));
    return stage.api.command(stage.organizer, { do: 'add-link', seat: randomUUID(), role: 'editor', label, token });
  };
  for (const [way, send] of Object.entries({ note, object })) {
    for (const text of NOTHING) await refused(send(text), 'text-empty', `${way}: ${JSON.stringify(text)}`);
  }
  for (const [way, send] of Object.entries({ note, object, link })) {
    // White space of any kind becomes one blank in a line that is said.
    const acting = way === 'link' ? ACTING : ACTING.filter((text) => !/[\r\u2028]/u.test(text));
    for (const text of [...acting, ...HIDING]) await refused(send(text), 'letters', `${way}: ${JSON.stringify(text)}`);
    for (const text of REAL) await send(text);
  }
  await stage.end();
});

test('B8: a consultation is not made with such titles, points, groups or links, and names stay as they were', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 0 });
  const ways = {
    title: (title) => stage.api.create({ title }),
    'title in a language': (fr) => stage.api.create({ title: { en: 'Title', fr } }),
    point: (title) => stage.api.create({ points: [title] }),
    group: (name) => stage.api.create({ groups: [name] }),
  };
  for (const [way, send] of Object.entries(ways)) {
    for (const text of NOTHING) await refused(send(text), 'text-empty', `${way}: ${JSON.stringify(text)}`);
    for (const text of [...ACTING, ...HIDING]) await refused(send(text), 'letters', `${way}: ${JSON.stringify(text)}`);
    for (const text of REAL) await send(text);
  }
  await refused(stage.api.create({ title: { '"><script>': 'Title' } }), 'malformed', 'a language that is none');
  await refused(stage.api.create({ title: {} }), 'text-empty', 'a title in no language');

  const at = `/api/consultations/${stage.id}/preparation`;
  const { versions } = await stage.api.json(at, { token: stage.organizer });
  const amend = (field, value) => stage.api.command(stage.organizer, { do: 'amend', field, base: versions[field], value });
  const material = (link) => amend('materials', [{ title: 'Paper', reading: 'briefing', link }]);
  for (const link of ['http://\u202eevil.example', 'https://x.example/"onclick=alert(1)', 'https://x.example/\u200b', 'https://a@b.example', 'javascript:alert(1)']) {
    for (const error of [await refused(material(link), 'template', link), await refused(amend('public_url', link), 'template', link)]) {
      assert.deepEqual(error.body.errors.map(({ wrong }) => wrong), ['not-a-link'], link);
    }
  }
  const renamed = await refused(amend('groups', [{ id: stage.groups[0].id, name: '\u202eruobraH' }]), 'template');
  assert.deepEqual(renamed.body.errors, [{ line: 0, column: 0, field: 'groups[0].name', wrong: 'letters', word: 'U+202E' }]);
  assert.deepEqual((await stage.api.consultation(stage.organizer, stage.id)).groups.map(({ name }) => name), ['Harbour']);
  const imported = (title) => stage.api.json('/api/consultations/import', { method: 'POST', token: KEY, body: { version: 1, title } });
  assert.equal((await refused(imported('a\u0000'), 'template')).body.errors[0].word, 'U+0000');
  await stage.end();
});

test('G8: an edit with letters that act is refused on both wires, the rest of what people type is not', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'] });
  const [writer, other] = stage.groups[0].seats;
  const { idea } = await stage.share('Street lights');
  for (const text of [...ACTING, 'a\r\nb']) {
    const client = await stage.hocuspocus(writer);
    await client.has(idea);
    client.type(idea, text);
    const { problem } = await client.refused();
    isProblem(problem, 'letters');
    if (text.includes('\r')) assert.match(problem.detail, /U\+000D/u, 'it names the letter');
    stage.drop(client);
  }
  const second = await stage.yWebsocket(other);
  await second.has(idea);
  const closed = new Promise((resolve) => second.provider.once('connection-close', (event) => resolve(event.code)));
  second.type(idea, '\u202e');
  assert.equal(await soon('the socket is closed', closed), 4403);
  stage.drop(second);
  assert.equal((await stage.view()).ideas[0].text, 'Street lights', 'nothing of it was taken');
  const client = await stage.hocuspocus(writer);
  await client.has(idea);
  for (const text of [...REAL, '\n\tlines']) client.type(idea, text);
  await client.recorded();
  assert.equal((await stage.view()).ideas[0].text, `Street lights${REAL.join('')}\n\tlines`);
  await stage.end();
});

/** Pastes into a field as a browser does: at the caret, with an event that says so. */
async function paste(field, text) {
  await field.focus();
  await field.evaluate((element, words) => {
    element.setRangeText(words, element.selectionStart, element.selectionEnd, 'end');
    element.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste', data: words }));
  }, text);
}

const PASTED = 'سلام\u202e \u0000a\u2066b\u2069\u00ad\u{e0061}می‌خواهیم 👩‍👩‍👧';
const KEPT = 'سلام abمی‌خواهیم 👩‍👩‍👧';

test('B8: phones take hidden letters out of every field, say so, and lose nothing that can be read', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const chrome = await browser(t);
  const writer = await phone(chrome, 'the writer', { locale: 'ar', colorScheme: 'dark' });
  await joinByLink(writer, stage);
  await paste(writer.at('idea-text'), PASTED);
  await writer.at('letters-cleaned').waitFor();
  assert.equal(await writer.at('idea-text').inputValue(), KEPT);
  assert.equal(await writer.at('idea-text').evaluate((field) => field.selectionStart), KEPT.length, 'the caret stays behind the words');
  await writer.fits('the hint in Arabic');
  await shot(writer, 'letters-cleaned-ar');
  await writer.at('idea-share').click();
  await until('it is on the board', async () => (await stage.view()).ideas[0]?.text === KEPT);
  const [{ id }] = (await stage.view()).ideas;

  // Inside a shared text, in an open dialog, while somebody else reads.
  const reader = await phone(chrome, 'the reader');
  await joinByLink(reader, stage);
  const field = await openIdea(reader, id);
  await until('the field shows the idea', async () => (await field.inputValue()) === KEPT);
  await field.press('End');
  await paste(field, '\u202e and\u0000 this');
  await reader.at('letters-cleaned', reader.at('idea-sheet')).waitFor();
  assert.ok(await reader.at('letters-cleaned').isVisible(), 'the hint stands above the dialog');
  await shot(reader, 'letters-cleaned-dialog');
  await until('it is recorded without them', async () => (await stage.view()).ideas[0].text === `${KEPT} and this`);
  await reader.at('idea-done').click();

  // Nothing that can be seen cannot be shared; too many empty lines do not come.
  await paste(reader.at('idea-text'), '\u200b\u200d');
  assert.ok(await reader.at('idea-share').isDisabled());
  await reader.at('idea-text').fill('');
  await paste(reader.at('idea-text'), `one${'\n'.repeat(60)}two`);
  assert.equal(await reader.at('idea-text').inputValue(), 'one\n\n\ntwo');
  await reader.at('idea-text').fill('');
  const plain = await shareOn(reader, 'Plain words');

  // A text that shows nothing, made by edits, says so on phones.
  const client = await stage.hocuspocus(stage.groups[0].seats[0]);
  await client.has(plain);
  client.text(plain).delete(0, client.words(plain).length);
  client.type(plain, '\u200b\u200b');
  await client.recorded();
  await writer.shows(writer.idea(plain), '(بلا كلمات)');
  await shot(writer, 'letters-no-words-ar');
  for (const one of [writer, reader]) one.clean(stage.server);
  await stage.end();
});

test('B8: the fields of staff and of the plenary are cleaned as well', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const chrome = await browser(t);
  const organizer = await phone(chrome, 'the organizer', { width: 1280, height: 900, locale: 'fr' });
  await organizer.open(`${stage.server.url}/organize#key=${KEY}`);
  await organizer.at('create-title').waitFor();
  for (const test of ['create-title', 'create-points', 'create-groups']) {
    const field = organizer.at(test);
    if (!(await field.isVisible())) continue;
    await field.fill('');
    await paste(field, `Nom\u202e\u0000 ${test}`);
    assert.equal(await field.inputValue(), `Nom ${test}`);
  }
  await organizer.at('letters-cleaned').waitFor();
  await shot(organizer, 'letters-cleaned-organizer');

  const { idea } = await stage.share('Lamps near the school');
  await stage.phase('vote');
  await stage.promote(idea);
  await stage.phase('plenary');
  await stage.api.command(stage.organizer, { do: 'merge' });
  const reader = await phone(chrome, 'the reader', { locale: 'ru' });
  await joinByLink(reader, stage);
  await reader.shows(reader.at('plenary-item'), 'Lamps');
  await reader.at('stand-object').click();
  await paste(reader.at('stand-line'), 'Кто\u202e платит\u0000?');
  assert.equal(await reader.at('stand-line').inputValue(), 'Кто платит?');
  await reader.at('letters-cleaned').waitFor();
  await reader.fits('the hint in the plenary');
  await reader.at('stand-send').click();
  await until('the line is taken', async () => (await stage.api.plenary(stage.organizer, stage.id)).items[0].responses?.lines?.[0]?.text === 'Кто платит?');
  for (const one of [organizer, reader]) one.clean(stage.server);
  await stage.end();
});
