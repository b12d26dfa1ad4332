import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startTandem, type Person, type Tandem } from '../support/harness.js';
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
    const environment = { DATABASE_URL: tandem.config.database.url };
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

  it('creates no SQLite file when there is none', async () => {
    const environment = { DATABASE_URL: 'file:missing.db' };
    const found = await runProgram(scratch.path, 'cli/audit.js', { args: ['verify'], environment });
    expect(found).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('missing.db') });
    expect(found.stderr).not.toMatch(/^ +at /m);
    expect(existsSync(join(scratch.path, 'missing.db'))).toBe(false);
  });

  it('prints its usage with --help', async () => {
    expect(await audit('--help')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Usage:'), stderr: '' });
  });

  it.each([[[]], [['verify', 'all']], [['mend']]])('exits with 1 for the arguments %j', async (args) => {
    expect(await audit(...args)).toMatchObject({ exitCode: 1, stdout: '' });
  });
});
