import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LINK = /\]\(([^)\s]+)\)/g;

const documents = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
];

describe('the links between documents', () => {
  it.each(documents)('of %s lead to existing files', (document) => {
    const targets = Array.from(readFileSync(document, 'utf8').matchAll(LINK), ([, target = '']) => target);
    const paths = targets.filter((target) => !/^(https?:|#)/.test(target)).map((target) => target.replace(/#.*/, ''));
    expect(paths.filter((path) => !existsSync(join(dirname(document), path)))).toEqual([]);
  });
});
