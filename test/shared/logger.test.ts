import { Writable } from 'node:stream';
import { createLogger } from '../../src/shared/logger.js';

function logged(error: unknown): string {
  const lines: string[] = [];
  const destination = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) });
  createLogger('info', destination).error({ err: error }, 'failed');
  return lines.join('');
}

describe('the log', () => {
  it.each([
    ['an auth token', 'bad eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2VjcmV0', 'c2VjcmV0'],
    ['a refresh token', 'bad tandem_rt_AaIE99khc0aH3G87QbA3', 'AaIE99khc0aH3G87QbA3'],
    ['a password hash', 'bad $argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', 'aGFzaA'],
    ['the credentials of an address', 'cannot reach postgres://tandem:hunter2@db/tandem', 'hunter2'],
  ])('removes %s from errors and their causes', (_what, message, secret) => {
    const line = logged(new Error('outer', { cause: new Error(message) }));
    expect(line).toContain('outer');
    expect(line).not.toContain(secret);
  });

  it('does not contain the arguments of an invalid Prisma query', () => {
    const error = Object.assign(new Error('data: { passwordHash: "hunter2" }'), {
      name: 'PrismaClientValidationError',
    });
    expect(logged(error)).not.toContain('hunter2');
  });

  it('is one line of JSON for any content', () => {
    const line = logged(new Error('a\r\n{"level":"fatal"}\u001b[31m'));
    expect(line.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({ level: 'error' });
  });
});
