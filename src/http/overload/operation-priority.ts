import { getOperationAST, parse, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { fragmentsOf } from '../../api/fragments.js';
import { MAX_TOKENS } from '../../api/max-tokens.js';
import { rootFieldsOf } from '../../api/root-fields.js';

/** In the order in which an overloaded server sheds them. A client that cannot refresh loses its session in the end. */
export const PRIORITIES = ['read', 'login', 'mutation', 'refresh'] as const;
export type Priority = (typeof PRIORITIES)[number];

const MOST_OPERATIONS = 200;
/** A longer one is shed first, so that parsing and the memory of these keys stay cheap. The longest refresh has about 2,000. */
const MOST_CHARACTERS = 10_000;

/** The priority of the operation in a request's body. Operations of different priorities have the lowest of them. */
export function operationPriority(schema: GraphQLSchema): (body: unknown) => Priority {
  const known = new LRUCache<string, Priority>({ max: MOST_OPERATIONS });

  return (body) => {
    if (typeof body !== 'object' || body === null || !('query' in body)) return 'read';
    const { query } = body;
    const operationName = 'operationName' in body ? body.operationName : undefined;
    if (typeof query !== 'string' || !query.includes('mutation')) return 'read';
    if (operationName != null && typeof operationName !== 'string') return 'read';
    if ((operationName?.length ?? 0) + query.length > MOST_CHARACTERS) return 'read';
    const key = `${operationName ?? ''}\n${query}`;
    let priority = known.get(key);
    if (!priority) known.set(key, (priority = priorityOf(query, operationName)));
    return priority;
  };

  function priorityOf(query: string, operationName: string | null | undefined): Priority {
    try {
      const document = parse(query, { maxTokens: MAX_TOKENS, noLocation: true });
      const operation = getOperationAST(document, operationName);
      if (operation?.operation !== 'mutation') return 'read';
      const { names } = rootFieldsOf(operation, fragmentsOf(document), schema);
      return PRIORITIES.find((priority) => names.some((name) => priorityOfField(name) === priority)) ?? 'read';
    } catch {
      return 'read'; // it cannot be parsed
    }
  }

  function priorityOfField(name: string): Priority {
    if (name === 'refreshToken') return 'refresh';
    if (name === 'login') return 'login';
    return schema.getMutationType()?.getFields()[name] ? 'mutation' : 'read';
  }
}
