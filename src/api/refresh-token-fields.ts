import { getNamedType, isInputObjectType, isObjectType, type GraphQLField, type GraphQLNamedType } from 'graphql';

const TOKEN_PAIR = 'TokenPair';
const REFRESH_TOKEN = 'refreshToken';

/** Whether a mutation takes a refresh token as input, or can return a token pair: by its types, so that none is forgotten. */
export function handlesRefreshTokens({ type, args }: GraphQLField<unknown, unknown>): boolean {
  const isInput = args.some((arg) => {
    const input = getNamedType(arg.type);
    return isInputObjectType(input) && REFRESH_TOKEN in input.getFields();
  });
  return isInput || containsTokenPair(getNamedType(type), new Set());
}

function containsTokenPair(type: GraphQLNamedType, visited: Set<GraphQLNamedType>): boolean {
  if (type.name === TOKEN_PAIR) return true;
  if (!isObjectType(type) || visited.has(type)) return false;
  visited.add(type);
  return Object.values(type.getFields()).some((field) => containsTokenPair(getNamedType(field.type), visited));
}
