import { startTandem, type Tandem } from '../support/harness.js';
import { sendRaw } from '../support/raw-http.js';

const QUERY = '{"query":"{ __typename }"}';
const CHUNKED = `${QUERY.length.toString(16)}\r\n${QUERY}\r\n0\r\n\r\n`;
/** What a proxy could take for a part of the body before. */
const SECOND = 'GET /second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

describe('the end of a request', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({ LOG_LEVEL: 'info' })));
  afterAll(() => tandem.close());

  const post = (headers: readonly string[], body: string, version = '1.1') => {
    const head = [`POST /graphql HTTP/${version}`, 'Host: x', 'Content-Type: application/json', ...headers];
    return sendRaw(tandem.url, `${head.join('\r\n')}\r\n\r\n${body}`);
  };

  // A proxy that reads it differently would let a client send requests in the name of the next one (RFC 9112 §11.2).
  it.each<[string, string[], string]>([
    ['a length and chunks', [`Content-Length: ${QUERY.length}`, 'Transfer-Encoding: chunked'], CHUNKED],
    ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 4'], CHUNKED],
    ['two lengths', [`Content-Length: ${QUERY.length}`, 'Content-Length: 5'], QUERY],
    ['two equal lengths', [`Content-Length: ${QUERY.length}`, `Content-Length: ${QUERY.length}`], QUERY],
    ['a list of lengths', [`Content-Length: ${QUERY.length}, ${QUERY.length}`], QUERY],
    ['a negative length', ['Content-Length: -1'], QUERY],
    ['a length with a sign', [`Content-Length: +${QUERY.length}`], QUERY],
    ['a length in hexadecimal digits', [`Content-Length: 0x${QUERY.length.toString(16)}`], QUERY],
    ['an unknown encoding', ['Transfer-Encoding: xchunked'], CHUNKED],
    ['chunks that are not the last encoding', ['Transfer-Encoding: chunked, identity'], CHUNKED],
    ['two encodings', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], CHUNKED],
    ['a space after the name of the header', ['Transfer-Encoding : chunked'], CHUNKED],
    ['a header in two lines', ['X: y', ' Transfer-Encoding: chunked'], CHUNKED],
    ['a header in a line that ends with LF alone', ['X: y\nTransfer-Encoding: chunked'], CHUNKED],
    ['a chunk without a size', ['Transfer-Encoding: chunked'], `\r\n${QUERY}\r\n0\r\n\r\n`],
    ['a chunk with a negative size', ['Transfer-Encoding: chunked'], `-1\r\n${QUERY}\r\n0\r\n\r\n`],
    ['a chunk that is longer than its size', ['Transfer-Encoding: chunked'], `5\r\n${QUERY}\r\n0\r\n\r\n`],
  ])('is not guessed if there is %s: nothing after it is served', async (_what, headers, body) => {
    const { status, headers: received, body: text } = await post(headers, `${body}${SECOND}`);
    expect([status, received.get('connection')]).toEqual([400, 'close']);
    expect(JSON.parse(text).errors[0].extensions.code).toBe('BAD_REQUEST');
    expect(tandem.log()).not.toContain('/second');
  });

  it.each<[string, string[], string, string]>([
    ['the size of each chunk', ['Transfer-Encoding: chunked', 'Connection: close'], CHUNKED, '1.1'],
    [
      'chunks of one byte',
      ['Transfer-Encoding: Chunked', 'Connection: close'],
      `${[...QUERY].map((byte) => `1\r\n${byte}\r\n`).join('')}0\r\n\r\n`,
      '1.1',
    ],
    ['the length in HTTP/1.0', [`Content-Length: ${QUERY.length}`], QUERY, '1.0'],
  ])('is read from %s', async (_what, headers, body, version) => {
    const reply = await post(headers, body, version);
    expect([reply.status, reply.body]).toMatchObject([200, expect.stringContaining('"Query"')]);
  });

  it('of a body in chunks is limited like that of a body with a length', async () => {
    const chunk = `c350\r\n${' '.repeat(50_000)}\r\n`;
    expect((await post(['Transfer-Encoding: chunked'], `${chunk.repeat(20)}0\r\n\r\n`)).status).toBe(413);
  });
});
