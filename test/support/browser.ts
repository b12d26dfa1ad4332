import process from 'node:process';
import { chromium, type Browser } from 'playwright-core';

/**
 * Starts Chromium. Every host name below `.test` is this machine, so that a test can have pages of several sites. `hosts`
 * sends connections for other host names elsewhere: `MAP cdn.example.com 127.0.0.1:4000`.
 */
export function startBrowser(hosts: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH']; // browser-setup.mjs sets it
  const rules = ['MAP *.test 127.0.0.1', ...hosts].join(', ');
  return chromium.launch({ executablePath, args: [`--host-resolver-rules=${rules}`] });
}
