import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { resourceUsage } from '../faults/processes.mjs';
import { superviseServer } from '../faults/server.mjs';
import { readKeyRingFile } from '../dist/keys/key-ring-reading.js';
import { signAuthToken } from '../dist/tokens/auth-token.js';

const CLI = join(import.meta.dirname, '..', 'dist', 'cli');
const ISSUER = 'https://tandem.example';
const ACCOUNT = { email: 'fuzz@example.com', password: 'a passphrase that the fuzzer knows' };
const LOG_IN = 'mutation ($input: LoginInput!) { login(input: $input) { authToken refreshToken } }';

/** Starts the bundle in production mode with one account, and logs in. */
export async function deploy(directory, url) {
  const environment = {
    NODE_ENV: 'production',
    DATABASE_URL: url,
    KEY_RING_FILE: join(directory, 'key-ring.json'),
    AUTH_TOKEN_ISSUER: ISSUER,
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
    environment,
    onFault: (kind, detail) => faults.push(`${kind}: ${detail}`),
  });
  try {
    run('account.js', ['create', ACCOUNT.email, 'Fuzz'], ACCOUNT.password);
    const tokens = await logIn(server.port);
    const ring = readKeyRingFile(environment.KEY_RING_FILE);
    return {
      port: server.port,
      account: ACCOUNT,
      tokens: { ...tokens, expired: expiredToken(tokens.authToken, ring) },
      /** What no response and no log line may contain. */
      secrets: [ACCOUNT.password, ...Object.values(tokens), ...privateValues(environment.KEY_RING_FILE)],
      faults,
      log: () => readFileSync(join(directory, 'server.log'), 'utf8'),
      megabytes: () => resourceUsage(server.pid()).megabytes,
      close: () => server.close(),
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function logIn(port) {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: LOG_IN, variables: { input: ACCOUNT } }),
  });
  return (await response.json()).data.login;
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
