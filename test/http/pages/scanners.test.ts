import { startTandem, type Tandem } from '../../support/harness.js';
import { linksIn, SCANNED_MAILS, storedAbout } from '../../support/scanned-mails.js';

type Scan = (link: string) => Promise<Response[]>;

const from = (ipAddress: string) => ({ headers: { 'x-forwarded-for': ipAddress } });
const SCANNERS: Record<string, Scan> = {
  HEAD: async (link) => [await fetch(link, { method: 'HEAD' })],
  GET: async (link) => [await fetch(link)],
  'GET from two addresses': async (link) => [
    await fetch(link, from('192.0.2.1')),
    await fetch(link, from('198.51.100.1')),
  ],
};

describe('a program that opens the links of a mail before the person', () => {
  let tandem: Tandem;
  beforeAll(async () => (tandem = await startTandem({ TRUSTED_PROXIES: '127.0.0.1' })));
  afterAll(() => tandem.close());

  const cases = Object.keys(SCANNED_MAILS).flatMap((kind) =>
    Object.entries(SCANNERS).map(([name, scan]) => [name, kind, scan] as const),
  );
  it.each(cases)('by %s changes nothing and receives no token: %s', async (_name, kind, scan) => {
    const { mail, emails, finish } = (await SCANNED_MAILS[kind]?.(tandem)) ?? noMail();
    const links = linksIn(mail, tandem);
    expect(links).not.toEqual([]);
    const before = await storedAbout(tandem, emails);
    for (const response of (await Promise.all(links.map(scan))).flat()) {
      expect(response.status).toBe(200);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(await response.text()).not.toMatch(/eyJ|tandem_[a-z]{2}_/);
    }
    expect(await storedAbout(tandem, emails)).toBe(before);
    expect(await finish()).toBe(true);
  });
});

function noMail(): never {
  throw new Error('There is no such mail.');
}
