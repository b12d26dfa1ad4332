import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

describe('key generation', () => {
  it('does not hang while the garbage collector runs at every allocation', async () => {
    const module = pathToFileURL(resolve('dist/keys/key-generation.js')).href;
    const program = `
      import { generateSigningKey } from ${JSON.stringify(module)};
      for (let made = 0; made < 3000; made += 1) generateSigningKey('ES256', 0);`;
    const busy = ['--gc-global', '--max-semi-space-size=1'];
    await expect(
      promisify(execFile)(process.execPath, [...busy, '--input-type=module', '--eval', program], { timeout: 20_000 }),
    ).resolves.toEqual({ stdout: '', stderr: '' });
  });
});
