/** Does a task; `isNewest` says whether no other was asked for since. */
export type Task = (isNewest: () => boolean) => Promise<void>;

/**
 * Does one task after the other, and leaves out those that a newer one has replaced before they
 * began. So a slider can be dragged faster than videos are drawn.
 */
export function newestOnly(): (task: Task) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let asked = 0;
  return (task) => {
    const number = ++asked;
    const isNewest = () => number === asked;
    const done = last.then(() => (isNewest() ? task(isNewest) : undefined));
    last = done.catch(() => {});
    return done;
  };
}
