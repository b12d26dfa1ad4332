import { configurationDocument } from './configuration.js';
import { environmentExample } from './environment-example.js';
import { errorsDocument } from './errors.js';

/** The committed files that `npm run docs` writes, by their paths. */
export function generatedDocuments(): Record<string, string> {
  return {
    'docs/errors.md': errorsDocument(),
    'docs/configuration.md': configurationDocument(),
    '.env.example': environmentExample(),
  };
}
