// Compares the response times for addresses with and without an account: 200 interleaved attempts of each operation.
// Prints the ratio of the medians, which should be within 10 %. Run: npm run build && node bench/enumeration-timing.mjs [attempts]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { median } from './median.mjs';
import { PROGRAMS, startServer } from './servers.mjs';
import { PASSWORD } from './settings.mjs';
import { makeWorld } from './world.mjs';

process.chdir(join(import.meta.dirname, '..'));
const [attempts = 200] = process.argv.slice(2).map(Number);
/** Between two attempts, so that the mail of one does not slow down the next. */
const PAUSE_MS = 25;

const directory = mkdtempSync(join(tmpdir(), 'tandem-timing-'));
const smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'] });
smtp.on('error', () => undefined).listen(0, '127.0.0.1');
const world = await makeWorld({ directory, name: 'world', posts: 1, sessions: 1, accounts: attempts });
const server = await startServer({
  program: PROGRAMS.tandem,
  database: world.copy('timing'),
  keyRingPath: world.keyRingPath,
  logPath: join(directory, 'timing.log'),
  environment: {
    SMTP_URL: `smtp://127.0.0.1:${smtp.server.address().port}`,
    MAIL_FROM: 'Tandem <tandem@tandem.example>',
    PUBLIC_URL: 'https://tandem.example',
    LOGIN_ATTEMPTS_PER_ADDRESS: '1000000',
    MAILS_PER_ACCOUNT_AND_HOUR: '1000000',
    MAILS_PER_ACCOUNT_AND_DAY: '1000000',
    MAILS_PER_ADDRESS_AND_HOUR: '1000000',
    MAILS_PER_HOUR: '1000000',
    PASSWORD_CHECKS_PER_ADDRESS: '1000000',
  },
});

const registered = (n) => `reader-${n}@example.com`;
const unregistered = (n) => `nobody-${n}@example.com`;
const NEW_PASSWORD = 'a passphrase that is new here';
const SIGN_UP = 'mutation ($input: SignUpInput!) { signUp(input: $input) { accepted } }';
const LOG_IN = 'mutation ($input: LoginInput!) { login(input: $input) { authToken } }';
const signUp = (email) => [SIGN_UP, { email, password: NEW_PASSWORD, displayName: 'Reader' }];

try {
  const [query, input] = [LOG_IN, { email: registered(0), password: PASSWORD }];
  const { authToken } = (await send(query, input)).data.login;
  await compare('signUp', signUp);
  await compare('requestPasswordReset', (email) => [
    'mutation ($input: EmailInput!) { requestPasswordReset(input: $input) { accepted } }',
    { email },
  ]);
  const change = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { accepted } }';
  await compare('changeEmail', (newEmail) => [change, { newEmail }, authToken]);
  await compare('login', (email) => [LOG_IN, { email, password: 'a wrong passphrase' }]);
  // Both addresses have a pending sign-up with this password from above.
  await compare('login with the password of a pending sign-up', (email) => [LOG_IN, { email, password: NEW_PASSWORD }]);
} finally {
  await server.stop();
  smtp.close();
  rmSync(directory, { recursive: true });
}

async function compare(name, requestFor) {
  const taken = { registered: [], unregistered: [] };
  const statuses = new Set();
  for (let n = 1; n < attempts; n += 1) {
    const pair = [
      ['registered', registered(n)],
      ['unregistered', unregistered(n)],
    ];
    for (const [kind, email] of Math.random() < 0.5 ? pair : pair.toReversed()) {
      const [query, input, token] = requestFor(email);
      await delay(PAUSE_MS);
      const startedAt = performance.now();
      const { status } = await send(query, input, token);
      taken[kind].push(performance.now() - startedAt);
      statuses.add(status);
    }
  }
  const [known, unknown] = [median(taken.registered), median(taken.unregistered)];
  process.stdout.write(
    `${name}: ${known.toFixed(2)} ms registered, ${unknown.toFixed(2)} ms unregistered, ratio ${(known / unknown).toFixed(3)}, status ${[...statuses]}\n`,
  );
}

async function send(query, input, token) {
  const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables: { input } }),
  });
  return { status: response.status, ...(await response.json()) };
}
