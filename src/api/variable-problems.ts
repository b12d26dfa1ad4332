import {
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  separateOperations,
  typeFromAST,
  visit,
  type ASTNode,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { FieldProblem } from '../errors/invalid-input.js';

/** A long list can have a problem in each item. */
const MOST_PROBLEMS = 20;

/**
 * Why graphql-js rejects the variables of an operation, with the paths of the arguments that they are sent as. The
 * errors of graphql-js quote the values, which may be passwords.
 */
export function variableProblems(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): FieldProblem[] {
  const argumentPaths = pathsOfVariables(separateOperations(document)[operation.name?.value ?? ''] ?? document);
  // Several variables can have the same problem at one path, such as an argument of several fields.
  const problems = new Map<string, FieldProblem>();
  for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode);
    const isDefault = defaultValue && variables[name] === undefined;
    if (!isInputType(type) || isDefault) continue;
    for (const { path, ...problem } of problemsOf(variables[name], type, [])) {
      for (const start of argumentPaths.get(name) ?? [[name]]) {
        const found = { ...problem, path: [...start, ...path] };
        problems.set(JSON.stringify([found.path, found.reason, found.message]), found);
        if (problems.size >= MOST_PROBLEMS) return [...problems.values()];
      }
    }
  }
  return [...problems.values()];
}

function* problemsOf(value: unknown, type: GraphQLInputType, path: readonly string[]): Generator<FieldProblem> {
  if (isNonNullType(type)) {
    if (value == null) yield { path, reason: 'REQUIRED' };
    else yield* problemsOf(value, type.ofType, path);
  } else if (value == null) {
    return;
  } else if (isListType(type)) {
    const items: unknown[] = Array.isArray(value) ? value : [value];
    for (const [index, item] of items.entries()) {
      yield* problemsOf(item, type.ofType, Array.isArray(value) ? [...path, String(index)] : path);
    }
  } else if (isInputObjectType(type)) {
    if (typeof value !== 'object' || Array.isArray(value)) return yield wrongType(type.name, path);
    const given = new Map<string, unknown>(Object.entries(value));
    for (const field of Object.values(type.getFields())) {
      const isDefault = given.get(field.name) === undefined && !isRequiredInputField(field);
      if (!isDefault) yield* problemsOf(given.get(field.name), field.type, [...path, field.name]);
      given.delete(field.name);
    }
    // Its name is not repeated: a client may have sent anything as a name.
    if (given.size > 0) yield { path, reason: 'UNKNOWN_FIELD' };
  } else if (!fits(value, type)) {
    yield wrongType(type.name, path);
  }
}

function fits(value: unknown, type: { parseValue(value: unknown): unknown }): boolean {
  try {
    return type.parseValue(value) !== undefined;
  } catch {
    return false;
  }
}

function wrongType(typeName: string, path: readonly string[]): FieldProblem {
  return { path, reason: 'WRONG_TYPE', message: `Must be of the type ${typeName}.` };
}

/** Where an operation sends each variable: the names of the argument and of the fields below it. */
function pathsOfVariables(document: DocumentNode): ReadonlyMap<string, readonly (readonly string[])[]> {
  const paths = new Map<string, readonly string[][]>();
  visit(document, {
    Argument: ({ name, value }) => {
      collect(value, [name.value]);
      return false;
    },
  });
  return paths;

  function collect(node: ASTNode, path: string[]): void {
    if (node.kind === Kind.VARIABLE) {
      const known = paths.get(node.name.value) ?? [];
      // Two fields of a query may have an argument of one name.
      if (!known.some((other) => other.join() === path.join())) paths.set(node.name.value, [...known, path]);
    } else if (node.kind === Kind.LIST) {
      node.values.forEach((item, index) => collect(item, [...path, String(index)]));
    } else if (node.kind === Kind.OBJECT) {
      for (const { name, value } of node.fields) collect(value, [...path, name.value]);
    }
  }
}
