/** The supported databases. Their folders in prisma/migrations have these names. */
export type Provider = 'sqlite' | 'postgresql';

/** The provider of a database URL, by its scheme. Errors never contain the URL, which may contain a password. */
export function providerOf(url: string): Provider {
  if (url.startsWith('file:')) return 'sqlite';
  if (/^postgres(ql)?:\/\//.test(url)) return 'postgresql';
  throw new Error('The database URL must start with file: or postgresql://');
}
