import process from 'node:process';
import { chromium, type Browser } from 'playwright-core';

/** Starts Chromium. Every host name below `.test` is this machine, so that a test can have pages of several sites. */
export function startBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH']; // browser-setup.mjs sets it
  return chromium.launch({ executablePath, args: ['--host-resolver-rules=MAP *.test 127.0.0.1'] });
}
