import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/**', 'coverage/**', 'generated/**', 'src/database/generated/**'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: false } }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/config.ts', 'src/main.ts', 'src/cluster.ts', 'src/cli/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Only config.ts, main.ts and cluster.ts read the environment.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes in as a Clock.' },
        { object: 'Math', property: 'random', message: 'Use node:crypto.' },
      ],
    },
  },
  { files: ['src/shared/clock.ts'], rules: { 'no-restricted-properties': 'off' } },
  // For each file the last block that matches it counts, so each block is whole.
  forbid('src/shared/**', ['../*/**']),
  forbid('src/database/**', ['**/sessions/**', '**/accounts/**', '**/posts/**', '**/graphql/**', '**/http/**']),
  ...domain('accounts', ['**/sessions/**', '**/posts/**']),
  ...domain('posts', ['**/sessions/**']),
  ...domain('sessions', ['**/posts/**']),
  forbid('src/graphql/**', ['**/http/**']),
);

function forbid(files, group) {
  const message = 'The house has one direction: http → graphql → (sessions | accounts | posts) → database.';
  return { files: [files], rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] } };
}

/** Services know no GraphQL and no HTTP; the resolvers, types and inputs beside them do, as thin as they are. */
function domain(name, others) {
  const outside = ['**/graphql/**', 'graphql', 'type-graphql', 'fastify', '@apollo/*'];
  return [
    forbid(`src/${name}/**/!(*.resolver|*.type|*.input).ts`, [...others, ...outside, '**/http/**']),
    forbid(`src/${name}/**/*.{resolver,type,input}.ts`, [...others, '**/http/**']),
  ];
}
