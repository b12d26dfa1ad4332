import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../../src/database/migrations.js';
import { compile, runIn } from '../../support/compiled.js';
import { makeScratch } from '../../support/scratch.js';

it('loads the schema engine only when something is pending', async () => {
  const scratch = makeScratch();
  try {
    await migrate({ url: scratch.url });

    const directory = join(scratch.path, 'compiled');
    compile('src/database', directory);
    rmSync(join(directory, 'schema-engine.js'));
    const migrateWithoutEngine = (url: string) =>
      runIn(
        directory,
        `import { migrate } from './migrations.js';
         await migrate(${JSON.stringify({ url, folderPath: join(process.cwd(), 'prisma/migrations/sqlite') })});`,
      );

    expect(await migrateWithoutEngine(scratch.url)).toMatchObject({ exitCode: 0, stderr: '' });
    const fresh = await migrateWithoutEngine(`${scratch.url}-fresh`);
    expect(fresh.stderr).toContain('ERR_MODULE_NOT_FOUND');
  } finally {
    scratch.remove();
  }
});
