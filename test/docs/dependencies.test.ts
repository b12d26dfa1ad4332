import { readFileSync } from 'node:fs';

const RECORD = 'docs/decisions/dependencies.md';

describe('the record of dependencies', () => {
  it('gives a reason for every dependency and for nothing else', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: object;
      devDependencies: object;
    };
    const named = Array.from(readFileSync(RECORD, 'utf8').matchAll(/^- `([^`]+)`/gm), ([, name]) => name);
    expect(named.sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort());
  });
});
