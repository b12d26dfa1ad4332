import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startServerProcess, type ServerProcess } from '../support/program.js';
import { PASSWORD } from '../support/harness.js';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { SIGN_UP } from '../support/sign-up.js';
import { startSmtp, type TestSmtp } from '../support/smtp.js';
import { sql } from '../support/sql.js';
import { until } from '../support/until.js';

const ROUNDS = 6;
const SIGN_UPS = 10;

describe('a server that is killed while it sends mail', () => {
  let scratch: Scratch;
  let smtp: TestSmtp;
  let server: ServerProcess;
  beforeAll(async () => {
    scratch = makeScratch();
    smtp = await startSmtp();
    server = await restarted();
  });
  afterAll(async () => {
    await smtp.close();
    await server.kill();
    scratch.remove();
  });

  const restarted = () =>
    startServerProcess(scratch.path, {
      DATABASE_URL: scratch.url,
      KEY_RING_FILE: join(scratch.path, 'key-ring.json'),
      SMTP_URL: smtp.url,
      MAILS_PER_ADDRESS_AND_HOUR: '10000',
      MAILS_PER_HOUR: '10000',
      PASSWORD_CHECKS_PER_ADDRESS: '10000',
    });

  /** Whether the sign-up was acknowledged. */
  async function signUp(email: string): Promise<boolean> {
    const variables = { input: { email, password: PASSWORD, displayName: 'Lin' } };
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: SIGN_UP, variables }),
    }).catch(() => undefined);
    return response?.status === 200;
  }

  it('sends the mail of every acknowledged sign-up, and twice only what it was sending when it was killed', async () => {
    const acknowledged: string[] = [];
    let twice = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const addresses = Array.from({ length: SIGN_UPS }, (_, n) => `lin-${round}-${n}@example.com`);
      const answers = addresses.map(async (email) => {
        if (await signUp(email)) acknowledged.push(email);
      });
      const enough = acknowledged.length + SIGN_UPS / 2;
      await until(() => acknowledged.length >= enough);
      await setTimeout(Math.random() * 50);
      await server.kill();
      await Promise.all(answers);
      // What it was sending is due again after ten minutes: this is that time.
      const due = `"nextAttemptAt" IS NOT NULL`;
      twice += await count(`${due} AND "attempts" > 0`);
      await sql(scratch.url, `UPDATE "OutgoingMail" SET "nextAttemptAt" = "createdAt" WHERE ${due}`);
      server = await restarted();
      await until(async () => (await count(due)) === 0);
    }
    const received = smtp.received.map(({ to }) => to);
    expect(acknowledged.filter((email) => !received.includes(email))).toEqual([]);
    expect(received.length - new Set(received).size).toBeLessThanOrEqual(twice);
  }, 120_000);

  const count = async (condition: string) =>
    Number((await sql(scratch.url, `SELECT count(*) FROM "OutgoingMail" WHERE ${condition}`))[0]?.[0]);
});
