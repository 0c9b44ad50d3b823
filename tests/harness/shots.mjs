// Pictures of screens, for people who look at them: PLENUM_SHOTS=FOLDER.

import { mkdirSync } from 'node:fs';
import path from 'node:path';

/** Keeps a picture of a phone's whole page, if a folder is named. */
export async function shot(one, name, fullPage = true) {
  const folder = process.env.PLENUM_SHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await one.page.screenshot({ path: path.join(folder, `${name}.png`), fullPage });
  // Playwright puts a style into the page for it, which the page's policy refuses in Firefox.
  one.errors = one.errors.filter((error) => !error.includes('style-src-elem'));
}
