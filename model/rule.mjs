import { readFileSync } from 'node:fs';

const KEYS_URL = new URL('../dist/sessions/exchange-keys.js', import.meta.url);
const DECISION_URL = new URL('../dist/grants/exchange-decision.js', import.meta.url);
/** How the compiled decision imports the other file. */
const KEYS_IMPORT = "'../sessions/exchange-keys.js'";
const SALT = Buffer.alloc(16);

/** The functions of the server that decide an exchange and record it. */
export async function serverRule() {
  return ruleOf(await import(DECISION_URL.href), await import(KEYS_URL.href));
}

/**
 * The same functions after edits of their compiled text. An edit is a pair: a text, which must be there exactly once, and
 * its replacement.
 */
export async function editedRule(edits) {
  let keys = readFileSync(KEYS_URL, 'utf8');
  let decision = readFileSync(DECISION_URL, 'utf8');
  for (const [text, replacement] of edits) {
    const count = occurrences(keys, text) + occurrences(decision, text);
    if (count !== 1) throw new Error(`The compiled rule has this text ${count} times instead of once: ${text}`);
    keys = keys.replace(text, () => replacement);
    decision = decision.replace(text, () => replacement);
  }
  if (occurrences(decision, KEYS_IMPORT) !== 1) throw new Error(`The decision does not import ${KEYS_IMPORT} once.`);
  const keysUrl = moduleUrl(keys);
  return ruleOf(await import(moduleUrl(decision.replace(KEYS_IMPORT, `'${keysUrl}'`))), await import(keysUrl));
}

function ruleOf({ decideExchange }, { exchangeKeyHash, withExchange }) {
  const hashes = new Map();
  return {
    decideExchange,
    withExchange,
    /** The hash of a key, or of a request without one. */
    hashOf(key) {
      if (!hashes.has(key)) hashes.set(key, exchangeKeyHash(key || undefined, SALT));
      return hashes.get(key);
    },
  };
}

function occurrences(source, text) {
  return source.split(text).length - 1;
}

/** Every outcome that the compiled decision returns, with the text that stands there. */
export function outcomesOfDecision() {
  const source = readFileSync(DECISION_URL, 'utf8');
  const texts = [...source.matchAll(/outcome: '(\w+)', cause: '([^']*)'/g)];
  if (texts.length !== occurrences(source, 'outcome:'))
    throw new Error('The model cannot read some outcomes of the rule.');
  return texts.map(([text, outcome, cause]) => ({ text, outcome, cause }));
}

/** encodeURIComponent leaves quotes as they are, and the URL stands between quotes. */
function moduleUrl(source) {
  return `data:text/javascript,${encodeURIComponent(source).replaceAll("'", '%27')}`;
}
