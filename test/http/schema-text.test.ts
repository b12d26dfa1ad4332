import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { PRODUCTION, startTandem } from '../support/harness.js';

describe('GET /schema.graphql', () => {
  it('returns the schema with its directives, where introspection is on', async () => {
    const tandem = await startTandem();
    try {
      const response = await fetch(`${tandem.url}/schema.graphql`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/graphql; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      const text = await response.text();
      expect(text).toBe(readFileSync('schema.graphql', 'utf8'));
      expect(buildSchema(text).getQueryType()?.getFields()['me']?.astNode?.directives).toHaveLength(1);
      const etag = response.headers.get('etag') ?? '';
      const again = await fetch(`${tandem.url}/schema.graphql`, { headers: { 'if-none-match': etag } });
      expect([again.status, await again.text()]).toEqual([304, '']);
      const { data } = await tandem.send('{ __schema { queryType { name } } }');
      expect(data.__schema.queryType.name).toBe('Query');
    } finally {
      await tandem.close();
    }
  });

  it('is not found in production, where introspection is off', async () => {
    const development = await startTandem();
    const tandem = await startTandem({ ...PRODUCTION, KEY_RING_FILE: development.keyRingPath });
    try {
      const response = await fetch(`${tandem.url}/schema.graphql`);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain('type Query');
      expect((await tandem.send('{ __schema { queryType { name } } }')).status).toBe(400);
    } finally {
      await Promise.all([tandem.close(), development.close()]);
    }
  });
});
