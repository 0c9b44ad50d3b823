// Rule C35 in the browser, at 360 px: a rapporteur's page opens at the card of the own group, where it puts its entries in order and
// words them; an editor's page is the list, an old link of a rapporteur without a group leads to it; *Prepare* makes links of each kind.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

async function at(one, stage, link) {
  const { pathname, hash } = new URL(link);
  await one.open(`${stage.server.url}${pathname}${hash}`);
}

/** Two entries of one group, one of another. */
async function reviewed(t) {
  const stage = await scene(t, { seats: 1, points: ['What?'] });
  const [harbour, hills] = stage.groups;
  const ideas = [];
  for (const [text, group] of [['Lights on every path', harbour], ['A bus at night', harbour], ['A youth council', hills]]) {
    ideas.push((await stage.share(text, { group, kind: 'recommendation' })).idea);
  }
  await stage.phase('vote');
  await stage.phase('review');
  for (const idea of ideas) await stage.api.promote(stage.organizer, idea);
  return { stage, harbour, ideas };
}

test('c35 a rapporteur has the card of the own group, orders and words its entries, and reads the list', async (t) => {
  const { stage, harbour, ideas } = await reviewed(t);
  const chrome = await browser(t);
  for (const [locale, colorScheme] of [['en', 'light'], ['ar', 'dark']]) {
    const one = await phone(chrome, `the rapporteur in ${locale}`, { locale, colorScheme });
    await at(one, stage, stage.created.groups[0].rapporteur.url);
    await one.shows(one.at('group-card'), 'Lights on every path');
    assert.equal(await one.page.locator('[data-test="group-card"]').count(), 1, 'no other group');
    await one.fits('the card');
    await shot(one, `rapporteur-${locale}`);
    if (locale !== 'en') continue;
    await one.at('entry-edit').first().press('ControlOrMeta+End');
    await one.at('entry-edit').first().pressSequentially(' and ramp');
    await one.shows(one.at('group-card'), 'Lights on every path and ramp');
    await one.page.locator('[data-test="card-order"] > summary').click();
    await one.page.locator('[data-test="order-down"]').first().click();
    const card = () => stage.api.json(`/api/consultations/${stage.id}/group-cards/${harbour.id}`, { token: harbour.rapporteur });
    await until('the card has the new order', async () => (await card()).ideas[0].id === ideas[1]);
    one.clean(stage.server);
  }
  await stage.end();
});

test('c35 an editor has the list and the cards of all groups, also by the address of an old link', async (t) => {
  const { stage } = await reviewed(t);
  const chrome = await browser(t);
  const one = await phone(chrome, 'the editor');
  await at(one, stage, stage.created.editor.url.replace('/edit#', '/report#'));
  await one.at('merge').waitFor();
  assert.equal(new URL(one.page.url()).pathname, '/edit');
  await one.shows(one.at('cards'), 'A youth council');
  await one.fits('the list');
  await shot(one, 'editor');
  one.clean(stage.server);
  await stage.end();
});

test('c35 the organizer makes a link of each kind, and sees whose it is', async (t) => {
  const { stage, harbour } = await reviewed(t);
  const chrome = await browser(t);
  const one = await phone(chrome, 'the organizer');
  await at(one, stage, stage.created.organizer.url);
  await one.page.locator('[data-test="prepare"] > summary').click();
  await one.page.locator('[data-test="prepare-links"] > summary').click();
  const made = [
    ['rapporteur', { role: 'rapporteur', group: harbour.id }],
    ['editor', { role: 'editor', group: null }],
  ];
  for (const [at, [role, expected]] of made.entries()) {
    await one.at('link-role').selectOption(role);
    await one.at('link-add').click();
    const address = one.page.locator('[data-test="link-made"]').nth(at);
    await address.waitFor();
    const [, token] = (await address.inputValue()).split('t=');
    const { you } = await stage.api.consultation(token, stage.id);
    assert.deepEqual({ role: you.role, group: you.group }, expected);
  }
  assert.equal(await one.page.locator('[data-test="staff-link"][data-role="rapporteur"]').count(), 3);
  await one.page.locator('[data-test="staff-link"]', { hasText: /Rapporteur of .?Harbour/ }).first().waitFor();
  await one.fits('the links');
  await shot(one, 'links-by-role');
  one.clean(stage.server);
  await stage.end();
});
