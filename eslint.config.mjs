import { existsSync, readdirSync } from 'node:fs';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** The folders of src/ from the bottom up: each imports only from lines before its own. See docs/architecture.md. */
const LAYERS = [
  ['shared'],
  ['errors'],
  ['database'],
  ['keys'],
  ['tokens'],
  ['graphql'],
  ['revocation'],
  ['events', 'limits', 'mail', 'idempotency'],
  ['accounts'],
  ['sessions'],
  ['authentication'],
  ['grants', 'posts', 'demo'],
  ['api'],
  ['http'],
  ['app'],
];
const DOMAINS = ['events', 'idempotency', 'accounts', 'sessions', 'authentication', 'grants', 'posts'];

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'client/dist/**',
      '.dist-build/**',
      'release/**',
      'release.unfinished/**',
      'coverage/**',
      'generated/**',
      'examples/web/src/generated/**',
      'examples/web/dist/**',
      'src/database/generated/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      // An interface that only extends another one adds its members to a library's interface.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: false } }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['src/**/*.ts', 'client/**/*.ts', 'examples/**/*.{ts,tsx}', 'test/**/*.ts'],
    ignores: ['test/client/typed-front-end.ts', 'test/client/relay-front-end.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false, arguments: false } },
      ],
      '@typescript-eslint/await-thenable': 'error',
    },
  },
  { files: ['examples/**/*.{ts,tsx}'], ...reactHooks.configs.flat.recommended },
  {
    files: ['src/**'],
    plugins: { 'import-x': importX },
    settings: {
      ...importX.flatConfigs.typescript.settings,
      'import-x/resolver-next': [createTypeScriptImportResolver()],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones: zones() }],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/main.ts', 'src/cluster.ts', 'src/program.ts', 'src/cli/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Only the programs read the environment. Pass the setting in.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Use the Clock that is passed in.' },
        { object: 'Math', property: 'random', message: 'Use node:crypto.' },
      ],
    },
  },
  { files: ['src/shared/clock.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: DOMAINS.map((domain) => `src/${domain}/**/!(*.resolver|*.type|*.input).ts`),
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['graphql', 'type-graphql', 'fastify', '@apollo/*', '**/graphql/**'],
              message: 'Services know neither GraphQL nor HTTP. Put this into the .resolver, .type or .input file.',
            },
          ],
        },
      ],
    },
  },
);

/** One zone for each pair of a folder and a folder that it must not import, so that the message can name both. */
function zones() {
  const exists = (folder) => existsSync(`src/${folder}`);
  return LAYERS.flatMap((layer, height) =>
    layer.filter(exists).flatMap((target) => {
      const below = LAYERS.slice(0, height).flat();
      const message = `${target}/ may import only ${below.join(', ') || 'packages'}. Move the code to a lower folder, or let app/ pass the function in.`;
      const others = LAYERS.slice(height)
        .flat()
        .filter((from) => from !== target && exists(from));
      const programs = ['cli', 'cluster', ...readdirSync('src').filter((name) => name.endsWith('.ts'))];
      return [...others, ...programs].map((from) => ({ target: `./src/${target}`, from: `./src/${from}`, message }));
    }),
  );
}
