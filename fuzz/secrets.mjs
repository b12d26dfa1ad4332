const WORD = /[\w-]{30,}/g;

/** Finds secrets in a text: tokens and keys in one pass over its long words, and passwords. */
export function createSecrets(passwords) {
  const words = new Set();
  const wordsOf = (token) => (token.includes('.') ? token.split('.').slice(-1) : token.match(WORD)) ?? [];
  return {
    /** Tokens and keys. Of a JWT only the signature is secret. */
    add: (...tokens) => tokens.flatMap(wordsOf).forEach((word) => words.add(word)),
    /** A secret in the text, apart from those that the text may contain. */
    find(text, allowed = []) {
      const expected = new Set(allowed.flatMap(wordsOf));
      for (const [word] of text.matchAll(WORD)) if (words.has(word) && !expected.has(word)) return word;
      return passwords.find((password) => text.includes(password));
    },
  };
}
