import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents from the `.graphql` file of each feature, and what each operation needs. */
const config: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: 'src/**/*.graphql',
  generates: {
    'src/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { scalars: { ID: 'string', DateTime: 'string' }, strictScalars: true, useTypeImports: true },
    },
    'src/generated/operation-map.ts': { plugins: ['../../docs/codegen/operation-map.mjs'] },
  },
};

export default config;
