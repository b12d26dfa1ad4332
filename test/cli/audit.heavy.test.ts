import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp } from '../support/cleanup.js';
import { startTandem, type Person, type Tandem } from '../support/harness.js';
import { eventHash } from '../../src/events/event-chain.js';
import { runProgram } from '../support/program.js';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { sql } from '../support/sql.js';

describe('the audit command', () => {
  let scratch: Scratch;
  let tandem: Tandem;
  let person: Person;
  beforeAll(() => {
    scratch = makeScratch();
  });
  beforeEach(async () => {
    tandem = await startTandem();
    person = await tandem.person();
    for (const one of [person, await tandem.person()]) for (let time = 0; time < 4; time++) await tandem.login(one);
  });
  afterEach(() => tandem.close());
  afterAll(() => scratch.remove());

  const audit = (...args: string[]) => {
    const environment = { DATABASE_URL: tandem.config.database.url, KEY_RING_FILE: tandem.keyRingPath };
    return runProgram(scratch.path, 'cli/audit.js', { args, environment });
  };

  it('reports unmodified chains as intact', async () => {
    expect(await audit('verify')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it.each([
    ['an address was changed', `UPDATE "SecurityEvent" SET "ipAddress" = '192.0.2.1' WHERE "sequence" = 2`],
    ['the kind was changed', `UPDATE "SecurityEvent" SET "kind" = 'LOGIN_FAILED' WHERE "sequence" = 4`],
    ['the first was deleted', `DELETE FROM "SecurityEvent" WHERE "sequence" = 1`],
    ['one in the middle was deleted', `DELETE FROM "SecurityEvent" WHERE "sequence" = 2`],
    ['the last was deleted', `DELETE FROM "SecurityEvent" WHERE "sequence" = 4`],
    ['all were deleted', `DELETE FROM "SecurityEvent" WHERE "sequence" > 0`],
  ])('reports only the account of which %s', async (_what, statement) => {
    await sql(tandem.config.database.url, `${statement} AND "accountId" = '${person.id}'`);
    const found = await audit('verify');
    expect(found).toMatchObject({ exitCode: 1, stdout: '' });
    expect(found.stderr.trim().split('\n')).toHaveLength(1);
    expect(found.stderr).toContain(person.email);
    expect(found.stderr).toContain(person.id);
  });

  it('reports the chain as intact after 20 concurrent logins on two instances', async () => {
    const servers = [tandem, await tandem.startInstance()];
    await Promise.all(Array.from({ length: 20 }, async (_, index) => servers[index % 2]?.login(person)));
    expect(await audit('verify')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('reports an edited event whose chain of hashes was recomputed', async () => {
    await recomputeChain(tandem, person.id, 2);
    const found = await audit('verify');
    expect(found).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('event 2') });
  });

  it('reports an edited event whose chain was recomputed and whose MACs were removed', async () => {
    await recomputeChain(tandem, person.id, 2);
    await tandem.database.securityEvent.updateMany({
      where: { accountId: person.id },
      data: { mac: null, macKeyId: null },
    });
    await tandem.login(person);
    const found = await audit('verify');
    expect(found).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('event 1 has no MAC') });
  });

  it('adds the missing MACs to the events of an earlier version', async () => {
    await tandem.database.securityEvent.updateMany({ data: { mac: null, macKeyId: null } });
    expect(await audit('verify')).toMatchObject({ exitCode: 1 });
    expect(await audit('protect')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('8') });
    expect(await audit('verify')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('adds no MAC to a chain with a changed event', async () => {
    await tandem.database.securityEvent.updateMany({ data: { mac: null, macKeyId: null } });
    await tandem.database.securityEvent.updateMany({
      where: { accountId: person.id, sequence: 2 },
      data: { userAgent: 'Forged/1' },
    });
    const found = await audit('protect');
    expect(found).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('event 2 was changed') });
    expect(await tandem.database.securityEvent.count({ where: { accountId: person.id, mac: { not: null } } })).toBe(0);
  });

  it('reports with the heads in the log that the last event was deleted and the account restored', async () => {
    await tandem.app.drain();
    const log = join(scratch.path, 'server.log');
    writeFileSync(log, tandem.log());
    expect(await audit('verify', '--heads', log)).toMatchObject({ exitCode: 0, stderr: '' });
    const events = await tandem.database.securityEvent.findMany({
      where: { accountId: person.id },
      orderBy: { sequence: 'asc' },
    });
    await tandem.database.securityEvent.delete({ where: { id: events[3]?.id ?? '' } });
    await tandem.database.account.update({
      where: { id: person.id },
      data: { eventCount: 3, eventHash: events[2]?.hash ?? '' },
    });
    expect(await audit('verify')).toMatchObject({ exitCode: 0 }); // an earlier state of the chain is intact
    const missing = await audit('verify', '--heads', log);
    expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(person.email) });
    await tandem.login(person);
    const replaced = await audit('verify', '--heads', log);
    expect(replaced).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('event 4') });
  });

  it('says how many events expired', async () => {
    expect(await audit('verify')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/deleted: 0\.$/m) });
    tandem.clock.advance(401 * 86_400);
    await cleanUp(tandem);
    expect(await audit('verify')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/deleted: 8\.$/m) });
  });

  it('creates no SQLite file when there is none', async () => {
    const environment = { DATABASE_URL: 'file:missing.db' };
    const found = await runProgram(scratch.path, 'cli/audit.js', { args: ['verify'], environment });
    expect(found).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('missing.db') });
    expect(found.stderr).not.toMatch(/^ +at /m);
    expect(existsSync(join(scratch.path, 'missing.db'))).toBe(false);
  });

  it('reports a database without tables', async () => {
    writeFileSync(join(scratch.path, 'empty.db'), '');
    const environment = { DATABASE_URL: 'file:empty.db', KEY_RING_FILE: tandem.keyRingPath };
    const found = await runProgram(scratch.path, 'cli/audit.js', { args: ['verify'], environment });
    expect(found).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('lacks migrations') });
    expect(found.stderr).not.toMatch(/^ +at /m);
  });

  it('says how many heads of the log it compared, and reports a log that cannot be read', async () => {
    writeFileSync(join(scratch.path, 'other.log'), 'not a log of this server\n');
    const compared = await audit('verify', '--heads', 'other.log');
    expect(compared).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('compared: 0.') });
    const folder = await audit('verify', '--heads', '.');
    expect(folder).toMatchObject({ exitCode: 1, stderr: 'The log . cannot be read (EISDIR).\n' });
  });

  it('prints its usage with --help', async () => {
    expect(await audit('--help')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Usage:'), stderr: '' });
  });

  it.each([
    [[]],
    [['verify', 'all']],
    [['mend']],
    [['protect', '--heads', 'server.log']],
    [['verify', '--heads', 'missing.log']],
  ])('exits with 1 for the arguments %j', async (args) => {
    expect(await audit(...args)).toMatchObject({ exitCode: 1, stdout: '' });
  });
});

/** What somebody with the database and without the key ring can do: edit an event and compute all hashes again. */
async function recomputeChain({ database }: Tandem, accountId: string, edited: number): Promise<void> {
  const rows = await database.securityEvent.findMany({ where: { accountId }, orderBy: { sequence: 'asc' } });
  let hash = '';
  for (const row of rows) {
    const ipAddress = row.sequence === edited ? '192.0.2.1' : row.ipAddress;
    hash = eventHash(hash, { ...row, ipAddress });
    await database.securityEvent.update({ where: { id: row.id }, data: { ipAddress, hash } });
  }
  await database.account.update({ where: { id: accountId }, data: { eventHash: hash } });
}
