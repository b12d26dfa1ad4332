import { existsSync } from 'node:fs';
import process from 'node:process';
import setUpDatabase from './sqlite-setup.mjs';

const MISSING =
  'The browser tests need Chromium. Install it, on Debian with `apt-get install chromium`, or set CHROMIUM_PATH to its program.';

/** Fails the whole run if there is no browser. */
export default async function setUp() {
  process.env.CHROMIUM_PATH ||= '/usr/bin/chromium';
  if (!existsSync(process.env.CHROMIUM_PATH)) throw new Error(MISSING);
  await setUpDatabase();
}
