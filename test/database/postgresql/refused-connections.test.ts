import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { resolve } from 'node:path';
import { runIn } from '../../support/compiled.js';
import { migratedDatabase, type TestDatabase } from '../../support/databases.js';

/** ReadyForQuery, which ends the handshake of a connection. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
/** ErrorResponse 57P01: an administrator, a restart or a failover terminates the connection. */
const TERMINATED = errorResponse('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');

describe('a process whose new connections PostgreSQL terminates', () => {
  let database: TestDatabase;
  let proxy: Server;
  beforeEach(async () => {
    database = await migratedDatabase();
    proxy = await terminatingProxy(new URL(database.url));
  });
  afterEach(async () => {
    await new Promise((done) => proxy.close(done));
    await database.drop();
  });

  it.each([
    ['a statement', 'database.account.count()'],
    ['a transaction', 'database.$transaction((client) => client.account.count())'],
  ])('survives when it needed the connection for %s', async (_what, statement) => {
    const url = new URL(database.url);
    url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const ended = await runIn(
      resolve('dist/database'),
      `
      import { openDatabase } from './client.js';
      const database = openDatabase({ url: '${url.href}' });
      const failures = [];
      for (let attempt = 0; attempt < 5; attempt++) await ${statement}.catch(() => failures.push(attempt));
      await database.$disconnect();
      console.log(failures.length);
      `,
    );
    expect(ended).toMatchObject({ exitCode: 0, stderr: '', stdout: '5\n' });
  });
});

it('a process survives when PostgreSQL terminates an idle connection before Prisma listens to the pool', async () => {
  const database = await migratedDatabase();
  const ended = await runIn(
    resolve('dist/database'),
    `
    import { DEFAULT_LIMITS } from './limits.js';
    import { postgresPool } from './postgres/postgres-pool.js';
    const open = () => postgresPool('${database.url}', DEFAULT_LIMITS);
    const [pool, other] = [await open(), await open()];
    await pool.query('SELECT 1');
    await other.query(\`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()\`);
    while (pool.totalCount > 0) await new Promise((done) => setImmediate(done));
    console.log((await pool.query('SELECT 1 AS one')).rows[0].one);
    await Promise.all([pool.end(), other.end()]);
    `,
  );
  expect(ended).toMatchObject({ exitCode: 0, stderr: '', stdout: '1\n' });
  await database.drop();
});

/** Adds the error to the packet that ends the handshake, so that both arrive in one event loop turn. */
async function terminatingProxy(target: URL): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    client.on('data', (chunk) => upstream.write(chunk)).on('close', () => upstream.destroy());
    upstream.on('data', (chunk) => {
      if (!chunk.subarray(-READY.length).equals(READY)) return void client.write(chunk);
      client.end(Buffer.concat([chunk, TERMINATED]));
    });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

function errorResponse(fields: string): Buffer {
  const header = Buffer.alloc(5);
  header.write('E');
  header.writeInt32BE(4 + fields.length, 1);
  return Buffer.concat([header, Buffer.from(fields)]);
}
