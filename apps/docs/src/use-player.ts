import { computed, onBeforeUnmount, onMounted, ref, type ComputedRef, type Ref } from 'vue';

/** The pace of all films, as of the files that `tgan sample` writes. */
export const framesPerSecond = 10;

/** Which frame of a film is shown at a time in seconds; films repeat. */
export const frameAt = (time: number, frames: number, rate = framesPerSecond): number =>
  Math.floor((time * rate) % frames);

/** The time that films on the page are at. */
export interface Player {
  /** In seconds of film. It changes when there is a new frame to be seen, and not before. */
  readonly time: Ref<number>;
  readonly playing: Ref<boolean>;
  /** Shows one moment, and stays there. */
  readonly stopAt: (time: number) => void;
}

/**
 * Plays from when the component is mounted, unless the reader prefers reduced motion.
 *
 * @param speed - seconds of film in a second.
 * @param rate - frames in a second of film.
 */
export function usePlayer(speed = () => 1, rate = () => framesPerSecond): Player {
  const time = ref(0);
  const playing = ref(false);
  let request = 0;
  let before = 0;
  /** Seconds of film since `time` changed. */
  let passed = 0;

  function tick(now: number) {
    if (playing.value) passed += (speed() * (now - before)) / 1000;
    before = now;
    if (passed * rate() >= 1) {
      time.value += passed;
      passed = 0;
    }
    request = requestAnimationFrame(tick);
  }

  function stopAt(moment: number) {
    playing.value = false;
    passed = 0;
    time.value = moment;
  }

  onMounted(() => {
    playing.value = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    before = performance.now();
    request = requestAnimationFrame(tick);
  });
  onBeforeUnmount(() => cancelAnimationFrame(request));
  return { time, playing, stopAt };
}

/** Which of some frames is shown, over and over. */
export function useLoop(frames: number): {
  readonly moment: ComputedRef<number>;
  readonly playing: Ref<boolean>;
} {
  const { time, playing } = usePlayer();
  return { moment: computed(() => frameAt(time.value, frames)), playing };
}
