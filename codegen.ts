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
  },
  importExtension: '.js',
};

export default config;
