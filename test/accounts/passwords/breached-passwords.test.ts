import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { runProgram } from '../../support/program.js';
import { startTandem, type Tandem } from '../../support/harness.js';
import { startRangeService, type RangeService } from '../../support/range-service.js';
import { makeScratch } from '../../support/scratch.js';
import { signUp } from '../../support/sign-up.js';

const STOLEN = 'crème brûlée for two otters';
const GOOD = 'seven otters in a teapot';
const STRENGTH = `query ($input: PasswordStrengthInput!) {
  passwordStrength(input: $input) { acceptable score problems { reason } }
}`;

describe('PASSWORD_BREACH_CHECK', () => {
  let service: RangeService;
  let tandem: Tandem;
  beforeEach(async () => {
    service = await startRangeService([STOLEN]);
    tandem = await startTandem({ PASSWORD_BREACH_CHECK: 'on', PASSWORD_BREACH_URL: service.url });
    tandem.clock.stopAt(Date.now());
  });
  afterEach(async () => {
    await tandem.close();
    await service.close();
  });

  let count = 0;
  const send = (password: string, server = tandem) => signUp(server, `lin-${(count += 1)}@example.com`, { password });
  async function reasonOf(password: string): Promise<unknown> {
    const [field] = ((await send(password)).errors?.[0]?.extensions['fields'] ?? []) as { reason: string }[];
    return field?.reason;
  }
  const failures = () =>
    tandem
      .log()
      .split('\n')
      .filter((line) => line.includes('breach_check.failed')).length;

  it('rejects a stolen password, in any Unicode form', async () => {
    expect(await reasonOf(STOLEN)).toBe('BREACHED');
    expect(await reasonOf(STOLEN.normalize('NFD'))).toBe('BREACHED');
  });

  it('accepts a password whose hash only pads the response', async () => {
    expect(await reasonOf(GOOD)).toBeUndefined();
    expect(service.requests).toHaveLength(1);
  });

  it('sends five digits of the hash, asks for padding, and sends nothing else about the password', async () => {
    await send(STOLEN);
    const [request] = service.requests;
    const hash = createHash('sha1').update(STOLEN).digest('hex').toUpperCase();
    expect(request?.url).toBe(`/range/${hash.slice(0, 5)}`);
    expect(request?.headers['add-padding']).toBe('true');
    expect(JSON.stringify(request?.rawHeaders)).not.toMatch(new RegExp(`otters|${hash.slice(5)}|lin-`, 'i'));
  });

  it('sends no query for a password that another rule rejects', async () => {
    for (const password of ['too short', 'password1234567', 'mypasswordispassword']) await send(password);
    expect(service.requests).toEqual([]);
  });

  it('is part of passwordStrength', async () => {
    const ask = async (password: string) =>
      (await tandem.send(STRENGTH, { input: { password } })).data.passwordStrength;
    expect(await ask(STOLEN)).toEqual({ acceptable: false, score: 0, problems: [{ reason: 'BREACHED' }] });
    expect(await ask(GOOD)).toEqual({ acceptable: true, score: 4, problems: [] });
  });

  it('is part of the account command, which ends after it', async () => {
    const scratch = makeScratch();
    const environment = {
      DATABASE_URL: tandem.config.database.url,
      PASSWORD_BREACH_CHECK: 'on',
      PASSWORD_BREACH_URL: `${service.url}/`,
    };
    const create = (input: string) => {
      const args = ['create', 'operator@example.com', 'Operator'];
      return runProgram(scratch.path, 'cli/account.js', { args, input, environment });
    };
    const rejected = await create(STOLEN);
    expect([rejected.exitCode, rejected.stderr]).toEqual([1, expect.stringContaining('stolen passwords')]);
    expect((await create(GOOD)).exitCode).toBe(0);
    scratch.remove();
  });

  it('is off by default', async () => {
    const other = await tandem.startInstance({ PASSWORD_BREACH_CHECK: '' });
    expect((await send(STOLEN, other)).errors).toBeUndefined();
    expect(service.requests).toEqual([]);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['with an error', (response) => response.writeHead(503).end()],
    ['with an error that looks like a range', (response) => response.writeHead(429).end(`${'A'.repeat(35)}:1`)],
    ['with another page', (response) => response.end('<!doctype html><title>Log in</title>')],
    ['with nothing', (response) => response.end()],
    ['with a redirection', (response) => response.writeHead(302, { location: service.url }).end()],
    ['by closing the connection', (response) => response.destroy()],
    ['with half of a range', (response) => response.writeHead(200, { 'content-length': 99 }).end('0:1')],
    ['with a range that never ends', (response) => void endless(response)],
    ['not at all', () => undefined],
  ])('accepts a password if the service responds %s', async (_how, respond) => {
    service.respond = respond;
    expect(await reasonOf(STOLEN)).toBeUndefined();
    expect(failures()).toBe(1);
    expect(tandem.log()).not.toContain('otters');
  });

  it('logs a failure every ten minutes', async () => {
    service.respond = (response) => response.writeHead(503).end();
    for (let time = 0; time < 3; time += 1) await send(STOLEN);
    expect(failures()).toBe(1);
    tandem.clock.advance(601);
    await send(STOLEN);
    expect(failures()).toBe(2);
  });

  it('rejects a stolen password again when the service is back', async () => {
    service.respond = (response) => response.destroy();
    expect(await reasonOf(STOLEN)).toBeUndefined();
    service.respond = undefined;
    expect(await reasonOf(STOLEN)).toBe('BREACHED');
  });
});

/** Lines of a range until the client closes the connection. */
function endless(response: ServerResponse): void {
  const lines = `${'A'.repeat(35)}:1\r\n`.repeat(1000);
  const write = () => {
    while (!response.destroyed && response.write(lines));
  };
  response.on('drain', write);
  write();
}
