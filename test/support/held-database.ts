import { openDatabase, type Database, type DatabaseOptions } from '../../src/database/client.js';

/** A database whose statements can be held before they run. */
export function heldDatabase() {
  const statements: string[] = [];
  let gate: Promise<void> | undefined;
  let release: () => void = () => undefined;
  const open = (options: DatabaseOptions): Database => {
    const database = openDatabase(options);
    const run = async <Result>(text: string, query: () => Promise<Result>): Promise<Result> => {
      statements.push(text);
      await gate;
      return query();
    };
    const held = database.$extends({
      query: {
        $allOperations: ({ model, args, query }) =>
          run(
            model ?? String((args as { strings?: readonly string[] }).strings),
            () => query(args) as Promise<unknown>,
          ),
      },
    });
    return Object.assign(held as unknown as Database, { provider: database.provider });
  };
  return {
    open,
    statements,
    hold() {
      gate = new Promise((settle) => (release = settle));
    },
    release() {
      gate = undefined;
      release();
    },
  };
}
