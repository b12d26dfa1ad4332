import { execFile } from 'node:child_process';
import process from 'node:process';

/** Runs `npm run db:migration -- add_likes`. Port 1 is closed. */
function writeMigration(shadowUrl: string): Promise<{ code: unknown; stderr: string }> {
  const env = { PATH: process.env['PATH'], SHADOW_DATABASE_URL: shadowUrl };
  return new Promise((settle) => {
    const child = execFile(process.execPath, ['bin/migration.mjs', 'add_likes'], { env }, (_error, _stdout, stderr) =>
      settle({ code: child.exitCode, stderr }),
    );
  });
}

describe('db:migration without a PostgreSQL server', () => {
  it('names the variable and the reason, and no password', async () => {
    const { code, stderr } = await writeMigration('postgresql://someone:hunter2@127.0.0.1:1/postgres');
    expect(code).toBe(1);
    expect(stderr).toContain('SHADOW_DATABASE_URL');
    expect(stderr).toContain('ECONNREFUSED');
    expect(stderr).not.toContain('hunter2');
  });

  it('reports a value that is no URL', async () => {
    const { code, stderr } = await writeMigration('somewhere');
    expect(code).toBe(1);
    expect(stderr).toContain('SHADOW_DATABASE_URL');
  });
});
