// Phones: real Chromium, 360 pixels wide, touched, each with a memory of its own. They note every request and every
// error of their page, so that a test can say that there were none it did not expect.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { DEADLINE_MS } from './until.mjs';

const CHROMIUM = process.env.PLENUM_CHROMIUM ?? '/usr/bin/chromium';
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A name for this machine that a browser does not take for a secure context, as a laptop's address in a room. */
export const PLAIN_HOST = 'plenum.test';
const WIDTH = 360;
const HEIGHT = 740;

/** A browser for a test; it ends with the test. */
export async function browser(t) {
  const args = [...ARGS, `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`];
  const chrome = await chromium.launch({ executablePath: CHROMIUM, args });
  t.after(() => chrome.close());
  return chrome;
}

/** A phone with nothing on it. */
export async function phone(chrome, name, { locale = 'en-GB', width = WIDTH, height = HEIGHT, colorScheme = 'light' } = {}) {
  const context = await chrome.newContext({
    viewport: { width, height },
    isMobile: true,
    hasTouch: true,
    deviceScaleFactor: 2,
    locale,
    colorScheme,
  });
  context.setDefaultTimeout(DEADLINE_MS);
  const page = await context.newPage();
  return new Phone(name, page);
}

class Phone {
  constructor(name, page) {
    this.name = name;
    this.page = page;
    this.hosts = new Set();
    this.errors = [];
    const note = (address) => {
      const url = new URL(address);
      if (url.protocol !== 'data:' && url.protocol !== 'blob:') this.hosts.add(url.host);
    };
    page.context().on('request', (request) => note(request.url()));
    page.on('websocket', (socket) => note(socket.url()));
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.errors.push(message.text());
    });
  }

  /** The first element with this `data-test`, inside another one if told. */
  at(test, inside = this.page) {
    return inside.locator(`[data-test="${test}"]`).first();
  }

  /** An idea on the board. */
  idea(id) {
    return this.page.locator(`[data-test="idea"][data-idea="${id}"]`).first();
  }

  async open(url) {
    await this.page.goto(url);
  }

  /** Waits until a locator shows these words. */
  async shows(locator, words) {
    await locator.filter({ hasText: words }).waitFor();
  }

  /** Nothing is wider than the screen. */
  async fits(where) {
    const wide = await this.page.evaluate(() => {
      const root = document.documentElement;
      const widest = [...document.querySelectorAll('body *')]
        .map((element) => ({ element, right: element.getBoundingClientRect().right }))
        .filter(({ right }) => right > root.clientWidth + 1)
        .map(({ element, right }) => `${element.tagName}.${element.className} reaches ${Math.round(right)}`);
      return { scroll: root.scrollWidth, client: root.clientWidth, widest: widest.slice(0, 5) };
    });
    assert.ok(wide.scroll <= wide.client, `${this.name}, ${where}: scrolls sideways: ${JSON.stringify(wide)}`);
  }

  /** It asked nobody but the server, and its page had no errors. */
  clean(server, host = `127.0.0.1:${server.port}`) {
    assert.deepEqual([...this.hosts], [host], `${this.name} asked nobody but the server`);
    assert.deepEqual(this.errors, [], `${this.name} had errors`);
  }
}
