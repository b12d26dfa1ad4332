import { statSync } from 'node:fs';

/** Differs whenever the file was replaced or written, or its owner or mode changed. Undefined: there is no file. */
export function fileVersion(file: string): string | undefined {
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat && `${stat.ino} ${stat.mtimeMs} ${stat.ctimeMs} ${stat.size}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code); // loading reports it, once
  }
}
