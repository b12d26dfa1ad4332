import { startTandem, type Tandem } from '../support/harness.js';
import { cleanUp } from '../support/cleanup.js';
import { signedUp } from '../support/sign-up.js';

const DAY = 86_400;

let tandem: Tandem;
beforeEach(async () => {
  tandem = await startTandem();
});
afterEach(() => tandem.close());

async function rows() {
  const { signUp, oneTimeToken, outgoingMail } = tandem.database;
  return { signUps: await signUp.count(), tokens: await oneTimeToken.count(), mails: await outgoingMail.count() };
}

describe('the clean-up', () => {
  it('deletes sign-ups and one-time tokens when they have expired', async () => {
    for (let person = 0; person < 3; person += 1) await signedUp(tandem, `lin-${person}@example.com`);
    await cleanUp(tandem);
    expect(await rows()).toEqual({ signUps: 3, tokens: 3, mails: 3 });
    tandem.clock.advance(DAY);
    await cleanUp(tandem);
    expect(await rows()).toEqual({ signUps: 0, tokens: 0, mails: 3 });
  });

  it('deletes mails seven days after they were sent', async () => {
    await signedUp(tandem, 'lin@example.com');
    tandem.clock.advance(7 * DAY - 60);
    await cleanUp(tandem);
    expect((await rows()).mails).toBe(1);
    tandem.clock.advance(120);
    await cleanUp(tandem);
    expect((await rows()).mails).toBe(0);
  });

  it('keeps mails that were given up for thirty days, for operators', async () => {
    const now = new Date(tandem.clock.nowMs());
    const row = { id: 'lost', template: 'test', parameters: '{}', toAddress: 'lin@example.com', createdAt: now };
    await tandem.database.outgoingMail.create({ data: { ...row, givenUpAt: now, lastError: 'refused' } });
    tandem.clock.advance(30 * DAY - 60);
    await cleanUp(tandem);
    expect((await rows()).mails).toBe(1);
    tandem.clock.advance(120);
    await cleanUp(tandem);
    expect((await rows()).mails).toBe(0);
  });
});
