import graphql from '@graphql-eslint/eslint-plugin';

const SCHEMA = 'schema.graphql';
const DOCUMENTS = 'docs/operations.graphql';

/** Types without an identity of their own, which caches store as parts of other objects. Others need a field `id: ID!`. */
const WITHOUT_ID = {
  suffixes: ['Payload', 'Connection', 'Edge'],
  types: [
    'ErrorExtensions',
    'ExceededLimit',
    'FieldError',
    'PageInfo',
    'PasswordProblem',
    'PasswordStrength',
    'TokenHolder',
    'TokenPair',
    'TokenStatus',
  ],
};

const base = {
  plugins: { '@graphql-eslint': graphql },
  languageOptions: {
    parser: graphql.parser,
    parserOptions: { graphQLConfig: { schema: SCHEMA, documents: DOCUMENTS } },
  },
};

/** The recommended and the Relay rules. The exceptions: docs/decisions/schema-rules.md. */
export default [
  {
    ...base,
    files: [SCHEMA],
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      '@graphql-eslint/strict-id-in-types': ['error', { exceptions: WITHOUT_ID }],
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: false }],
    },
  },
  { ...base, files: [DOCUMENTS], rules: graphql.configs['flat/operations-recommended'].rules },
];
