import { concatAST, separateOperations, TypeInfo, valueFromASTUntyped, visit, visitWithTypeInfo } from 'graphql';

/**
 * A plugin for GraphQL Code Generator: a map from the name of each operation to what it needs. It reads the directives
 * @authenticated, @requiresScopes and @idempotent of schema.graphql. Introspection does not contain them.
 */
export function plugin(schema, documents) {
  if (!schema.getMutationType()?.astNode)
    throw new Error('operation-map needs schema.graphql instead of introspection');
  const operations = separateOperations(concatAST(documents.map(({ document }) => document)));
  const entries = Object.entries(operations)
    .filter(([name]) => name !== '')
    .map(([name, document]) => `  ${name}: ${JSON.stringify(needsOf(document, schema))},`);
  return `/** What an operation needs, by its name. */
export const OPERATIONS = {
${entries.join('\n')}
} as const satisfies Record<string, OperationNeeds>;

export interface OperationNeeds {
  /** Whether the operation needs an auth token. */
  readonly token: boolean;
  /** The token needs all scopes of one of these lists. Empty: it needs none. */
  readonly scopes: readonly (readonly string[])[];
  /** Whether a client may retry it if it received no response; \`with-key\`: if its input has an idempotency key. */
  readonly retry: 'always' | 'with-key' | 'never';
}
`;
}

function needsOf(document, schema) {
  let token = false;
  let scopes = [[]];
  const retries = new Set();
  const types = new TypeInfo(schema);
  const Field = () => {
    const field = types.getFieldDef()?.astNode;
    for (const node of [types.getParentType()?.astNode, field]) {
      token ||= Boolean(argumentsOf(node, 'authenticated'));
      const { scopes: required } = argumentsOf(node, 'requiresScopes') ?? {};
      // All fields must be allowed: each list of one field with each list of the others.
      if (required) scopes = scopes.flatMap((some) => required.map((more) => [...new Set([...some, ...more])]));
    }
    if (types.getParentType() !== schema.getMutationType()) return;
    const idempotent = argumentsOf(field, 'idempotent');
    retries.add(idempotent ? (idempotent.key ? 'with-key' : 'always') : 'never');
  };
  visit(document, visitWithTypeInfo(types, { Field }));
  const retry = ['never', 'with-key'].find((value) => retries.has(value)) ?? 'always';
  return { token, scopes: scopes.filter((list) => list.length > 0), retry };
}

/** The arguments of a directive, if a definition has it. */
function argumentsOf(definition, name) {
  const directive = definition?.directives?.find((node) => node.name.value === name);
  if (!directive) return undefined;
  return Object.fromEntries(
    directive.arguments.map(({ name: { value }, value: node }) => [value, valueFromASTUntyped(node)]),
  );
}
