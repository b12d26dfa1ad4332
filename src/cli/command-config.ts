import process from 'node:process';
import { loadCommandConfig, type Config } from '../config.js';
import { readEnvironmentFile } from '../environment-file.js';
import { loadEnvironment } from '../program.js';
import { settingWarnings } from '../setting-warnings.js';

/** The settings of a command. Warns on standard error of settings without an effect, as a server does in its log. */
export function commandConfig(): Config {
  const config = loadCommandConfig(loadEnvironment());
  for (const warning of settingWarnings(process.env, readEnvironmentFile())) process.stderr.write(`${warning}\n`);
  return config;
}
