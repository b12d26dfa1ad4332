import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents for TypeScript front-ends: `npm run codegen`, or copy this file with schema.graphql and the operations. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'docs/operations.graphql',
  generates: {
    'generated/': {
      preset: 'client',
      // Fragments only save repetition here; components that own their data want masking, the preset's default.
      presetConfig: { fragmentMasking: false },
      config: { scalars: { ID: 'string', DateTime: 'string' }, strictScalars: true, useTypeImports: true },
    },
  },
  importExtension: '.js',
};

export default config;
