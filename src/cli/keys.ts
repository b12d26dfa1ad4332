import type { Config } from '../config.js';
import { providerOf } from '../database/provider.js';
import { AUTH_TOKEN_ALGORITHMS, type AuthTokenAlgorithm } from '../keys/key-ring.js';
import { commandConfig } from './command-config.js';
import { runCommand } from './command.js';
import { importKey, initRing, listKeys, retireKey, rotateKeys } from './key-ring-commands.js';
import { UsageError } from './usage-error.js';

/** Twice the time for which verifiers may cache the JWKS, so that all of them have a key before it signs. */
const ANNOUNCE_SECONDS = 600;

/** A running server reads a new secret within this time. Before that, no server may use it. */
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

/** How many operands each command has, and its options. An option without an effect would look as if it had one. */
const COMMANDS = {
  init: { operands: 0, options: ['algorithm'] },
  list: { operands: 0, options: [] },
  rotate: { operands: 0, options: ['algorithm', 'announce-seconds', 'refresh', 'events'] },
  retire: { operands: 1, options: ['force'] },
  import: { operands: 1, options: ['announce-seconds'] },
} as const satisfies Record<string, { operands: 0 | 1; options: string[] }>;
type Command = keyof typeof COMMANDS;
/** A new key has one purpose. */
const PURPOSES = ['algorithm', 'refresh', 'events'];

runCommand({
  usage: USAGE,
  options: {
    algorithm: { type: 'string' },
    'announce-seconds': { type: 'string' },
    refresh: { type: 'boolean' },
    events: { type: 'boolean' },
    force: { type: 'boolean' },
  },
  async run([command, operand = '', ...others], values) {
    if (!isCommand(command) || others.length > 0 || (operand === '') !== (COMMANDS[command].operands === 0)) {
      throw new UsageError(USAGE);
    }
    requireOptionsOf(command, Object.keys(values));
    const { algorithm: word, refresh, events, force } = values;
    const config = commandConfig();
    const algorithm = algorithmOf(word ?? config.keyRing.algorithm ?? 'ES256');
    const usesSecret = Boolean(refresh || events);
    const activeFromSeconds = nowSeconds() + announceSeconds(values['announce-seconds'], usesSecret, config);
    switch (command) {
      case 'init':
        return initRing(config, algorithm);
      case 'list':
        return listKeys(config);
      case 'rotate':
        return rotateKeys(config, events ? 'events' : refresh ? 'refresh' : algorithm, activeFromSeconds);
      case 'retire':
        return retireKey(config, operand, Boolean(force));
      case 'import':
        return importKey(config, operand, activeFromSeconds);
    }
  },
});

function isCommand(word: string | undefined): word is Command {
  return word !== undefined && Object.hasOwn(COMMANDS, word);
}

function requireOptionsOf(command: Command, given: readonly string[]): void {
  const options: readonly string[] = COMMANDS[command].options;
  const other = given.find((name) => !options.includes(name));
  if (other !== undefined) throw new UsageError(`keys ${command} has no option --${other}. See: keys --help`);
  const purposes = given.filter((name) => PURPOSES.includes(name)).map((name) => `--${name}`);
  if (purposes.length > 1) throw new UsageError(`Send one of ${purposes.join(' and ')}: a key has one purpose.`);
}

function algorithmOf(word: string): AuthTokenAlgorithm {
  const algorithm = AUTH_TOKEN_ALGORITHMS.find((each) => each === word);
  if (algorithm === undefined) throw new UsageError(USAGE);
  return algorithm;
}

function announceSeconds(given: string | undefined, isSecret: boolean, { database }: Config): number {
  if (given !== undefined && !/^\d{1,8}$/.test(given)) throw new UsageError(USAGE);
  const isOneMachine = providerOf(database.url) === 'sqlite';
  return Number(given ?? (isSecret && isOneMachine ? RELOAD_SECONDS : ANNOUNCE_SECONDS));
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
