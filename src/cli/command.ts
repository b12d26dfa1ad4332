import process from 'node:process';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { runProgram } from '../program.js';
import { UsageError } from './usage-error.js';

type CommandOptions = NonNullable<ParseArgsConfig['options']>;

const HELP = { help: { type: 'boolean', short: 'h' } } as const;

type Values<Options extends CommandOptions> = ReturnType<typeof parseArgs<{ options: Options }>>['values'];

export interface Command<Options extends CommandOptions> {
  readonly usage: string;
  readonly options?: Options;
  /** Resolves to the text to print. @throws UsageError */
  readonly run: (words: readonly string[], values: Values<Options>) => Promise<string>;
}

/** Parses the arguments, runs the command and prints its result; `--help` prints the usage. */
export function runCommand<const Options extends CommandOptions>(command: Command<Options>): void {
  runProgram(async () => {
    const { words, values } = commandLine(command);
    const output = 'help' in values && values.help ? command.usage : await command.run(words, values);
    process.stdout.write(`${output}\n`);
  });
}

function commandLine<Options extends CommandOptions>({ usage, options }: Command<Options>) {
  // Node replaces bytes that are not UTF-8. A name or an address would be stored with replacement characters.
  if (process.argv.some((word) => word.includes('\ufffd'))) throw new UsageError('The arguments must be UTF-8.');
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { ...options, ...HELP } });
    return { words: positionals, values: values as Values<Options> };
  } catch {
    throw new UsageError(usage);
  }
}
