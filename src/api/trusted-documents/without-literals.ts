import { Kind, parse, print, visit, type DocumentNode } from 'graphql';
import { operationNameOf } from '../operation-name.js';

const MAX_TOKENS = 1000;
const MAX_CHARACTERS = 4000;

export interface LoggedDocument {
  readonly operation: string | undefined;
  /** Undefined if the document is not GraphQL. */
  readonly text: string | undefined;
}

/** A document for the log: inline values may be passwords. An enum may be a password without quotes. */
export function withoutLiterals(source: string): LoggedDocument {
  const document = parsed(source);
  const operation = document?.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const redacted =
    document &&
    visit(document, {
      StringValue: (node) => ({ ...node, value: '', block: false }),
      IntValue: (node) => ({ ...node, value: '0' }),
      FloatValue: (node) => ({ ...node, value: '0' }),
      EnumValue: (node) => ({ ...node, value: 'ENUM' }),
    });
  return {
    operation: operation && operationNameOf(operation),
    text: redacted && print(redacted).slice(0, MAX_CHARACTERS),
  };
}

function parsed(source: string): DocumentNode | undefined {
  try {
    return parse(source, { maxTokens: MAX_TOKENS, noLocation: true });
  } catch {
    return undefined;
  }
}
