/** The databases that the server runs on; the names of their folders in prisma/migrations. */
export type Provider = 'sqlite' | 'postgresql';

/** What a database URL names, by its scheme. The URL is never part of an error: it may hold a password. */
export function providerOf(url: string): Provider {
  if (url.startsWith('file:')) return 'sqlite';
  if (/^postgres(ql)?:\/\//.test(url)) return 'postgresql';
  throw new Error('The database URL must start with file: or postgresql://');
}
