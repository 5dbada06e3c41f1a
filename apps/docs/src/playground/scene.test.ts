import { expect, it } from 'vitest';
import { firstScene, formatScene, parseScene, type Scene } from './scene.js';

const scene: Scene = {
  model: 'other',
  seed: 42,
  label: 0,
  truncation: 0.5,
  moves: [0, -1.2, 2],
  picked: 15,
  from: 0,
  factor: 4,
  speed: 0.25,
};

it('restores a scene from its link', () => {
  expect(parseScene(formatScene(scene))).toEqual(scene);
  expect(formatScene(scene)).toContain('moves=0,-1.2,2');
});

it('writes nothing of what is as at first', () => {
  expect(formatScene(firstScene)).toBe('');
  expect(formatScene({ ...firstScene, moves: [0, 0], label: undefined })).toBe('');
  expect(formatScene({ ...firstScene, picked: 3 })).toBe('picked=3');
  expect(parseScene('')).toEqual(firstScene);
});

it.each([
  'seed=1.5',
  'seed=many',
  'label=-1',
  'truncation=1.1',
  'moves=1,far',
  'picked=16',
  'from=-1',
  'factor=3',
  'speed=100',
  'model=',
  'what=ever',
])('leaves out what cannot be: %s', (hash) => {
  expect(parseScene(hash)).toEqual(firstScene);
});

it('keeps the rest of a link that is partly wrong', () => {
  expect(parseScene('seed=7&picked=99')).toEqual({ ...firstScene, seed: 7 });
});
