import type { CodegenConfig } from '@graphql-codegen/cli';

/** Generates typed documents for TypeScript front-ends: `npm run codegen`. A front-end can copy this file and adapt it. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'docs/operations.graphql',
  generates: {
    'generated/': {
      preset: 'client',
      // These fragments only avoid repetition. A front-end with one fragment per component needs masking, the default.
      presetConfig: { fragmentMasking: false },
      config: { scalars: { ID: 'string', DateTime: 'string' }, strictScalars: true, useTypeImports: true },
    },
    // What each operation needs: a token, scopes, or a key for a retry.
    'generated/operation-map.ts': { plugins: ['./docs/codegen/operation-map.mjs'] },
  },
  importExtension: '.js',
};

export default config;
