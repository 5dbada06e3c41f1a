import { describe, expect, it } from 'vitest';
import { LiveLines } from './live-lines.js';
import { duration, progressLines } from './progress.js';

const line = { step: 1500, value: 0.5, real: 1.25, fake: 0.75, seconds: 1 };
const shown = {
  steps: 100_000,
  clips: 32,
  line,
  seconds: 0.8,
  numTensors: 412,
  numBytes: 35_120_000,
  resident: 1_234_000_000,
};

describe('progressLines', () => {
  it('tell how far, how fast and with what', () => {
    const singularValues = { conv0: 1.0123, score: 0.98 };
    expect(progressLines({ ...shown, singularValues })).toEqual([
      `[${' '.repeat(50)}] 1 %`,
      'step 1,500 of 100,000, 1.25 steps/s, 40 videos/s, 21h 53m left',
      'V 0.5000 (real 1.250, fake 0.750)',
      'largest singular values: conv0 1.012, score 0.980',
      '412 tensors of 35.1 MB, 1.23 GB in memory',
    ]);
    expect(progressLines(shown)).toHaveLength(4);
    expect(progressLines({ ...shown, steps: 1500 })[0]).toBe(`[${'='.repeat(50)}] 100 %`);
  });
});

describe('LiveLines', () => {
  /** A terminal that remembers what is on it, if every line fits. */
  const terminal = (columns: number, rows: number) => {
    const screen: string[] = [];
    const write = (text: string) => {
      for (const part of text.split(/(\x1b\[\d+A\x1b\[0J|\n)/).filter((part) => part !== '\n')) {
        const up = /^\x1b\[(\d+)A/.exec(part);
        if (up) screen.splice(screen.length - Number(up[1]));
        else if (part !== '') screen.push(part);
      }
    };
    return { columns, rows, write, screen };
  };

  it('draw over themselves, whatever number of lines there were, and over nothing else', () => {
    const tty = terminal(20, 10);
    const lines = new LiveLines(tty);
    tty.write('before\n');
    lines.draw(['a', 'b', 'c']);
    lines.draw(['d']);
    lines.draw(['e', 'f']);
    expect(tty.screen).toEqual(['before', 'e', 'f']);
    lines.clear();
    lines.clear();
    tty.write('said\n');
    lines.draw(['g']);
    lines.leave();
    lines.draw(['h']);
    expect(tty.screen).toEqual(['before', 'said', 'g', 'h']);
  });

  it('cut what does not fit', () => {
    const tty = terminal(8, 3);
    new LiveLines(tty).draw(['1234567', '12345678', 'third']);
    expect(tty.screen).toEqual(['1234567', '123456…']);
  });
});

describe('duration', () => {
  it.each([
    [42, '42s'],
    [185, '3m 05s'],
    [7620, '2h 07m'],
    [273_600, '3d 04h'],
  ])('says %d seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});
