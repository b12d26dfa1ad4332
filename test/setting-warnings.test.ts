import { settingWarnings } from '../src/setting-warnings.js';

const warnings = (environment: Record<string, string>, file: Record<string, string> = {}) =>
  settingWarnings(environment, file);

describe('warnings about settings', () => {
  it('list unknown names in .env, but not those of the environment', () => {
    const foreign = { PATH: '/bin', POST: '1', HOSTNAME: 'a', SESSION_MANAGER: 'x', NODE_OPTIONS: '', PGSSLMODE: 'x' };
    expect(warnings(foreign)).toEqual([]);
    expect(warnings({}, { SMTP_HOST: 'x', PGSSLMODE: 'require', PORT: '80' })).toEqual([
      expect.stringContaining('SMTP_HOST'),
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ['KEY_RING_FILE', { KEY_RING: '{}', KEY_RING_FILE: 'x' }],
    ['TRUSTED_DOCUMENTS_FILE', { TRUSTED_DOCUMENTS_FILE: 'x' }],
    ['PASSWORD_BREACH_URL', { PASSWORD_BREACH_URL: 'https://range.example' }],
    ['DATABASE_POOL_SIZE', { DATABASE_POOL_SIZE: '5' }],
    ['DATABASE_CONNECT_TIMEOUT_MS', { DATABASE_URL: 'file:x', DATABASE_CONNECT_TIMEOUT_MS: '500' }],
    ['connection_limit', { DATABASE_URL: 'postgresql://u:hunter2@h/d?connection_limit=1' }],
  ])('name %s when it has no effect', (name, environment) => {
    const [warning, ...others] = warnings(environment);
    expect(warning).toContain(name);
    expect(warning).not.toContain('hunter2');
    expect(others).toEqual([]);
  });

  it('name CLUSTER_WORKERS when there is only one process', () => {
    const environment = { CLUSTER_WORKERS: '4' };
    expect(settingWarnings(environment, {}, true)).toEqual([expect.stringContaining('CLUSTER_WORKERS')]);
    expect(settingWarnings({ CLUSTER_WORKERS: '' }, {}, true)).toEqual([]);
    expect(settingWarnings(environment, {})).toEqual([]);
  });

  it('are empty when every setting has an effect', () => {
    expect(
      warnings({ DATABASE_URL: 'postgresql://h/d?sslmode=require', DATABASE_POOL_SIZE: '5', KEY_RING: '{}' }),
    ).toEqual([]);
  });
});
