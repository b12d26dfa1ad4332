import { readFileSync } from 'node:fs';
import { verifyEventChain } from '../../src/events/event-chain.js';
import { eventMac } from '../../src/events/event-mac.js';
import { generateEventKey, generateRefreshKey } from '../../src/keys/key-generation.js';
import { parseKeyRing } from '../../src/keys/key-ring-jwks.js';
import { addToKeyRingFile } from '../../src/keys/key-ring-writing.js';
import { KEY_RING_INTERVAL_MS } from '../../src/keys/key-ring-source.js';
import { startTandem, type Person, type Tandem } from '../support/harness.js';

describe('the keys of security events', () => {
  let tandem: Tandem;
  let person: Person;
  beforeEach(async () => {
    tandem = await startTandem();
    person = await tandem.person();
  });
  afterEach(() => tandem.close());

  const ring = () => parseKeyRing(readFileSync(tandem.keyRingPath, 'utf8'), tandem.keyRingPath);
  const nowSeconds = () => Math.floor(tandem.clock.nowMs() / 1000);
  const stored = () =>
    tandem.database.securityEvent.findMany({ where: { accountId: person.id }, orderBy: { sequence: 'asc' } });
  const fault = async () => {
    const account = await tandem.database.account.findUniqueOrThrow({ where: { id: person.id } });
    return verifyEventChain(await stored(), account, ring().eventKeys);
  };
  const rotate = async () => {
    tandem.clock.advance(2); // keys are ordered by whole seconds
    addToKeyRingFile(tandem.keyRingPath, [generateEventKey(nowSeconds())]);
    await new Promise((resolve) => setTimeout(resolve, 3 * KEY_RING_INTERVAL_MS));
  };

  it('are in a member of the JWK Set that earlier versions ignore', () => {
    const { keys, event_keys } = JSON.parse(readFileSync(tandem.keyRingPath, 'utf8'));
    expect(keys.map(({ use }: { use: string }) => use).toSorted()).toEqual(['refresh', 'sig']);
    expect(event_keys).toMatchObject([{ use: 'events', kty: 'oct' }]);
  });

  it('are not published', async () => {
    const [key] = ring().eventKeys.keys();
    expect(await (await fetch(`${tandem.url}/.well-known/jwks.json`)).text()).not.toContain(key);
  });

  it('rotate: the new key protects new events, and the previous key still verifies older ones', async () => {
    await tandem.login(person);
    await rotate();
    await tandem.login(person);
    const [first, second] = await stored();
    expect(new Set([first?.macKeyId, second?.macKeyId]).size).toBe(2);
    expect(await fault()).toBeUndefined();
  });

  it('verify no event that is later than the activation of their successor', async () => {
    await tandem.login(person);
    const [retired] = ring().eventKeys.values();
    await rotate();
    tandem.clock.advance(3600);
    await tandem.login(person);
    const [, event] = await stored();
    if (!retired || !event) throw new Error('There is no key or no event.');
    const forged = { mac: eventMac(retired.secret, { event: event.hash }), macKeyId: retired.kid };
    await tandem.database.securityEvent.update({ where: { id: event.id }, data: forged });
    expect(await fault()).toMatch(/event 2 .*retired/);
  });

  it('may be missing in a ring of production: events get no MAC, and the server warns', async () => {
    const { keys } = JSON.parse(readFileSync(tandem.keyRingPath, 'utf8'));
    const other = await tandem.startInstance({ KEY_RING: JSON.stringify({ keys }) });
    expect(other.log()).toContain('key_ring.no_event_key');
    await other.login(person);
    expect(await stored()).toMatchObject([{ mac: null, macKeyId: null }]);
    expect(await fault()).toMatch(/event 1 has no MAC/);
  });

  it('are kept when a key of another kind is added to the ring', () => {
    const before = [...ring().eventKeys.keys()];
    addToKeyRingFile(tandem.keyRingPath, [generateRefreshKey(nowSeconds() + 600)]);
    expect([...ring().eventKeys.keys()]).toEqual(before);
  });
});
