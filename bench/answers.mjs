// Checks, before anything is measured, that all servers return the same responses to the same requests.
import { deepStrictEqual } from 'node:assert/strict';
import { connect } from 'node:net';
import { replyReader } from './reply.mjs';

/** Fields that differ from server to server, because they are random or depend on the time. */
const OWN = new Set(['authToken', 'authTokenExpiresAt', 'refreshToken']);

/** @throws if the response of a server differs from that of the first server */
export async function compareAnswers(servers) {
  const [first, ...others] = await Promise.all(servers.map(answersOf));
  others.forEach((answers, index) => {
    for (const [name, answer] of Object.entries(answers)) {
      const message = `${servers[index + 1].name} and ${servers[0].name} respond differently to ${name}`;
      deepStrictEqual(answer, first[name], message);
    }
  });
}

async function answersOf({ server, cases }) {
  const answers = {};
  for (const name of ['A', 'B', 'D', 'E']) answers[name] = await answer(server, cases[name], name);
  // Each refresh must return a new token, and the second refresh presents the token that the first one returned.
  for (const name of ['C', 'C again']) answers[name] = await answer(server, cases.C, name);
  return answers;
}

async function answer(server, { next, accept }, name) {
  const { status, body } = await ask(server.port, next(0));
  if (!accept(status, body, 0)) throw new Error(`Unexpected response to ${name}: ${status} ${body}`);
  const { data, errors } = JSON.parse(Buffer.from(body, 'latin1').toString());
  // Of an error response only the code is compared: servers differ in whether `data` is null or absent.
  if (errors) return { status, codes: errors.map(({ extensions }) => extensions.code) };
  return { status, data: withoutOwn(data) };
}

function withoutOwn(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutOwn);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, OWN.has(name) ? typeof inner : withoutOwn(inner)]),
  );
}

/** Sends one request over a separate connection. */
export function ask(port, bytes) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const read = replyReader((status, body) => {
      socket.destroy();
      resolve({ status, body });
    });
    socket.on('data', read).on('error', reject).write(bytes);
  });
}
