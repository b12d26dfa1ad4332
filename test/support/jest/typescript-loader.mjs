import { existsSync } from 'node:fs';
import { compile } from './typescript.mjs';

/** In TypeScript, `./name.js` means `name.ts` if it exists. */
export async function resolve(specifier, context, next) {
  const importer = context.parentURL ?? '';
  if (importer.endsWith('.ts') && /^\.{1,2}\/.*\.js$/.test(specifier)) {
    const url = new URL(specifier.replace(/js$/, 'ts'), importer);
    if (existsSync(url)) return { url: url.href, shortCircuit: true };
  }
  if (specifier === '@jest/globals') {
    return { url: new URL(`jest-globals.mjs?${importer}`, import.meta.url).href, shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  return { format: 'module', source: compile(url).code, shortCircuit: true };
}
