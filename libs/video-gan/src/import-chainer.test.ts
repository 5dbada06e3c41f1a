import { ChainerImportError, importChainer, type ChainerFiles } from '@tgan/chainer';
import { formatNpz, sizeOf, type NpyArray } from '@tgan/core';
import { expectClose, expectNoLeaks, loadReference } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { VideoGan } from './video-gan.js';

const reference = loadReference();
const networks = ['fsgen', 'vgen', 'vdis'] as const;
type Network = (typeof networks)[number];
type Edit = (arrays: Map<string, NpyArray>) => void;

const arraysOf = (network: Network) => reference.snapshot('init', network);
/**
 * An int64 scalar, as Chainer's batch norm keeps its count: `formatNpy` does not write that type.
 */
const count = (() => {
  const header = `{'descr': '<i8', 'fortran_order': False, 'shape': (), }`.padEnd(117) + '\n';
  return Uint8Array.of(
    0x93,
    ...Buffer.from('NUMPY'),
    1,
    0,
    118,
    0,
    ...Buffer.from(header),
    ...new Uint8Array(8),
  );
})();
const npz = (arrays: Iterable<readonly [string, NpyArray]>, counts: string[]) =>
  zipSync({
    ...unzipSync(formatNpz(arrays)),
    ...Object.fromEntries(counts.map((name) => [`${name}.npy`, count])),
  });
/** Three files as the original code writes them, after an edit of one. */
function files(edited?: Network, edit?: Edit): Record<Network, Uint8Array> {
  const of = (network: Network) => {
    const arrays = arraysOf(network);
    if (network === edited) edit?.(arrays);
    return npz(arrays, ['bn1/N']);
  };
  return { fsgen: of('fsgen'), vgen: of('vgen'), vdis: of('vdis') };
} /** As a user imports snapshots. */
const imported = (from: ChainerFiles) => importChainer(from, (sizes) => new VideoGan(sizes));
const edited = (network: Network, edit: Edit) => () => imported(files(network, edit));

describe('importChainer', () => {
  const combined = (prefix: string) =>
    npz(
      networks.flatMap((network) =>
        [...arraysOf(network)].map(([name, a]) => [`${prefix}${network}/${name}`, a] as const),
      ),
      [`${prefix}fsgen/bn0/N`, 'updater/iteration'],
    );

  it.each<[string, () => ChainerFiles]>([
    ['three files', files],
    ['one archive', () => combined('')],
    ['the snapshot of a trainer', () => combined('updater/model:')],
  ])('makes the GAN of %s, which makes the fake video of the reference to 1e-5', (_, make) => {
    const gan = imported(make());
    const { zDim, g0, g1, d, channels, batch } = reference.config;
    expect(gan.options).toMatchObject({
      latentSize: zDim,
      frames: 16,
      imageSize: 64,
      channels,
      temporalWidths: g0,
      imageWidths: [1, 2, 4, 8, 16].map((part) => g1 / part),
      criticWidths: [1, 2, 4, 8].map((times) => d * times),
      batchNormBeta: true,
    });
    tf.tidy(() => {
      const z0 = tf.tensor2d(reference.z0(0), [batch, zDim]);
      const fake = gan.generate(z0, { training: true });
      expectClose(fake, reference.fake().data, 1e-5, 'fake');
      expectClose(
        gan.score(fake, { training: true }),
        reference.array('step1/d_fake').data,
        2e-5,
        'd_fake',
      );
    });
    gan.dispose();
  });

  it('sees that a temporal generator has no beta', () => {
    const without = files('fsgen', (arrays) => {
      for (const name of [...arrays.keys()]) if (name.endsWith('/beta')) arrays.delete(name);
    });
    const gan = imported(without);
    expect(gan.options.batchNormBeta).toBe(false);
    gan.dispose();
  });

  it('says what is damaged, missing, left over or does not fit, and leaves nothing behind', async () => {
    const shaped = (...shape: number[]): NpyArray => ({
      type: 'f4',
      shape,
      data: new Float32Array(sizeOf(shape)),
    });
    await expectNoLeaks(() => {
      const { fsgen, vgen } = files();
      expect(() => imported({ fsgen, vgen, vdis: fsgen })).toThrow(
        /vdis: there is no c0\/W; it begins with: dc0\/W/,
      );
      expect(() => imported(fsgen)).toThrow('the archive has no arrays fsgen/...');
      expect(() => imported({ fsgen, vgen, vdis: fsgen.subarray(0, 500) })).toThrow(
        /vdis: not a readable .npz archive/,
      );
      expect(edited('vgen', (a) => a.delete('dc5/b'))).toThrow(/has no dc5\/b/);
      expect(edited('vdis', (a) => a.set('bn1/beta', shaped(8)))).toThrow(
        /vdis has arrays that a Temporal GAN has no place for: bn1\/beta/,
      );
      expect(edited('fsgen', (a) => a.set('dc2/W', shaped(9, 8, 4)))).toThrow(
        'what dc1 of fsgen makes and dc2 takes are not the same number: 8 and 9',
      );
      expect(edited('vdis', (a) => a.set('c4/W', shaped(1, 32, 2, 2)))).toThrow(
        'the image size that vgen makes and vdis takes are not the same number: 64 and 32',
      );
      expect(edited('vdis', (a) => a.set('c0/W', shaped(4, 3, 4, 4, 4)))).toThrow(/channels/);
      expect(edited('vgen', (a) => a.set('l0s/W', shaped(250, 8)))).toThrow(/no 16 square images/);
      expect(edited('fsgen', (a) => a.set('dc0/W', shaped(8, 16, 0)))).toThrow(/is no kernel/);
      const nan = { ...shaped(1), data: Float32Array.of(NaN) };
      expect(edited('vgen', (a) => a.set('dc5/b', nan))).toThrow(
        /vgen: dc5\/b contains values that are not finite/,
      );
      expect(edited('vgen', (a) => a.delete('dc5/b'))).toThrow(ChainerImportError);
    });
  });

  it('refuses an archive that claims to unpack to more than it can', () => {
    const bytes = zipSync({ 'dc0/W.npy': new Uint8Array(1000) });
    // The size field of the entry in the archive's directory.
    const directory = Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(directory + 24, 2 ** 31 - 1, true);
    const { vgen, vdis } = files();
    expect(() => imported({ fsgen: bytes, vgen, vdis })).toThrow(
      'fsgen: dc0/W.npy claims 2147483647 bytes',
    );
  });
});
