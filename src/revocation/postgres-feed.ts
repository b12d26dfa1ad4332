import { listenTo, type Listener } from '../database/postgres/listener.js';
import type { FeedParts, RevocationFeed } from './feed.js';
import { asRevocationNotification } from './revocation-notification.js';

/** How often the connection is asked whether it is still there. */
const PING_INTERVAL_MS = 250;
/** Without an answer for so long the feed is in doubt: no ending stays unknown for longer. */
const FRESH_FOR_MS = 1000;
const RECONNECT_MS = 500;

/**
 * Is told of endings by PostgreSQL the moment they are committed. What is announced while there is no connection is
 * lost, so each new one first listens and then reads all endings; until that is done the feed is not fresh.
 */
export function postgresFeed(
  { databaseSettings, revocations, clock, logger }: FeedParts,
  catchUp: () => Promise<void>,
): RevocationFeed {
  let freshUntil = 0;
  let listener: Listener | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function receive(received: unknown): void {
    const notification = asRevocationNotification(received);
    if (!notification) return;
    if ('sessionEnded' in notification) revocations.sessionEnded(notification.sessionEnded, clock.nowMs());
    else revocations.roleChanged(notification.roleChanged, notification.role, clock.nowMs());
  }

  async function connect(): Promise<void> {
    const connected = await listenTo(databaseSettings.url, databaseSettings.limits, receive, () => lost(connected));
    if (stopped) return connected.close();
    listener = connected;
    try {
      await catchUp();
      await ping(connected);
    } catch (error) {
      lost(connected);
      throw error;
    }
    logger.info({ event: 'revocations.listening' }, 'listening for what other processes end');
  }

  async function ping(to: Listener): Promise<void> {
    const askedAt = performance.now();
    await to.ping();
    if (listener === to) freshUntil = askedAt + FRESH_FOR_MS;
  }

  function lost(connection: Listener): void {
    connection.close();
    if (listener !== connection) return;
    listener = undefined;
    freshUntil = 0;
    if (!stopped)
      logger.warn(
        { event: 'revocations.lost' },
        'the revocation feed lost its connection: sessions are read from the database until it reconnects',
      );
  }

  function schedule(afterMs: number): void {
    if (stopped) return;
    timer = setTimeout(() => void keepUp(), afterMs).unref();
  }

  async function keepUp(): Promise<void> {
    const current = listener;
    try {
      await (current ? ping(current) : connect());
      schedule(PING_INTERVAL_MS);
    } catch (error) {
      if (current) lost(current);
      else logger.warn({ err: error }, 'connecting for revocations failed');
      schedule(RECONNECT_MS);
    }
  }

  return {
    async start() {
      await connect();
      schedule(PING_INTERVAL_MS);
    },
    isFresh: () => performance.now() < freshUntil,
    stop() {
      stopped = true;
      clearTimeout(timer);
      listener?.close();
    },
  };
}
