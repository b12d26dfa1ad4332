import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { runProgram } from './support/program.js';
import { makeScratch, type Scratch } from './support/scratch.js';

/** Each program and command reads `.env` by the same function. */
describe('the file .env', () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = makeScratch();
  });
  afterEach(() => scratch.remove());

  const run = (content: string | Buffer, script = 'bundle/main.mjs', args: string[] = []) => {
    writeFileSync(join(scratch.path, '.env'), content);
    return runProgram(scratch.path, script, { args, environment: {} });
  };
  /** In production, without a key ring, the server exits. In development it would serve. */
  const MINIMUM = 'AUTH_TOKEN_ISSUER=https://tandem.example\nHOST=nobody.invalid\n';

  it.each(['bundle/main.mjs', 'bundle/cluster.mjs'])('may start with a byte order mark: %s', async (script) => {
    const { exitCode, stderr } = await run(`\ufeffNODE_ENV=production\r\n${MINIMUM}`, script);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^There is no key ring at/m);
  });

  it('applies to commands too', async () => {
    await run('\ufeffKEY_RING_FILE=elsewhere.json\n', 'cli/keys.js', ['init']);
    expect(existsSync(join(scratch.path, 'elsewhere.json'))).toBe(true);
  });

  it.each([
    ['UTF-16', Buffer.from('\ufeffNODE_ENV=production\n', 'utf16le'), '.env is not UTF-8'],
    ['a line without =', `${MINIMUM}NODE_ENV production\n`, '.env line 3'],
    ['a colon in the place of =', `NODE_ENV: production\n${MINIMUM}`, '.env line 1'],
    ['a quote that does not end in the file', `${MINIMUM}A="production\n`, '.env line 3'],
    ['text after a quoted value', `NODE_ENV='test'production\n${MINIMUM}`, '.env line 1'],
    ['a # inside of a value', `DATABASE_URL=postgresql://u:production#1@h/d\n${MINIMUM}`, '.env line 1'],
    ['a value that starts with #', `A=#production\n${MINIMUM}`, '.env line 1'],
    ['a name twice', `NODE_ENV=production\n${MINIMUM}NODE_ENV=test\n`, '.env line 4 sets NODE_ENV, which line 1 sets'],
    ['a quote that does not end', `A='x\nB='y'\n${MINIMUM}`, '.env line 2'],
  ])('stops the start when it has %s', async (_what, content, problem) => {
    for (const [script, args] of [
      ['bundle/main.mjs', []],
      ['cli/keys.js', ['list']],
    ] as const) {
      const { exitCode, stdout, stderr } = await run(content, script, [...args]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain(problem);
      expect(stderr).not.toMatch(/^ +at |production/m);
    }
  });

  it('stops the start when it is a folder', async () => {
    mkdirSync(join(scratch.path, '.env'));
    const { exitCode, stderr } = await runProgram(scratch.path, 'bundle/main.mjs', { environment: {} });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('.env cannot be read')]);
  });

  it('may have comments, quoted values of several lines, and the word export', async () => {
    const content = `# a comment with = and "\n\nexport NODE_ENV="production"\nA='x\ny # z\n'\n B = \`q\` # note\nC=\nD= # a # b\nE=x y # "z\nF=it's\n${MINIMUM}`;
    expect((await run(content)).stderr).toMatch(/^There is no key ring at/m);
  });

  it('is overridden by the environment', async () => {
    writeFileSync(join(scratch.path, '.env'), `NODE_ENV=development\n${MINIMUM}`);
    const environment = { NODE_ENV: 'production' };
    expect((await runProgram(scratch.path, 'bundle/main.mjs', { environment })).stderr).toMatch(
      /^There is no key ring/,
    );
    expect(process.env['NODE_ENV']).not.toBe('production');
  });

  it('warns of names that are no settings', async () => {
    writeFileSync(join(scratch.path, '.env'), `AUTH_TOKEN_TTL=60\n${MINIMUM}`);
    const environment = { HOST: 'nobody.invalid' };
    const { stdout } = await runProgram(scratch.path, 'bundle/main.mjs', {
      environment: { NODE_ENV: 'test', ...environment },
    });
    expect(stdout).toContain('AUTH_TOKEN_TTL in .env is not a setting');
  });
});
