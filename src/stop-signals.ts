/** Under npm, Ctrl-C arrives twice within milliseconds: from the terminal and from npm. */
const SAME_KEY_MS = 1000;

/** The first SIGTERM or SIGINT calls `stop`. A second one calls `force`. */
export function onStopSignals(source: NodeJS.Process, stop: () => void, force: () => void): void {
  let firstAtMs: number | undefined;
  const receive = () => {
    if (firstAtMs === undefined) {
      firstAtMs = performance.now();
      stop();
    } else if (performance.now() - firstAtMs > SAME_KEY_MS) {
      force();
    }
  };
  source.on('SIGTERM', receive).on('SIGINT', receive);
}
