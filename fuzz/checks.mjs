const JSON_TYPES = /^application\/(json|graphql-response\+json|jwk-set\+json)\b/;
const TYPED_MEMBERS = ['code', 'reason', 'recovery'];

/** Throws if the bytes that the server sent are not what it promises. Returns the statuses of the responses. */
export function checkResponse(sent, secrets) {
  const leaked = secrets.find(sent);
  if (leaked !== undefined) throw new Error(`A response contains a secret: ${leaked}`);
  const heads = sent.split(/(?=HTTP\/1\.1 \d{3} )/).filter((part) => part !== '');
  return heads.map((response) => checkOne(response));
}

function checkOne(response) {
  const [head, body = ''] = splitOnce(response, '\r\n\r\n');
  const status = Number(head.slice(9, 12));
  if (status < 200) return status;
  checkHead(status, head, body);
  if (body === '' || headerOf(head, 'transfer-encoding') !== undefined) return status;
  if (isJson(head)) checkErrors(JSON.parse(body));
  return status;
}

/** What every response must have. A server that is busy may respond 503 with the time of a retry. */
export function checkHead(status, head, body) {
  const isBusy = status === 503 && headerOf(head, 'retry-after') !== undefined;
  const response = `${head}\n\n${body}`;
  if (status >= 500 && !isBusy) throw new Error(`The server responded ${status}: ${response}`);
  if (/\n\s+at .+:\d+:\d+|node_modules/.test(body)) throw new Error(`A response contains a stack trace: ${response}`);
  if (headerOf(head, 'x-content-type-options') !== 'nosniff') throw new Error(`nosniff is missing: ${response}`);
  if (status === 405 && headerOf(head, 'allow') === undefined) throw new Error(`Allow is missing: ${response}`);
  if (status >= 400 && body !== '' && !isJson(head)) throw new Error(`An error is not JSON: ${response}`);
}

/** Every error has the typed members. */
export function checkErrors({ errors = [] }) {
  for (const error of errors)
    for (const member of TYPED_MEMBERS)
      if (error.extensions?.[member] === undefined) throw new Error(`${member} is missing: ${JSON.stringify(error)}`);
}

const headerOf = (head, name) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1];
const isJson = (head) => JSON_TYPES.test(headerOf(head, 'content-type') ?? '');

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
