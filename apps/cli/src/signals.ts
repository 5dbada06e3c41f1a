/** Whether the process was asked to stop. */
export interface StopSignal {
  /** Is aborted by the first signal. */
  readonly signal: AbortSignal;
  /** 0, or what to exit with: 130 after SIGINT, 143 after SIGTERM. */
  exitCode: number;
  /** Leaves signals to Node again. */
  release(): void;
}

/**
 * Notes the first SIGINT or SIGTERM, so that a run can end between two steps. A second one ends the
 * process at once.
 *
 * @param noted - is called at the first one.
 */
export function stopSignal(noted: () => void): StopSignal {
  const controller = new AbortController();
  const stop: StopSignal = { signal: controller.signal, exitCode: 0, release };
  const interrupt = () => note(130);
  const terminate = () => note(143);
  process.on('SIGINT', interrupt).on('SIGTERM', terminate);
  return stop;

  function note(exitCode: number) {
    stop.exitCode = exitCode;
    release();
    noted();
    controller.abort();
  }
  function release() {
    process.off('SIGINT', interrupt).off('SIGTERM', terminate);
  }
}
