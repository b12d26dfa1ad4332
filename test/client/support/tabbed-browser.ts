import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--no-first-run',
  '--remote-debugging-port=0',
  // Otherwise hidden tabs would execute one operation per second.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
];

/** One window of Chromium. Only one of its tabs is visible, as for a user, because Chromium freezes no visible tab. */
export interface TabbedBrowser {
  context: BrowserContext;
  close(): Promise<void>;
}

/** Now and then Chromium does not answer Playwright's first messages, so that connecting would time out. */
const CONNECT = { attempts: 3, timeoutMs: 20_000 };

export async function startTabbedBrowser(attempt = 1): Promise<TabbedBrowser> {
  try {
    return await start();
  } catch (error) {
    if (attempt === CONNECT.attempts) throw error;
    return startTabbedBrowser(attempt + 1);
  }
}

async function start(): Promise<TabbedBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-')); // removed with the directory of the run
  const child = spawn(process.env['CHROMIUM_PATH'] ?? '', [...FLAGS, `--user-data-dir=${profile}`]);
  const exited = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += String(chunk);
      const [, address] = /DevTools listening on (\S+)/.exec(output) ?? [];
      if (address) resolve(address);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Chromium did not start: ${output}`)));
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  try {
    // Playwright's defaults would make all tabs visible.
    const browser = await chromium.connectOverCDP(url, { noDefaults: true, timeout: CONNECT.timeoutMs });
    const [context] = browser.contexts();
    if (!context) throw new Error('Chromium has no window');
    return {
      context,
      async close() {
        await browser.close();
        await kill();
      },
    };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** Freezes a tab that is not visible, as Chromium does to save memory, or thaws it. */
export async function setLifecycle(page: Page, state: 'frozen' | 'active'): Promise<void> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Page.setWebLifecycleState', { state });
  await devTools.detach();
}
