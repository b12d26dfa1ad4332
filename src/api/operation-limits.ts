import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import {
  GraphQLError,
  Kind,
  valueFromASTUntyped,
  type ASTVisitor,
  type OperationDefinitionNode,
  type ValidationContext,
} from 'graphql';
import { OperationLimit } from '../errors/error-codes.js';
import type { Failure } from '../errors/failure.js';
import { limitExceeded } from '../errors/limit-exceeded.js';
import type { GraphContext } from '../graphql/context.js';
import type { Variables } from './costly-arguments.js';
import { measuring, type OperationSize } from './operation-size.js';

/** The maximum of each measure of an operation; see docs/configuration.md. */
export type OperationLimits = Readonly<Record<keyof OperationSize, number>>;

/** Limits that do not depend on variables. All operations of a document together must observe them. */
const OF_DOCUMENT = ['fields', 'aliases', 'directives', 'fragmentSpreads', 'depth'] as const;
const OF_OPERATION = ['searches', 'cost'] as const;

const NAMES: Readonly<Record<keyof OperationSize, OperationLimit>> = {
  fields: OperationLimit.FIELDS,
  aliases: OperationLimit.ALIASES,
  directives: OperationLimit.DIRECTIVES,
  fragmentSpreads: OperationLimit.FRAGMENT_SPREADS,
  depth: OperationLimit.DEPTH,
  searches: OperationLimit.SEARCHES,
  cost: OperationLimit.COST,
};

/** Rejects documents that are small to send and expensive to execute: many fields, aliases or directives, deep nesting. */
export function documentLimits(limits: OperationLimits): (context: ValidationContext) => ASTVisitor {
  return (context) => ({
    Document(document) {
      const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
      const { sizeOf } = measuring(document, context.getSchema(), {});
      const originalError = exceeded(OF_DOCUMENT, sizeOf(operations), limits);
      if (originalError) context.reportError(new GraphQLError(originalError.message, { originalError }));
    },
  });
}

/**
 * Rejects an operation before it executes if it makes the server do too much: several searches, or a response that could
 * have gigabytes. The access log has the cost of each operation.
 */
export function operationLimits(limits: OperationLimits): ApolloServerPlugin<GraphContext> {
  // Apollo caches parsed documents. Clients send an operation again with the same page size: so it is measured once, which
  // saves 2 % of the processor time of a list.
  const lastSizes = new WeakMap<OperationDefinitionNode, MeasuredSize>();
  const listener: GraphQLRequestListener<GraphContext> = {
    async didResolveOperation({ operation, document, schema, request: { variables = {} }, contextValue: { outcome } }) {
      if (!operation) return;
      const last = lastSizes.get(operation);
      let size = last && isSizeWith(variables, last) ? last.size : undefined;
      if (!size) {
        const { sizeOf, variablesRead } = measuring(document, schema, { ...defaultsOf(operation), ...variables });
        size = sizeOf([operation]);
        const names = [...variablesRead];
        lastSizes.set(operation, { size, variables: names.map((name) => [name, variables[name]]) });
      }
      outcome.cost = size.cost;
      const failure = exceeded(OF_OPERATION, size, limits);
      if (failure) throw failure;
    },
  };
  return { requestDidStart: async () => listener };
}

/** A size, with the values of those variables of the request that it depends on. */
interface MeasuredSize {
  readonly size: OperationSize;
  readonly variables: readonly (readonly [name: string, value: unknown])[];
}

function isSizeWith(variables: Variables, last: MeasuredSize): boolean {
  return last.variables.every(([name, value]) => variables[name] === value && typeof value !== 'object');
}

function exceeded(
  names: readonly (keyof OperationSize)[],
  size: OperationSize,
  limits: OperationLimits,
): Failure | undefined {
  const name = names.find((each) => size[each] > limits[each]);
  return name && limitExceeded(NAMES[name], size[name], limits[name]);
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  return Object.fromEntries(defaults);
}
