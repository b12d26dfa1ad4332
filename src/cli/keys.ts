import { existsSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { loadCommandConfig, type Config } from '../config.js';
import { providerOf } from '../database/provider.js';
import { AUTH_TOKEN_ALGORITHMS, type AuthTokenAlgorithm } from '../keys/key-ring.js';
import { OperatorError } from '../shared/operator-error.js';
import { importKey, initRing, listKeys, retireKey, rotateKeys } from './key-ring-commands.js';
import { UsageError } from './usage-error.js';

/** Twice the time for which verifiers may cache the JWKS, so that all of them have a key before it signs. */
const ANNOUNCE_SECONDS = 600;

/** How long a running server may take to read a new secret from its file. No server may use it earlier. */
const RELOAD_SECONDS = 5;

const USAGE = `Usage: npm run keys -- <command> (in production: node dist/cli/keys.js <command>)

  init                    Create a key ring
  list                    Show the keys: the purpose of each, and since when it is used
  rotate                  Add a key for auth tokens. It is published at once and signs after ${ANNOUNCE_SECONDS} seconds
    --algorithm ES256|RS256|HS256
    --announce-seconds N  Sign after N seconds; 0: at once
    --refresh             Add a secret for refresh tokens instead. Only new sessions use it, after ${RELOAD_SECONDS} seconds
                          (on PostgreSQL ${ANNOUNCE_SECONDS}, so that the file reaches every machine), or N
    --events              Add a secret for the MACs of security events instead; times as for --refresh
  retire <kid>            Remove a key. The next request with an auth token of that key is rejected
    --force               Remove a secret even if sessions use it, whose users must log in again, or if security
                          events use it, which cannot be verified any more
  import <file>           Add a private key from a PEM or JWK file; --announce-seconds as above

Running servers reload the file. They need no restart.`;

const OPERANDS = { init: 0, list: 0, rotate: 0, retire: 1, import: 1 } as const;
type Command = keyof typeof OPERANDS;

async function main(): Promise<string> {
  const { values, positionals } = commandLine();
  if (values.help) return USAGE;
  const [command, operand = '', ...others] = positionals;
  if (!isCommand(command) || others.length > 0 || (operand === '') !== (OPERANDS[command] === 0)) {
    throw new UsageError(USAGE);
  }
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadCommandConfig(process.env);
  const algorithm = algorithmOf(values.algorithm ?? config.keyRing.algorithm ?? 'ES256');
  const activeFromSeconds = nowSeconds() + announceSeconds(values, config);
  switch (command) {
    case 'init':
      return initRing(config, algorithm);
    case 'list':
      return listKeys(config);
    case 'rotate':
      return rotateKeys(config, values.events ? 'events' : values.refresh ? 'refresh' : algorithm, activeFromSeconds);
    case 'retire':
      return retireKey(config, operand, values.force);
    case 'import':
      return importKey(config, operand, activeFromSeconds);
  }
}

function commandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        algorithm: { type: 'string' },
        'announce-seconds': { type: 'string' },
        refresh: { type: 'boolean', default: false },
        events: { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch {
    throw new UsageError(USAGE);
  }
}

function isCommand(word: string | undefined): word is Command {
  return word !== undefined && Object.hasOwn(OPERANDS, word);
}

function algorithmOf(word: string): AuthTokenAlgorithm {
  const algorithm = AUTH_TOKEN_ALGORITHMS.find((each) => each === word);
  if (algorithm === undefined) throw new UsageError(USAGE);
  return algorithm;
}

function announceSeconds(
  values: { 'announce-seconds'?: string; refresh: boolean; events: boolean },
  { database }: Config,
): number {
  const given = values['announce-seconds'];
  if (given !== undefined && !/^\d{1,8}$/.test(given)) throw new UsageError(USAGE);
  const isOneMachine = providerOf(database.url) === 'sqlite';
  return Number(given ?? ((values.refresh || values.events) && isOneMachine ? RELOAD_SECONDS : ANNOUNCE_SECONDS));
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function describe(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().then(
  (output) => process.stdout.write(`${output}\n`),
  (error: unknown) => {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  },
);
