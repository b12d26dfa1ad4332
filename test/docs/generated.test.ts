import { readFileSync } from 'node:fs';
import { generatedDocuments } from '../../src/cli/documents/generated.js';

describe('the generated documents', () => {
  it.each(Object.entries(generatedDocuments()))('equal the output of npm run docs: %s', (path, text) => {
    if (readFileSync(path, 'utf8') === text) return;
    throw new Error(`${path} is out of date. Mend it with: npm run docs`);
  });
});
