import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder above that contains prisma/migrations. It is the same one from src/, dist/ and dist/bundle/. */
export function packageRoot(folder: string = import.meta.dirname): string {
  if (existsSync(join(folder, 'prisma', 'migrations'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('The folder prisma/migrations is missing. Install it next to dist/.');
  return packageRoot(parent);
}
