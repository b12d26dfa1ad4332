import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--no-first-run',
  '--remote-debugging-port=0',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
];

/** One window of Chromium, whose tabs can be frozen: see test/client/support/tabbed-browser.ts. */
export async function startBrowser() {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const child = spawn(process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', [...FLAGS, `--user-data-dir=${profile}`]);
  const exited = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const url = await new Promise((resolve, reject) => {
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
      const [, address] = /DevTools listening on (\S+)/.exec(output) ?? [];
      if (address) resolve(address);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Chromium did not start: ${output}`)));
  });
  const browser = await chromium.connectOverCDP(url, { noDefaults: true });
  return {
    context: browser.contexts()[0],
    version: browser.version(),
    async close() {
      await browser.close();
      kill();
      await exited;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
