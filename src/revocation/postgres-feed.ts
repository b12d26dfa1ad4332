import { listenTo, type Listener } from '../database/postgres/listener.js';
import type { FeedParts, RevocationFeed } from './feed.js';
import type { ReadRevocations } from './read-revocations.js';
import { asRevocationNotification } from './revocation-notification.js';

/** How often the connection is pinged. */
const PING_INTERVAL_MS = 250;
/** If the connection has not responded for this long, the feed is not fresh: no revocation stays unknown for longer. */
const FRESH_FOR_MS = 1000;
const RECONNECT_MS = 500;

/**
 * Receives revocations from PostgreSQL when they commit. Notifications are lost while there is no connection, so each new
 * connection first listens and then reads all recent revocations. Until that is done, the feed is not fresh.
 */
export function postgresFeed(
  { databaseSettings, revocations, clock, logger }: FeedParts,
  readRevocations: ReadRevocations,
): RevocationFeed {
  let freshUntil = 0;
  let listener: Listener | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function receive(received: unknown): void {
    const notification = asRevocationNotification(received);
    if (!notification) return;
    if ('sessionEnded' in notification) revocations.sessionEnded(notification.sessionEnded, clock.nowMs());
    else if ('sessionCut' in notification)
      revocations.sessionCut(notification.sessionCut, notification.generation, clock.nowMs());
    else revocations.roleChanged(notification.roleChanged, notification.role, clock.nowMs());
  }

  async function connect(): Promise<void> {
    const connected = await listenTo(databaseSettings.url, databaseSettings.limits, receive, () => lost(connected));
    if (stopped) return connected.close();
    listener = connected;
    try {
      await readRevocations();
      await ping(connected);
    } catch (error) {
      lost(connected);
      throw error;
    }
    logger.info({ event: 'revocations.listening' }, 'listening for revocations of other processes');
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
      else logger.warn({ err: error }, 'the revocation feed could not connect');
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
