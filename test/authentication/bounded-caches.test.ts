import { setTimeout } from 'node:timers/promises';
import { reportCaches } from '../../src/app/cache-report.js';
import { boundedCache } from '../../src/shared/bounded-cache.js';
import { createLogger } from '../../src/shared/logger.js';
import { openDatabase } from '../../src/database/client.js';
import { startTandem, type Tokens } from '../support/harness.js';
import { Writable } from 'node:stream';

const STATUS = '{ tokenStatus { state } }';

describe('the cache of sessions', () => {
  it('reads only an evicted session again', async () => {
    const statements: string[] = [];
    const tandem = await startTandem({ CACHED_SESSIONS: '1' }, (options) =>
      openDatabase({ ...options, onStatement: (sql) => statements.push(sql) }),
    );
    const use = async ({ authToken: token }: Tokens) => {
      await tandem.app.drain();
      statements.length = 0;
      expect((await tandem.send(STATUS, {}, { token })).data.tokenStatus.state).toBe('VALID');
      return statements.filter((statement) => /\bSession\b/.test(statement) && !/endedAt\W+>=/.test(statement)).length;
    };
    const evicted = await tandem.login();
    const kept = await tandem.login();
    expect(await use(kept)).toBe(0);
    expect(await use(evicted)).toBe(1);
    await tandem.close();
  });
});

describe('the report of the caches', () => {
  it('is logged at debug, and at info after an eviction', async () => {
    const lines: string[] = [];
    const destination = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) });
    const cache = boundedCache<object>(1);
    cache.set('one', {});
    const stop = reportCaches(createLogger('debug', destination), () => ({ sessions: cache.usage() }), 5);
    const report = async (level: string) => {
      while (!lines.some((line) => line.includes(`"level":"${level}"`))) await setTimeout(1);
      return JSON.parse(lines.find((line) => line.includes(`"level":"${level}"`)) ?? '');
    };
    expect(await report('debug')).toMatchObject({ event: 'caches', sessions: { capacity: 1, held: 1, evicted: 0 } });
    cache.set('two', {});
    expect(await report('info')).toMatchObject({ event: 'caches', sessions: { capacity: 1, held: 1, evicted: 1 } });
    stop();
  });
});
