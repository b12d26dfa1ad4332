// Replaces @apollo/utils.createhash in the bundle. The package loads Node's hashes in a way that bundlers do not
// recognize. Without this file it would fall back to its JavaScript hash, which is many times slower, for every request.
export { createHash } from 'node:crypto';
