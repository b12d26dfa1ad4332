import { removeRunDirectory } from './run-directory.mjs';

export default removeRunDirectory;
