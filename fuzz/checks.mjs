const JSON_TYPES = /^application\/(json|graphql-response\+json|jwk-set\+json)\b/;
const TYPED_MEMBERS = ['code', 'reason', 'recovery'];

/** Throws if the bytes that the server sent are not what it promises. Returns the statuses of the responses. */
export function checkResponse(sent, secrets) {
  const leaked = secrets.find((secret) => sent.includes(secret));
  if (leaked !== undefined) throw new Error(`A response contains a secret: ${leaked}`);
  if (/\n\s+at .+:\d+:\d+|node_modules/.test(sent)) throw new Error(`A response contains a stack trace: ${sent}`);
  const heads = sent.split(/(?=HTTP\/1\.1 \d{3} )/).filter((part) => part !== '');
  return heads.map((response) => checkOne(response));
}

function checkOne(response) {
  const [head, body = ''] = splitOnce(response, '\r\n\r\n');
  const status = Number(head.slice(9, 12));
  if (status >= 500) throw new Error(`The server responded ${status}: ${response}`);
  if (status < 200) return status;
  const header = (name) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1];
  if (header('x-content-type-options') !== 'nosniff') throw new Error(`nosniff is missing: ${response}`);
  if (status === 405 && header('allow') === undefined) throw new Error(`Allow is missing: ${response}`);
  if (body === '' || header('transfer-encoding') !== undefined) return status;
  if (JSON_TYPES.test(header('content-type') ?? '')) checkErrors(JSON.parse(body));
  else if (status >= 400) throw new Error(`An error is not JSON: ${response}`);
  return status;
}

function checkErrors({ errors = [] }) {
  for (const error of errors)
    for (const member of TYPED_MEMBERS)
      if (error.extensions?.[member] === undefined) throw new Error(`${member} is missing: ${JSON.stringify(error)}`);
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
