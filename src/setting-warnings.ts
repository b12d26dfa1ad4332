import { environmentSchema } from './settings.js';
import { ignoredParameters } from './database/database-url.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that node-postgres reads itself, such as `PGSSLMODE`. */
const OF_POSTGRES = /^PG[A-Z]+$/;

/** Warns of names in `.env` that are not settings, and of settings without an effect. Omits values, which may be secret. */
export function settingWarnings(environment: Environment, file: Environment, isSingleProcess = false): string[] {
  const known = Object.keys(environmentSchema.shape);
  const unknown = Object.keys(file)
    .filter((name) => !known.includes(name) && !OF_POSTGRES.test(name))
    .map((name) => `${name} in .env is not a setting of this server and has no effect.`);
  const workers = { ...file, ...environment }['CLUSTER_WORKERS'] ?? '';
  const alone =
    isSingleProcess && workers !== '' ? ['CLUSTER_WORKERS has no effect on one process. Run: npm run cluster.'] : [];
  return [...unknown, ...alone, ...withoutEffect({ ...file, ...environment })];
}

function withoutEffect(environment: Environment): string[] {
  const isSet = (name: string) => (environment[name] ?? '') !== '';
  const url = environment['DATABASE_URL'] ?? '';
  const isSqlite = !isSet('DATABASE_URL') || url.startsWith('file:');
  const onPostgresOnly = ['DATABASE_POOL_SIZE', 'DATABASE_CONNECT_TIMEOUT_MS'].filter(
    (name) => isSqlite && isSet(name),
  );
  return [
    ...(isSet('KEY_RING') && isSet('KEY_RING_FILE') ? ['KEY_RING_FILE has no effect, because KEY_RING is set.'] : []),
    ...(isSet('TRUSTED_DOCUMENTS_FILE') && (environment['TRUSTED_DOCUMENTS'] || 'off') === 'off'
      ? ['TRUSTED_DOCUMENTS_FILE has no effect, because TRUSTED_DOCUMENTS is off.']
      : []),
    ...(isSet('PASSWORD_BREACH_URL') && environment['PASSWORD_BREACH_CHECK'] !== 'on'
      ? ['PASSWORD_BREACH_URL has no effect, because PASSWORD_BREACH_CHECK is off.']
      : []),
    ...(isSet('SMTP_URL') && isSet('MAIL_FOLDER') ? ['MAIL_FOLDER has no effect, because SMTP_URL is set.'] : []),
    ...onPostgresOnly.map((name) => `${name} has no effect, because the database is a SQLite file.`),
    ...(isSqlite ? [] : ignoredParameters(url)).map(
      (name) => `The parameter ${name} of DATABASE_URL has no effect. Remove it.`,
    ),
  ];
}
