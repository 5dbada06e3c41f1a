/** Whether the process was asked to stop. */
export interface StopSignal {
  /** Is aborted by the first signal. */
  readonly signal: AbortSignal;
  /** 0, or what to exit with: 129 after SIGHUP, 130 after SIGINT, 143 after SIGTERM. */
  exitCode: number;
  /** Leaves signals to Node again. */
  release(): void;
}

/**
 * Notes the first SIGINT, SIGTERM or SIGHUP, so that a run can end between two steps. A second
 * SIGINT or SIGTERM ends the process at once. A second SIGHUP does not: a terminal that is lost may
 * send several.
 *
 * @param noted - is called at the first one.
 */
export function stopSignal(noted: () => void): StopSignal {
  const controller = new AbortController();
  const stop: StopSignal = { signal: controller.signal, exitCode: 0, release };
  const interrupt = () => note(130);
  const terminate = () => note(143);
  const hangUp = () => (stop.exitCode === 0 ? note(129) : undefined);
  process.on('SIGINT', interrupt).on('SIGTERM', terminate).on('SIGHUP', hangUp);
  return stop;

  function note(exitCode: number) {
    stop.exitCode = exitCode;
    quitNext();
    noted();
    controller.abort();
  }
  function quitNext() {
    process.off('SIGINT', interrupt).off('SIGTERM', terminate);
  }
  function release() {
    quitNext();
    process.off('SIGHUP', hangUp);
  }
}
