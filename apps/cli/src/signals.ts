/** A request to stop the process. */
export interface StopSignal {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** 0, or the exit code: 129 after SIGHUP, 130 after SIGINT, 143 after SIGTERM. */
  exitCode: number;
  /** Stops listening to signals. */
  release(): void;
}

/**
 * Listens for the first SIGINT, SIGTERM or SIGHUP, so that a run can stop between two steps. A
 * second SIGINT or SIGTERM ends the process at once. A second SIGHUP does not, because a lost
 * terminal may send several.
 *
 * @param noted - called at the first signal.
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
