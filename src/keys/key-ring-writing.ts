import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import type { AuthTokenAlgorithm } from './key-ring.js';
import { generateEventKey, generateRefreshKey, generateSigningKey, type PrivateJwk } from './key-generation.js';
import { EVENT_USE, KeyRingError, kidOf, parseKeyRing } from './key-ring-jwks.js';
import { requireAllKinds } from './key-ring-kinds.js';
import { readKeyRingText, withKeyRingFile } from './key-ring-reading.js';

const OWNER_ONLY = 0o600;
/** How long a change waits for another one, and how often it checks. */
const PATIENCE_MS = 5000;
const POLL_MS = 20;

/** Who may use a file. */
interface Access {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Writes a new ring that only its owner can read. If two processes start at once, the first one's ring stays. */
export function createKeyRingFile(file: string, algorithm: AuthTokenAlgorithm = 'ES256', nowSeconds: number): void {
  const keys = [
    generateSigningKey(algorithm, nowSeconds),
    generateRefreshKey(nowSeconds),
    generateEventKey(nowSeconds),
  ];
  withKeyRingFile(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${randomBytes(6).toString('hex')}`;
    writeDraft(draft, file, accessOfNewFile(dirname(file)), () => keys);
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!existsSync(file)) throw new KeyRingError(`The key ring ${file} is a symbolic link to a missing file.`);
    } finally {
      rmSync(draft);
    }
  });
}

/**
 * Adds keys to a ring.
 * @throws KeyRingError, and changes nothing, if the ring would not be usable afterwards
 */
export function addToKeyRingFile(file: string, keys: readonly object[]): void {
  changeKeys(file, (present) => [...present, ...keys]);
}

/**
 * Removes a key from a ring. With `algorithm` a key of that algorithm must remain, because servers that sign with it
 * would reject the changed ring and keep the removed key.
 * @throws KeyRingError, and changes nothing, if the ring would not be usable afterwards
 */
export function removeFromKeyRingFile(file: string, kid: string, algorithm?: AuthTokenAlgorithm): void {
  changeKeys(file, (present) => present.filter((jwk) => kidOf(jwk) !== kid), algorithm);
}

function keysIn(file: string): PrivateJwk[] {
  const text = readKeyRingText(file);
  parseKeyRing(text, file);
  const set = JSON.parse(text) as { keys: PrivateJwk[]; event_keys?: PrivateJwk[] };
  return [...set.keys, ...(set.event_keys ?? [])];
}

function serialized(all: readonly object[]): string {
  const isEventKey = (jwk: object) => 'use' in jwk && jwk.use === EVENT_USE;
  const eventKeys = all.filter(isEventKey);
  const set = { keys: all.filter((jwk) => !isEventKey(jwk)), ...(eventKeys.length > 0 && { event_keys: eventKeys }) };
  return `${JSON.stringify(set, null, 2)}\n`;
}

/**
 * Replaces the file by a rename, so that no reader sees half a file. The owner, group and mode stay. The draft is the
 * lock: there can be one at a time, it is made before the ring is read, and the rename removes it.
 */
function changeKeys(
  file: string,
  change: (present: readonly PrivateJwk[]) => readonly object[],
  algorithm?: AuthTokenAlgorithm,
): void {
  withKeyRingFile(file, () => {
    // A rename onto a symbolic link would replace the link, and servers that read its target would see no change.
    const target = realpathSync(file);
    const draft = `${target}.lock`;
    writeDraft(draft, file, statSync(target), () => {
      const keys = change(keysIn(file));
      requireAllKinds(parseKeyRing(serialized(keys), file), file, algorithm);
      return keys;
    });
    renameSync(draft, target);
  });
}

/** Creates the draft and then writes the result of `makeKeys` into it. If that fails, there is no draft. */
function writeDraft(draft: string, file: string, access: Access | undefined, makeKeys: () => readonly object[]): void {
  const descriptor = createExclusively(draft, file);
  try {
    // By descriptor: the owner of the folder could put a link in the place of the draft.
    if (access) setAccess(descriptor, access, file);
    writeFileSync(descriptor, serialized(makeKeys()));
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Waits while another process has the draft, which takes milliseconds. */
function createExclusively(draft: string, file: string): number {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    try {
      return openSync(draft, 'wx', OWNER_ONLY);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (waitedMs >= PATIENCE_MS) {
        throw new KeyRingError(
          `Another command is changing the key ring ${file}, or has crashed while it did. If no other command runs, delete ${draft} and try again. The ring is unchanged.`,
        );
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    }
  }
}

function setAccess(descriptor: number, access: Access, file: string): void {
  const { uid, gid } = fstatSync(descriptor);
  if (uid !== access.uid || gid !== access.gid) {
    try {
      fchownSync(descriptor, access.uid, access.gid);
    } catch {
      const matters = uid !== access.uid || (access.mode & 0o070) !== 0;
      if (matters) {
        throw new KeyRingError(
          `The key ring ${file} belongs to user ${access.uid} and group ${access.gid}, and this process cannot create a file for them. Run the command as that user or as root. The ring is unchanged.`,
        );
      }
    }
  }
  fchmodSync(descriptor, access.mode & 0o777);
}

/** A file that root creates in the folder of a service gets the owner of the folder, so that the service can read it. */
function accessOfNewFile(folder: string): Access | undefined {
  const { uid, gid } = statSync(folder);
  return process.getuid?.() === 0 && uid !== 0 ? { uid, gid, mode: OWNER_ONLY } : undefined;
}
