import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

/** swc emits the decorator metadata that type-graphql reads. */
const OPTIONS = {
  swcrc: false,
  sourceMaps: true,
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
};

/** Compiles a TypeScript file to an ES module and its source map. */
export function compile(url) {
  const filename = fileURLToPath(url);
  return transformSync(readFileSync(filename, 'utf8'), { ...OPTIONS, filename });
}
