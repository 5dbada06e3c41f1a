import { describe, expect, it } from 'vitest';
import { assertComparable, recordDifferences, type ScoreRecord } from './record.js';

const record: ScoreRecord = {
  data: 'moving-mnist',
  split: 'test',
  count: 2048,
  referenceCount: 2048,
  keep: 1024,
  frames: 16,
  frameSize: [64, 64],
  channels: 1,
  resize: 'none',
  extractor: 'reader',
  extractorSha256: 'ab12',
  neighbors: 5,
  splits: 1,
  epsilon: 0,
  seed: 0,
};

describe('records', () => {
  it('are alike whatever the extractor is called', () => {
    expect(recordDifferences(record, { ...record, extractor: 'a copy' })).toEqual([]);
    expect(() => assertComparable(record, JSON.parse(JSON.stringify(record)))).not.toThrow();
  });

  it('that differ in anything else are refused, saying what differs', () => {
    const changes: Partial<Record<keyof ScoreRecord, unknown>> = {
      data: 'golf',
      split: 'train',
      count: 10_000,
      referenceCount: 100,
      keep: 100,
      frames: 20,
      frameSize: [32, 64],
      channels: 3,
      resize: 'bilinear to 112x112',
      extractorSha256: 'cd34',
      neighbors: 3,
      splits: 10,
      epsilon: 1e-7,
      seed: 1,
    };
    expect(Object.keys(changes).sort()).toEqual(
      Object.keys(record)
        .filter((name) => name !== 'extractor')
        .sort(),
    );
    for (const [name, value] of Object.entries(changes)) {
      const other = { ...record, [name]: value };
      const was = String(record[name as keyof ScoreRecord]);
      expect(recordDifferences(record, other)).toEqual([`${name}: ${was} against ${value}`]);
      expect(recordDifferences(record, other, [name as keyof ScoreRecord])).toEqual([]);
    }
    expect(() => assertComparable(record, { ...record, count: 60, split: 'train' })).toThrow(
      /^these scores cannot be compared: split: test against train; count: 2048 against 60$/,
    );
  });
});
