import { ref, shallowRef } from 'vue';
import still from '../model/still.json';

/** The z0 of the video that the figures of the page are about. The reader changes it. */
export const z0 = shallowRef(Float32Array.from(still.z0));

/** The digit that it shows. */
export const label = ref(still.label);

/** What is seen until the model runs: the pictures in public/pictures show the same. */
export const first = { seed: still.seed, z1: still.z1, scores: still.scores };

/** Frames of each video. */
export const frames = 16;
