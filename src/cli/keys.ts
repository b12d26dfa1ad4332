import { loadCommandConfig, type Config } from '../config.js';
import { providerOf } from '../database/provider.js';
import { AUTH_TOKEN_ALGORITHMS, type AuthTokenAlgorithm } from '../keys/key-ring.js';
import { loadEnvironment } from '../program.js';
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

const OPERANDS = { init: 0, list: 0, rotate: 0, retire: 1, import: 1 } as const;
type Command = keyof typeof OPERANDS;

runCommand({
  usage: USAGE,
  options: {
    algorithm: { type: 'string' },
    'announce-seconds': { type: 'string' },
    refresh: { type: 'boolean', default: false },
    events: { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
  },
  async run([command, operand = '', ...others], { algorithm: word, refresh, events, force, ...values }) {
    if (!isCommand(command) || others.length > 0 || (operand === '') !== (OPERANDS[command] === 0)) {
      throw new UsageError(USAGE);
    }
    const config = loadCommandConfig(loadEnvironment());
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
  return word !== undefined && Object.hasOwn(OPERANDS, word);
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
