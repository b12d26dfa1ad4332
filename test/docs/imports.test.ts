import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The imports of each source file, including type imports, which the lint rule for cycles ignores. */
function importsOf(): Map<string, string[]> {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('database/generated'),
  );
  return new Map(
    files.map((file) => {
      const specifiers = readFileSync(join('src', file), 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)\.js'/g);
      return [file, Array.from(specifiers, ([, path = '']) => `${join(dirname(file), path)}.ts`)];
    }),
  );
}

function cyclesIn(imports: Map<string, string[]>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    else if (!done.has(file)) for (const imported of imports.get(file) ?? []) visit(imported, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return cycles;
}

describe('the imports of src/', () => {
  it('contain no cycle, including type imports', () => {
    expect(cyclesIn(importsOf())).toEqual([]);
  });

  it('are read by this test, which detects a cycle', () => {
    expect(importsOf().get('main.ts')).toContain('app/app.ts');
    expect(cyclesIn(new Map([['a', ['b']], ['b', ['a']]]))).toEqual(['a → b → a']); // prettier-ignore
  });
});
