/** Ctrl-C comes twice under npm, from the terminal and handed on, within milliseconds. */
const SAME_KEY_MS = 1000;

/** The first SIGTERM or SIGINT asks to stop; one more, for whoever does not want to wait, forces it. */
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
