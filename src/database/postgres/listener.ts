import { CHANNEL, parseNotification } from './notifications.js';
import type { DatabaseLimits } from '../limits.js';

/** A connection that does not respond within this time is closed: its notifications would arrive late. */
const PING_TIMEOUT_MS = 1000;

/** A connection that receives the notifications of other processes. */
export interface Listener {
  /** Resolves when the server has responded: every earlier notification has then been delivered. */
  ping(): Promise<void>;
  close(): void;
}

/** Opens a separate connection to PostgreSQL and listens. `onLost` is called at most once, when the connection closes. */
export async function listenTo(
  url: string,
  { connectTimeoutMs }: DatabaseLimits,
  onNotification: (notification: unknown) => void,
  onLost: () => void,
): Promise<Listener> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tandem listener',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: PING_TIMEOUT_MS,
    keepAlive: true,
  });
  let open = false;
  const lost = () => {
    if (open) onLost();
    open = false;
  };
  client.on('notification', ({ payload }) => {
    onNotification(parseNotification(payload));
  });
  client.on('end', lost);
  client.on('error', lost);
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  open = true;

  return {
    async ping() {
      await client.query('SELECT 1');
    },
    close() {
      open = false;
      void client.end().catch(() => undefined);
    },
  };
}
