// Bodies that are as expensive as possible to read. ROUND makes each request another one.

const NESTING = 5; // bytes of `{"":` and `}`

/** Bodies of at most so many bytes, by what they contain. */
export function hostileBodies(bytes) {
  const room = bytes - 200;
  const repeat = (unit, length = room) => unit.repeat(Math.floor(length / Buffer.byteLength(unit)));
  const list = (item) => {
    const items = [];
    for (let length = 0, index = 0; length < room - 40; index += 1) {
      const next = item(index);
      items.push(next);
      length += next.length + 1;
    }
    return items.join();
  };
  const variables = (json, query = '{ __typename } #ROUND') => `{"query":${JSON.stringify(query)},"variables":${json}}`;
  const document = (query) => `{"query":${JSON.stringify(query)}}`;
  const half = Math.floor(room / 2);
  const objects = Math.floor(room / NESTING);
  const poisoned = (json) => variables(json).replace('{', '{"__proto__":{},');
  return {
    'one long string': variables(`{"x":"${repeat('x')}"}`),
    'a string of Chinese characters': variables(`{"x":"${repeat('中')}"}`),
    'a string of escapes': variables(`{"x":"${repeat('\\u4e2d')}"}`),
    'a string of surrogate pairs': variables(`{"x":"${repeat('\\ud83d\\ude00')}"}`),
    'backslashes before a surrogate pair': variables(`{"x":"${repeat('\\\\')}\\ud83d\\ude00"}`),
    'half a surrogate pair at the end': variables(`{"x":"${repeat('\\u4e2d')}\\ud83d"}`),
    'a long number': variables(`{"x":${repeat('9')}}`),
    'lists in lists': variables(`{"x":${'['.repeat(half)}${']'.repeat(half)}}`),
    'objects in objects': variables(`${'{"":'.repeat(objects)}1${'}'.repeat(objects)}`),
    'empty lists': variables(`{"x":[${list(() => '[]')}]}`),
    'empty objects': variables(`{"x":[${list(() => '{}')}]}`),
    numbers: variables(`{"x":[${list(() => '1.5')}]}`),
    'short strings': variables(`{"x":[${list((index) => `"${index.toString(36)}"`)}]}`),
    'different keys': variables(`{${list((index) => `"${index.toString(36)}":1`)}}`),
    'objects with different keys': variables(`{"x":[${list((index) => `{"${index.toString(36)}":1}`)}]}`),
    'the same key': variables(`{${list(() => '"x":1')}}`),
    'keys that are numbers': variables(`{${list((index) => `"${index * 7919}":1`)}}`),
    'different keys beside __proto__': poisoned(`{${list((index) => `"${index.toString(36)}":1`)}}`),
    'lists in lists beside __proto__': poisoned(`{"x":${'['.repeat(half)}${']'.repeat(half)}}`),
    'as many values as allowed, nested': variables(`{"x":${'['.repeat(9_000)}${']'.repeat(9_000)}}`),
    'as many values as allowed, with different keys': poisoned(
      `{"x":[${Array.from({ length: 3_000 }, (_, index) => `{"${index}${'k'.repeat(180)}":1}`).join()}]}`,
    ),
    'a document of comments': document(`${repeat('#\n', half)}{ __typename } #ROUND`),
    'a document of 100,000 characters of comments': document(`${repeat('#\n', 99_000)}{ __typename } #ROUND`),
    'a document with a long string': document(`{ post(id: "${repeat('x', 98_000)}") { id } } #ROUND`),
    'a document with a long name': document(`{ ${repeat('x', 98_000)} } #ROUND`),
    'a document with a long number': document(`{ posts(first: ${repeat('9', 98_000)}) { totalCount } } #ROUND`),
    'a document of white space': document(`${repeat(' ', 98_000)}{ __typename } #ROUND`),
    'a document of unknown aliases': document(`{ ${repeat('a:b ')} } #ROUND`),
    'a long name of an operation': `{"query":"{ __typename } #ROUND","operationName":"${repeat('x')}"}`,
    'many queries': `{${list(() => '"query":"{a}"')}}`,
    'a batch': `[${list(() => '{"query":"{__typename}"}')}]`,
    'broken JSON': `{"query":"{ __typename }","variables":{"x":"${repeat('x')}`,
    'white space': `${repeat(' ')}{"query":"{ __typename } #ROUND"}`,
  };
}
