import { startTandem } from '../../support/harness.js';

it('refreshes 100 sessions concurrently over two connections', async () => {
  // On a busy machine the last refresh may wait for seconds.
  const waits = { DATABASE_CONNECT_TIMEOUT_MS: '30000' };
  const tandem = await startTandem({ DATABASE_POOL_SIZE: '2', SESSION_LIMIT: '100', ...waits });
  const person = await tandem.person();
  const sessions = [];
  for (let count = 0; count < 100; count++) sessions.push(await tandem.login(person));
  const replies = await Promise.all(sessions.map(({ refreshToken }) => tandem.refresh(refreshToken)));
  expect(replies.map(({ status }) => status)).toEqual(sessions.map(() => 200));
  await tandem.close();
});
