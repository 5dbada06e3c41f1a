import type * as tf from '@tensorflow/tfjs';

/**
 * Turns clips into the numbers that scores are computed from.
 *
 * A score is only comparable with scores of the same extractor. `fingerprint` says which one it
 * was.
 */
export interface FeatureExtractor {
  /** A short name for tables, such as `moving-mnist-reader` or `i3d.onnx`. */
  readonly name: string;
  /**
   * SHA-256 of everything that determines the outputs, in hexadecimal: the weights and the
   * topology.
   */
  readonly fingerprint: string;
  /** How many features a clip has. */
  readonly featureSize: number;
  /** How many classes `probabilities` has. 0 where the extractor is no classifier. */
  readonly classes: number;
  /** How clips are fitted to the network, in words, such as `bilinear to 112x112, 16 frames`. */
  readonly resize: string;
  /**
   * @param clips - `[batch, time, height, width, channels]` in [-1, 1]. Stays the caller's.
   * @returns row by row, `[batch, featureSize]` and, of a classifier, `[batch, classes]`.
   * @throws MetricsError when the clips do not have the shape that the network takes.
   */
  extract(clips: tf.Tensor5D): Promise<Extracted>;
  /** Frees the network. */
  dispose(): void;
}

/** What a {@link FeatureExtractor} finds in a batch of clips. */
export interface Extracted {
  /** `[batch, featureSize]`, row by row. */
  readonly features: Float32Array;
  /**
   * `[batch, classes]`, row by row; each row sums to 1. Missing where the extractor is no
   * classifier.
   */
  readonly probabilities?: Float32Array;
}
