// Stands in for @apollo/utils.createhash in the bundle. The package asks for Node's hashes in a way that no bundler sees
// through, and then takes its own in JavaScript, many times slower, for every request.
export { createHash } from 'node:crypto';
