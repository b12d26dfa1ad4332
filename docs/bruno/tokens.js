// What collection.bru does before and after each request. The tokens are runtime variables: Bruno writes them to no file.
// There is no idempotency key, because Bruno cannot store key and token in one step.

const LOGIN = 'mutation ($login: LoginInput!) { login(input: $login) { authToken refreshToken } }';
const REFRESH = 'mutation ($refresh: RefreshTokenInput!) { refreshToken(input: $refresh) { authToken refreshToken } }';

/** Logs in if there is no token. */
async function beforeRequest(bru, req) {
  if (!bru.getVar('authToken') && req.getName() !== 'Login') await logIn(bru);
}

/** Keeps the tokens of a response. Sends a rejected request again, with new tokens, if the server says that it helps. */
async function afterResponse(bru, req, res) {
  keepTokens(bru, res.getBody());
  if (req.getName() === 'Login') return;
  const recovery = recoveryOf(res.getBody());
  if (recovery === 'REFRESH') await refresh(bru);
  else if (recovery === 'LOG_IN') await logIn(bru);
  else return;
  const headers = { ...req.getHeaders(), Authorization: `Bearer ${bru.getVar('authToken')}` };
  res.setBody(await send(bru, { url: req.getUrl(), headers, data: req.getBody() }));
}

async function logIn(bru) {
  const login = { email: bru.getEnvVar('email'), password: bru.getEnvVar('password') };
  keepTokens(bru, successful(await execute(bru, LOGIN, { login })));
}

async function refresh(bru) {
  const body = await execute(bru, REFRESH, { refresh: { refreshToken: bru.getVar('refreshToken') } });
  if (recoveryOf(body) === 'LOG_IN') await logIn(bru);
  else keepTokens(bru, successful(body));
}

/** Bruno shows the message of the error. */
function successful(body) {
  if (body.errors) throw new Error(body.errors[0].message);
  return body;
}

function execute(bru, query, variables) {
  const headers = { 'content-type': 'application/json' };
  return send(bru, { url: bru.getEnvVar('url'), headers, data: { query, variables } });
}

/** The body of the response, whatever its status is. */
async function send(bru, request) {
  try {
    return (await bru.sendRequest({ method: 'POST', ...request })).data;
  } catch (error) {
    if (error.response) return error.response.data;
    throw error;
  }
}

function keepTokens(bru, body) {
  for (const field of Object.values(body?.data ?? {})) {
    if (field?.authToken) {
      bru.setVar('authToken', field.authToken);
      bru.setVar('refreshToken', field.refreshToken);
    }
    if (field?.loggedOut) {
      bru.deleteVar('authToken');
      bru.deleteVar('refreshToken');
    }
  }
}

function recoveryOf(body) {
  return body?.errors?.[0]?.extensions?.recovery;
}

module.exports = { beforeRequest, afterResponse };
