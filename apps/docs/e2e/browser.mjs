import { chromium } from 'playwright-core';

/** Chromium without a window; CHROMIUM names the program if it is not /usr/bin/chromium. */
export const openBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** Counts checks, and prints each. `finish` prints how many passed, and sets the exit code. */
export function checks() {
  const counts = { passed: 0, failed: 0 };
  return {
    check(what, problems) {
      const failed = problems.length > 0;
      counts[failed ? 'failed' : 'passed']++;
      console.log(`${failed ? 'FAIL' : 'ok  '} ${what}`);
      for (const problem of problems) console.log(`       ${problem}`);
    },
    finish() {
      console.log(`${counts.passed} passed, ${counts.failed} failed`);
      if (counts.failed > 0) process.exitCode = 1;
    },
  };
}
