import process from 'node:process';
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

const { getBuiltinModule, exit } = process;
const { console } = globalThis;

/** What jest-circus stores in the global scope. */
const CIRCUS_STATE =
  /^(JEST_STATE_SYMBOL|EVENT_HANDLERS|TEST_TIMEOUT_SYMBOL|RETRY_.*|WAIT_BEFORE_RETRY|LOG_ERRORS_BEFORE_RETRY)$/;

/** The global scope of Node.js. All test files of a process share it. */
export default class NativeEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  #variables = { ...process.env };

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup() {
    // Jest has replaced it by a function that loads modules like Jest.
    process.getBuiltinModule = getBuiltinModule;
  }

  /** Undoes what Jest and the test file have changed. */
  async teardown() {
    this.fakeTimersModern.dispose();
    for (const name of Object.keys(process.env)) if (!(name in this.#variables)) delete process.env[name];
    Object.assign(process.env, this.#variables);
    Object.assign(process, { exit });
    Object.assign(globalThis, { console });
    for (const key of Object.getOwnPropertySymbols(globalThis)) {
      if (CIRCUS_STATE.test(key.description)) delete globalThis[key];
    }
  }

  exportConditions() {
    return [];
  }

  getVmContext() {
    return null;
  }
}
