import { join } from 'node:path';

const { CORE_LIMIT, sizeOf } = (await import(join(import.meta.dirname, '../../bin/client-size.mjs'))) as {
  CORE_LIMIT: number;
  sizeOf(names: string): Promise<number>;
};

describe('the size of @tandem/client', () => {
  it('is at most 3 kB for createTandemClient, minified and gzipped', async () => {
    expect(CORE_LIMIT).toBe(3000);
    expect(await sizeOf('createTandemClient')).toBeLessThanOrEqual(CORE_LIMIT);
  });

  it('grows only by what an application imports', async () => {
    const [core, withStore] = [
      await sizeOf('createTandemClient'),
      await sizeOf('createTandemClient, indexedDbTokenStore'),
    ];
    expect(withStore).toBeGreaterThan(core + 300);
    expect(withStore).toBeLessThan(4000);
  });
});
