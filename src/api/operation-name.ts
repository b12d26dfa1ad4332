import { Kind, type OperationDefinitionNode } from 'graphql';

/** The client chooses the name. */
const MAX_LENGTH = 100;

/** How the access log names an operation: by its name, or by its first field if it has no name. */
export function operationNameOf({ name, selectionSet }: OperationDefinitionNode): string | undefined {
  const [first] = selectionSet.selections;
  const full = name?.value ?? (first?.kind === Kind.FIELD ? first.name.value : undefined);
  return full?.slice(0, MAX_LENGTH);
}
