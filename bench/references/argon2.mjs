// Measures raw argon2 calls: verifications of one hash without a server, as many at once as the argument says.
import { hash, verify } from '@node-rs/argon2';
import { ARGON2, PASSWORD } from '../settings.mjs';

const [atOnce, seconds] = process.argv.slice(2).map(Number);
const stored = await hash(PASSWORD, ARGON2);
const endsAt = performance.now() + seconds * 1000;
let count = 0;
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    while (performance.now() < endsAt) {
      await verify(stored, PASSWORD);
      if (performance.now() <= endsAt) count += 1;
    }
  }),
);
console.log(JSON.stringify({ perSecond: count / seconds }));
