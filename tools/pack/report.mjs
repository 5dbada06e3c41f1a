/** Says what was checked and what failed, and sets the exit code. */
export class Report {
  #passed = 0;
  #failed = 0;

  /** @param problems - a line for each; none means that the check passed. */
  check(what, problems) {
    if (problems.length === 0) {
      this.#passed++;
      return;
    }
    this.#failed++;
    console.log(`FAILED ${what}\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }

  /** Runs something that is no check by itself, and says how long it took. */
  async timed(what, work) {
    const started = performance.now();
    const result = await work();
    console.log(`${what} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return result;
  }

  /** Runs a check, which returns its problems or throws. */
  async run(what, work) {
    await this.timed(what, async () => {
      let problems;
      try {
        problems = (await work()) ?? [];
      } catch (error) {
        problems = [error.stderr || error.stdout || error.stack];
      }
      this.check(what, problems);
    });
  }

  /** Runs checks, two at a time. */
  async together(checks) {
    const waiting = [...checks];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await this.run(...next);
    };
    await Promise.all([work(), work()]);
  }

  /** Prints the counts. */
  end() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    if (this.#failed > 0) process.exitCode = 1;
  }
}
