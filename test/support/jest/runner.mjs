import asyncHooks from 'node:async_hooks';
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import circus from 'jest-circus/runner';
import { compile } from './typescript.mjs';

register('./typescript-loader.mjs', import.meta.url);

/**
 * Runs a test file with jest-circus, as Jest does. But Node.js imports the file and its modules, instead of Jest: all test
 * files of a process share the modules, which are loaded, compiled and optimized once. Modules cannot be mocked.
 */
export default function runTestFile(globalConfig, config, environment, runtime, path, sendMessageToJest) {
  runtime.getSourceMaps().get = sourceMapOf;
  const { jest } = runtime.requireModuleOrMock(path, '@jest/globals');
  environment.global.jest = { ...jest, ...WITHOUT_MOCKS };
  Object.assign(runtime, {
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: (file) => import(pathToFileURL(file).href),
    requireInternalModule: evaluateAgain,
  });
  return circus.default(globalConfig, config, environment, runtime, path, sendMessageToJest);
}

const MOCKS = ['mock', 'doMock', 'setMock', 'unstable_mockModule', 'enableAutomock', 'resetModules', 'isolateModules'];
const WITHOUT_MOCKS = Object.fromEntries(MOCKS.map((name) => [name, rejectMock]));

function rejectMock() {
  throw new Error('Tests cannot mock modules or load them again: see CONTRIBUTING.md.');
}

const sourceMaps = new Map();

/** The URL of the source map that Jest applies to the stack traces of a file. */
function sourceMapOf(url) {
  if (!sourceMaps.has(url) && /^file:.*\.ts$/.test(url)) {
    sourceMaps.set(url, `data:application/json;base64,${Buffer.from(compile(url).map).toString('base64')}`);
  }
  return sourceMaps.get(url);
}

const require = createRequire(import.meta.url);
let storage;

/**
 * Evaluates jest-circus, whose modules hold the state of one test file. The AsyncLocalStorage of each evaluation would slow
 * down every promise of the later test files.
 */
function evaluateAgain(path) {
  storage?.disable();
  const { AsyncLocalStorage } = asyncHooks;
  asyncHooks.AsyncLocalStorage = function recorded() {
    storage = new AsyncLocalStorage();
    return storage;
  };
  delete require.cache[path];
  try {
    return require(path);
  } finally {
    asyncHooks.AsyncLocalStorage = AsyncLocalStorage;
  }
}
