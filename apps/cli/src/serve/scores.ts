import { z } from 'zod';

const estimate = z.object({
  value: z.number(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
});

const report = z.object({
  scores: z.record(
    z.string(),
    estimate.extend({ label: z.string(), better: z.string(), real: estimate.nullable() }),
  ),
});

/** A score with its interval, and that of real clips in place of generated ones: its floor. */
export type ShownScore = z.infer<typeof report>['scores'][string];

/** The scores of a report of `tgan evaluate`; undefined if the text is none. */
export function scoresOf(text: string): readonly ShownScore[] | undefined {
  try {
    return Object.values(report.parse(JSON.parse(text)).scores);
  } catch {
    return undefined;
  }
}
