import { Lexer, Source, TokenKind } from 'graphql';
import { MAX_TOKENS } from './max-tokens.js';

const LOGIN = 'login';

/**
 * How many fields `login` a document contains, in all operations and fragments. Whatever the operation and its fragments, it
 * cannot log in more often. The document need not be valid: this reads tokens, and like the parser at most `MAX_TOKENS`.
 */
export function loginFieldsIn(text: string): number {
  if (!text.includes(LOGIN)) return 0;
  const lexer = new Lexer(new Source(text));
  let fields = 0;
  let depth = 0;
  try {
    for (let tokens = 0; tokens < MAX_TOKENS; tokens += 1) {
      const { kind, value } = lexer.advance();
      if (kind === TokenKind.EOF) break;
      else if (kind === TokenKind.BRACE_L) depth += 1;
      else if (kind === TokenKind.BRACE_R) depth -= 1;
      // Not the name of an operation, an alias or an argument. Without arguments, the field cannot log in.
      else if (value === LOGIN && depth > 0 && lexer.lookahead().kind === TokenKind.PAREN_L) fields += 1;
    }
  } catch {
    // The rest is not GraphQL.
  }
  return fields;
}
