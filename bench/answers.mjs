// Before anything is timed: do all servers give the same answers to the same questions?
import { deepStrictEqual } from 'node:assert/strict';
import { connect } from 'node:net';
import { replyReader } from './reply.mjs';

/** What differs from server to server, because it is random or of another moment. */
const OWN = new Set(['authToken', 'authTokenExpiresAt', 'refreshToken']);

/** @throws when a server answers a case otherwise than the first one does */
export async function compareAnswers(servers) {
  const [first, ...others] = await Promise.all(servers.map(answersOf));
  others.forEach((answers, index) => {
    for (const [name, answer] of Object.entries(answers)) {
      const message = `${servers[index + 1].name} answers ${name} otherwise than ${servers[0].name}`;
      deepStrictEqual(answer, first[name], message);
    }
  });
}

async function answersOf({ server, cases }) {
  const answers = {};
  for (const name of ['A', 'B', 'D', 'E']) answers[name] = await answer(server, cases[name], name);
  // Each refresh is accepted only if it brings another token, and the token of the first is good for the second.
  for (const name of ['C', 'C again']) answers[name] = await answer(server, cases.C, name);
  return answers;
}

async function answer(server, { next, accept }, name) {
  const { status, body } = await ask(server.port, next(0));
  if (!accept(status, body, 0)) throw new Error(`An unexpected reply to ${name}: ${status} ${body}`);
  const { data, errors } = JSON.parse(Buffer.from(body, 'latin1').toString());
  // Of a refusal the code counts; whether `data` is null or absent is each server's own way.
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

/** One request over a connection of its own. */
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
