import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { superviseServer } from '../faults/server.mjs';
import { readKeyRingFile } from '../dist/keys/key-ring-reading.js';
import { signAuthToken } from '../dist/tokens/auth-token.js';
import { logReader } from './log-reader.mjs';
import { memoryOf } from './memory.mjs';
import { createSecrets } from './secrets.mjs';
import { createWorld, PASSWORDS } from './world.mjs';

const CLI = join(import.meta.dirname, '..', 'dist', 'cli');
const PROBE = pathToFileURL(join(import.meta.dirname, 'memory-probe.mjs'));
const ISSUER = 'https://tandem.example';
const EMAILS = ['fuzz@example.com', 'fuzz.two@example.com', 'fuzz.three@example.com'];
const LEAST_SESSIONS = 2;
const LOG_IN =
  'mutation ($input: LoginInput!) { login(input: $input) { authToken refreshToken session { id } account { id } } }';

/** Starts the bundle in production mode with some accounts, and logs in. */
export async function deploy(directory, url) {
  const keyRing = join(directory, 'key-ring.json');
  const memoryFile = join(directory, 'memory.jsonl');
  const environment = {
    NODE_ENV: 'production',
    DATABASE_URL: url,
    KEY_RING_FILE: keyRing,
    AUTH_TOKEN_ISSUER: ISSUER,
    // Each request has the client address that it chooses. Wrong passwords must not keep the accounts out.
    TRUSTED_PROXIES: '127.0.0.1',
    LOGIN_ATTEMPTS_PER_ACCOUNT: '1000000',
    LOGIN_ATTEMPTS_PER_PAIR: '1000000',
    SESSION_LIMIT: '12',
    PASSWORD_CHECKS_PER_ADDRESS: '1000000',
    REFRESHES_PER_SESSION: '1000000',
    UNKNOWN_REFRESH_TOKENS_PER_ADDRESS: '1000000',
    MAILS_PER_ACCOUNT_AND_HOUR: '1000000',
    MAILS_PER_ACCOUNT_AND_DAY: '1000000',
    MAILS_PER_ADDRESS_AND_HOUR: '1000000',
    MAILS_PER_HOUR: '1000000',
    // Nothing listens there: mails stay in the outbox.
    SMTP_URL: 'smtp://127.0.0.1:9',
    MAIL_FROM: 'tandem@example.com',
  };
  const run = (command, args, input) =>
    execFileSync(process.execPath, [join(CLI, command), ...args], {
      cwd: directory,
      env: { PATH: process.env.PATH, ...environment },
      input,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
  run('keys.js', ['init']);
  const faults = [];
  const server = await superviseServer({
    name: 'server',
    directory,
    environment: { ...environment, NODE_OPTIONS: `--import ${PROBE}`, MEMORY_PROBE_FILE: memoryFile },
    onFault: (kind, detail) => faults.push(`${kind}: ${detail}`),
  });
  try {
    for (const email of EMAILS) run('account.js', ['create', email, 'Fuzz'], PASSWORDS[0]);
    const secrets = createSecrets(PASSWORDS);
    secrets.add(...privateValues(keyRing));
    const world = createWorld(EMAILS, secrets);
    const replaceSessions = async () => {
      for (const account of world.accounts)
        while (account.sessions.length < LEAST_SESSIONS) world.addPair(account, await logIn(server.port, account));
    };
    await replaceSessions();
    const [{ authToken, refreshToken }] = world.accounts[0].sessions;
    const expired = expiredToken(authToken, readKeyRingFile(keyRing));
    secrets.add(expired);
    const log = logReader(join(directory, 'server.log'));
    return {
      port: server.port,
      world,
      secrets,
      tokens: { authToken, refreshToken, expired },
      /** Logs in again for sessions that were revoked. */
      replaceSessions,
      faults,
      newLogLines: () => log.read(),
      memory: () => memoryOf(memoryFile),
      close: () => server.close(),
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** If a response with a new password was an error, the account has another of the passwords. */
async function logIn(port, account) {
  for (const password of [account.password, ...PASSWORDS]) {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `192.0.2.${Math.floor(Math.random() * 256)}` },
      body: JSON.stringify({ query: LOG_IN, variables: { input: { email: account.email, password } } }),
    });
    const { data, errors } = await response.json();
    if (data?.login) {
      account.password = password;
      return data.login;
    }
    if (errors[0].extensions.code !== 'INVALID_CREDENTIALS') throw new Error(JSON.stringify(errors));
  }
  throw new Error(`No password of ${account.email} is valid.`);
}

function expiredToken(authToken, ring) {
  const claims = JSON.parse(Buffer.from(authToken.split('.')[1], 'base64url').toString());
  const { sub, sid, gen, role, jti, aud, client_id: clientId, iat } = claims;
  const [key] = ring.signingKeys.values();
  const old = { sub, sid, gen, role, jti, iat: iat - 7200, exp: iat - 3600 };
  return signAuthToken(old, key, { issuer: ISSUER, audience: aud, clientId });
}

/** The private members of JWKs: `d` of key pairs, `k` of secrets. */
function privateValues(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
    .keys.flatMap(({ d, k }) => [d, k])
    .filter((value) => value !== undefined);
}
