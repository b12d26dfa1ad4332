import { openDatabase, type Database } from '../../../src/database/client.js';
import type { RevocationFeed } from '../../../src/revocation/feed.js';
import { revocationFeed } from '../../../src/revocation/start-feed.js';
import { createLogger } from '../../../src/shared/logger.js';
import { startTandem, type Tandem } from '../../support/harness.js';
import { until } from '../../support/until.js';

describe('the revocation feed of a SQLite file', () => {
  let tandem: Tandem;
  let database: Database;
  let feed: RevocationFeed;
  /** The sessions that the feed read, in their order. */
  let read: string[];
  beforeEach(async () => {
    tandem = await startTandem();
    database = openDatabase(tandem.config.database);
    read = [];
    const revocations = {
      sessionEnded: (id: string) => void read.push(id),
      roleChanged: () => undefined,
      sessionCut: () => undefined,
      verdict: () => 'valid' as const,
    };
    const { clock, config } = tandem;
    const logger = createLogger('silent');
    feed = revocationFeed({
      databaseSettings: config.database,
      authTokenTtlSeconds: 3600,
      database,
      revocations,
      clock,
      logger,
    });
  });
  afterEach(async () => {
    feed.stop();
    await database.$disconnect();
    await tandem.close();
  });

  /** A session that was revoked `secondsAgo`, by the clock of the process that writes the row. */
  async function revokedSession(secondsAgo = 0): Promise<string> {
    const { sessionId: id } = await tandem.login();
    const endedAt = new Date(tandem.clock.nowMs() - secondsAgo * 1000);
    await tandem.database.session.update({ where: { id }, data: { endedAt } });
    return id;
  }

  it('reads all recent revocations at start, and then only new ones', async () => {
    const before = [await revokedSession(300), await revokedSession(200), await revokedSession(100)];
    await feed.start();
    expect(read).toEqual(before);
    read.length = 0;
    const added = await revokedSession();
    await until(() => read.includes(added));
    expect([...new Set(read)]).toEqual([added]);
  });

  it('reads everything again after a minute with foreign writes, because the clock of the writer may be behind', async () => {
    await feed.start();
    const late = await revokedSession(3600);
    const added = await revokedSession();
    await until(() => read.includes(added));
    expect(read).not.toContain(late);
    tandem.clock.advance(61);
    await until(() => read.includes(late));
  });

  it('reads more revocations than one statement returns, each once', async () => {
    const id = await revokedSession(300);
    const session = await tandem.database.session.findUniqueOrThrow({ where: { id } });
    const others = Array.from({ length: 2100 }, (_, index) => ({
      ...session,
      id: `other-${String(index).padStart(4, '0')}`,
      endedAt: new Date(tandem.clock.nowMs() - 200_000 + Math.floor(index / 700)),
    }));
    await tandem.database.session.createMany({ data: others });
    await feed.start();
    expect(read).toEqual([id, ...others.map((other) => other.id)]);
  });
});
