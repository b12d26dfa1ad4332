import type { Logger } from '../shared/logger.js';

const LOG_EVERY_MS = 60_000;

/** Logs that a network gets no more memory, at most once a minute, with the number of rejections since the last line. */
export function rejectionLog(
  logger: Logger,
  fields: { readonly event: string; readonly setting: string },
  message: string,
): (network: string) => void {
  let nextLogAt = 0;
  let rejected = 0;
  return (network) => {
    rejected += 1;
    if (performance.now() < nextLogAt) return;
    nextLogAt = performance.now() + LOG_EVERY_MS;
    logger.warn({ ...fields, network, rejected }, message);
    rejected = 0;
  };
}
