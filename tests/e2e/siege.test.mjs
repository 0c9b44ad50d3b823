// The model day with forty phones, one of which attacks all the time, in every way that the security review found. The day
// runs to its export with the right notes; nobody else is refused or cut; how letters fare is printed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playDay } from '../day/day.mjs';
import { launch } from '../harness/attacker.mjs';
import { targetOf } from '../harness/attacks.mjs';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink } from '../harness/hands.mjs';
import { compared, pulse } from '../harness/pulse.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

/** What the phone does with its seat, by the step after which it begins. It sits behind the address of everybody else. */
const BY_SEAT = {
  arrive: ['helps', 'wanders', 'pings', 'subscriptions'],
  brief: ['helps', 'pings', 'reads', 'subscriptions'],
  brainstorm: ['fragments', 'helps', 'pings', 'reads', 'subscriptions'],
  outOfSight: ['toggles', 'helps', 'pings', 'reads', 'subscriptions'],
  hideAgain: ['exports', 'helps', 'pings', 'reads', 'subscriptions'],
};
/** What needs no seat, all the time, from an address of its own. */
const FROM_OUTSIDE = ['bodies', 'polls', 'guesses', 'strangers'];
const OWN_ADDRESS = '127.66.0.1';
/** Attackers share this machine's processors with the server: each of their connections asks fifty times a second. */
const PACE_MS = 20;
const LETTERS = { count: 40, everyMs: 120, tidy: true, within: 60_000 };

/** When people are looked at who look at screens, and what a phone shows then. */
const LOOKS = { brainstorm: 'phase-brainstorm', vote: 'phase-vote' };

class Siege {
  constructor(t) {
    this.t = t;
    this.counts = {};
  }

  /** Another set of attacks by the seat; the ones before it end. */
  async turnTo(day, names) {
    await this.rest();
    const seat = day.outside.at(-1);
    const [idea] = day.notes.standing(seat.group);
    const other = day.stage.groups.find((group) => group.id !== seat.group).id;
    const target = (address) => targetOf(day.stage, { seats: [seat], idea, other, address, paceMs: PACE_MS });
    this.parts = [await launch(names, target('127.0.0.1')), await launch(FROM_OUTSIDE, target(OWN_ADDRESS))];
  }

  async rest() {
    for (const part of this.parts ?? []) {
      for (const [name, counted] of Object.entries(await part.stop())) {
        const all = (this.counts[name] ??= {});
        for (const [what, many] of Object.entries(counted)) all[what] = (all[what] ?? 0) + many;
      }
    }
    this.parts = [];
  }
}

test('the model day runs to its export while one of forty phones attacks all the time, and nobody else is refused or cut', async (t) => {
  const siege = new Siege(t);
  t.after(() => siege.rest());
  const chrome = await browser(t);
  const real = await phone(chrome, 'a real phone');
  const took = {};
  let begun = performance.now();
  const onStep = async (name, day) => {
    took[name] = Math.round(performance.now() - begun);
    if (name === 'arrive') day.home = day.outside.at(-1).group;
    if (name === 'brief') await sentHome(siege, day);
    if (name === 'brainstorm') await letters(siege, day);
    else if (BY_SEAT[name]) await siege.turnTo(day, BY_SEAT[name]);
    if (LOOKS[name]) await look(day, chrome, real, name);
    begun = performance.now();
  };
  const onEnd = async (day) => {
    await siege.rest();
    await debtPaid(day);
    for (const { client } of day.phones) {
      assert.deepEqual(client.refusals, [], `${client.name}: nothing was refused`);
      assert.equal(client.counts.in.authenticated, 2, `${client.name} came back from the crash and was never cut`);
    }
    await real.fits('the end of the day');
    assert.deepEqual(real.errors.filter((error) => !error.includes('ERR_CONNECTION_REFUSED')), [], 'the page had no errors but the crash');
    assert.ok(!day.stage.server.output.includes('panicked'), day.stage.server.output);
  };
  const outsiders = [(stage) => joinByHand(real, stage), (stage) => stage.api.join({ key: stage.key })];
  await playDay(t, { outsiders, onStep, onEnd });
  t.diagnostic(`milliseconds of each step: ${JSON.stringify(took)}`);
  for (const [name, counts] of Object.entries(siege.counts)) t.diagnostic(`${name}: ${JSON.stringify(counts)}`);
});

/** The attacker's own seat owes for what it asked: the checks read with it as well, when it may read again. */
function debtPaid({ stage, outside }) {
  return until('the attacker may read again', () => stage.api.consultation(outside.at(-1).token, stage.id), { within: 60_000 });
}

/** Before groups work, the wanderer is back where the day expects it. */
async function sentHome(siege, day) {
  await siege.rest();
  const seat = day.outside.at(-1);
  const { you } = await debtPaid(day);
  if (you.group !== day.home) {
    await until('the wanderer is at home', () => day.stage.api.command(seat.token, { do: 'change-group', group: day.home }).then(() => true));
  }
}

/** Letters in the attacked group and in another one: quiet, then while everything is attacked at once. */
async function letters(siege, day) {
  await siege.rest();
  const pair = (inside) => {
    const [one, two] = day.phones.filter(({ group }) => (group.id === day.home) === inside).slice(0, 9).filter((phone, _, all) => phone.group === all[0].group);
    return { one: one.client, two: two.client, idea: day.notes.standing(one.group.id).at(-1) };
  };
  const both = () => Promise.all([pulse(pair(true), LETTERS), pulse(pair(false), LETTERS)]);
  const quiet = await both();
  await siege.turnTo(day, BY_SEAT.brainstorm);
  const attacked = await both();
  for (const [at, where] of ['the attacked group', 'another group'].entries()) {
    siege.t.diagnostic(`letters in ${where}: ${compared(quiet[at], attacked[at], [0.5, 0.99])}`);
  }
}

/** A browser scans the code; gives the seat that it keeps. */
async function joinByHand(real, stage) {
  await joinByLink(real, stage);
  const kept = await real.page.evaluate(() => Object.values(localStorage));
  const place = kept.find((value) => value.includes('"token"'));
  return { group: stage.groups.find(({ id }) => place.includes(id)).id, token: place.match(/"token":"([^"]+)"/)[1] };
}

/** Under attack a real phone shows the board of its group, and the organizer's screen can be opened. */
async function look(day, chrome, real, name) {
  const [{ group: id }] = day.outside;
  await real.at(LOOKS[name]).waitFor();
  const ideas = () => real.page.locator('[data-test="idea"]').evaluateAll((cards) => cards.map((card) => card.dataset.idea));
  const standing = day.notes.standing(id);
  await until('the phone shows the ideas of a discussion point', async () => (await ideas()).length > 0);
  assert.ok((await ideas()).every((idea) => standing.includes(idea)), 'and no others');
  await real.fits(name);
  await shot(real, `siege-${name}-phone`);
  const desk = await phone(chrome, 'the organizer', { width: 1_280, height: 900 });
  await desk.open(day.stage.created.organizer.url);
  await desk.shows(desk.page.locator('body'), day.stage.groups[0].name);
  await shot(desk, `siege-${name}-organizer`);
  await desk.page.context().close();
}
