import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['bench', 'faults'];

/** The imports of the scripts from the compiled sources: the file in src/ and the names. */
function importsOf(script: string): { source: string; names: string[] }[] {
  const statements = readFileSync(script, 'utf8').matchAll(/import \{([^}]+)\} from '\.\.\/dist\/([^']+)\.js'/g);
  return Array.from(statements, ([, names = '', path = '']) => ({
    source: join('src', `${path}.ts`),
    names: names.split(',').flatMap((name) => name.trim() || []),
  }));
}

const scripts = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => join(folder, file)),
).filter((script) => importsOf(script).length > 0);

describe('the scripts that no other test runs', () => {
  it.each(scripts)('%s imports only names that src/ exports', (script) => {
    for (const { source, names } of importsOf(script)) {
      expect([source, existsSync(source)]).toEqual([source, true]);
      const text = readFileSync(source, 'utf8');
      const exported = Array.from(
        text.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm),
        ([, name]) => name,
      );
      expect(exported).toEqual(expect.arrayContaining(names));
    }
  });

  it('are read by this test', () => {
    expect(scripts).toEqual(expect.arrayContaining(['bench/world.mjs', 'faults/deployment.mjs']));
  });
});
