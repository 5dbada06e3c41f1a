import {
  onBeforeUnmount,
  onMounted,
  watch,
  type ComponentPublicInstance,
  type Ref,
  type WatchSource,
} from 'vue';
import { failure } from '../model/model.js';
import { newestOnly } from '../newest.js';

/** A drawing that can be asked for faster than the model answers. The page says why one fails. */
export function newestDrawing(draw: () => Promise<void>): () => void {
  const newest = newestOnly();
  return () =>
    void newest(draw).catch((error) => {
      failure.value = error instanceof Error ? error.message : String(error);
    });
}

/**
 * Draws a figure when the reader comes near it, and again when its sources change. So a page loads
 * no model that nobody scrolls to.
 *
 * @returns draws it once more.
 */
export function useDrawing(
  figure: Ref<ComponentPublicInstance | undefined>,
  sources: WatchSource[],
  draw: () => Promise<void>,
): () => void {
  const redraw = newestDrawing(draw);
  let begun = false;
  let observer: IntersectionObserver | undefined;
  watch(sources, () => begun && redraw());
  onMounted(() => {
    const begin = (entries: IntersectionObserverEntry[]) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer?.disconnect();
      begun = true;
      redraw();
    };
    observer = new IntersectionObserver(begin, { rootMargin: '200px' });
    if (figure.value) observer.observe(figure.value.$el as Element);
  });
  onBeforeUnmount(() => observer?.disconnect());
  return redraw;
}
