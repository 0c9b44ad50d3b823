// Firefox, as Debian carries it: phones on which the page runs in another engine than Chromium's.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { firefox as playwright } from 'playwright-core';

export const FIREFOX = process.env.PLENUM_FIREFOX ?? '/usr/bin/firefox-esr';
/** What stands between playwright and Firefox. */
const LAUNCHED = fileURLToPath(new URL('firefox-esr.mjs', import.meta.url));
const START_MS = 60_000;
/** Nothing asks Mozilla for anything while a test runs. */
const PREFERENCES = { 'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false };

/** A Firefox for a test; it ends with the test. */
export async function firefox(t) {
  if (!existsSync(FIREFOX)) {
    throw new Error(`There is no Firefox at ${FIREFOX}: install it with \`apt-get install firefox-esr\`, or name one in PLENUM_FIREFOX`);
  }
  // The channel makes playwright speak WebDriver BiDi, which every Firefox understands.
  const launched = { channel: 'moz-firefox', executablePath: LAUNCHED, timeout: START_MS, firefoxUserPrefs: PREFERENCES };
  const browser = await playwright.launch(launched);
  t.after(() => browser.close());
  return browser;
}
