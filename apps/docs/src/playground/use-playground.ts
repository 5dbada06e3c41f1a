import { releaseProxy, wrap, type Remote } from 'comlink';
import { withBase } from 'vitepress';
import { computed, onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue';
import type { GivenFiles } from '../dropped.js';
import { filmOf, type Film } from '../film.js';
import { newestOnly } from '../newest.js';
import { saveFile } from '../save-file.js';
import { framesPerSecond } from '../use-player.js';
import type { Format, Subject } from './formats.js';
import { fetchModel, hostedModel, hostedModels } from './hosted.js';
import { firstScene, formatScene, parseScene, videos, type Scene } from './scene.js';
import type { ModelFacts, Studio, VideoValues } from './studio.js';

const everyVideo = Array.from({ length: videos }, (_, video) => video);

/** Videos that are drawn at once, so that the page shows some before all are there. */
const drawnAtOnce = 5;

/** Changes of these leave the videos of the sheet as they are. */
const ofPickedVideo = ['picked', 'from', 'factor'];

/** What the playground shows, and all that can be done to it. Its worker does the work. */
export function usePlayground() {
  const scene = ref(firstScene);
  const name = ref(hostedModels[0].name);
  const facts = shallowRef<ModelFacts>();
  const directions = ref<readonly string[]>([]);
  const sheet = shallowRef<readonly (Film | undefined)[]>(noFilms());
  /** The picked video with frames between its frames, where those are asked for. */
  const between = shallowRef<Film>();
  const transition = shallowRef<Film>();
  const backend = ref('simd');
  const status = ref('loading the model ...');
  const failed = ref(false);
  const busy = ref(true);

  let worker: Worker | undefined;
  let studio: Remote<Studio>;
  let backendTitle = '';
  let files: GivenFiles['files'] | undefined;
  /** Whether the videos of the sheet are not those of the scene. */
  let stale = true;
  let tasks = 0;
  const newest = newestOnly();

  const stage = computed(() => between.value ?? sheet.value[scene.value.picked]);

  /** Does a task, and says on the page when it went wrong. */
  async function run(task: () => Promise<void>): Promise<void> {
    const number = ++tasks;
    failed.value = false;
    busy.value = true;
    try {
      await task();
    } catch (error) {
      failed.value = true;
      status.value = error instanceof Error ? error.message : String(error);
    } finally {
      if (number === tasks) busy.value = false;
    }
  }

  /** The scene as a worker can be sent it: without Vue's proxies. */
  const plainScene = (): Scene => ({ ...scene.value, moves: [...scene.value.moves] });

  const draw = () =>
    newest(async (isNewest) => {
      const drawn = plainScene();
      const started = performance.now();
      if (stale) await drawSheet(drawn, [drawn.picked]);
      between.value = await drawBetween(drawn);
      if (stale) {
        const others = everyVideo.filter((video) => video !== drawn.picked);
        for (const some of parts(others, drawnAtOnce)) {
          if (!isNewest()) return;
          await drawSheet(drawn, some);
        }
        if (!isNewest()) return;
        stale = false;
        const seconds = ((performance.now() - started) / 1000).toFixed(2);
        const { frames } = facts.value!;
        status.value = `${videos} videos of ${frames} frames in ${seconds} s on ${backendTitle}`;
      }
      transition.value = await drawTransition(drawn);
    });

  async function drawSheet(drawn: Scene, picks: readonly number[]): Promise<void> {
    const films = filmsOf(await studio.videos(drawn, picks));
    sheet.value = sheet.value.map((film, video) => films[picks.indexOf(video)] ?? film);
  }

  async function drawBetween(drawn: Scene): Promise<Film | undefined> {
    if (!facts.value?.temporal || drawn.factor === 1) return undefined;
    return filmsOf(await studio.between(drawn, drawn.picked, drawn.factor))[0];
  }

  async function drawTransition(drawn: Scene): Promise<Film | undefined> {
    if (!facts.value?.temporal) return undefined;
    return filmsOf(await studio.transition(drawn, drawn.from, drawn.picked))[0];
  }

  async function open(given: GivenFiles): Promise<void> {
    status.value = `opening ${given.name} ...`;
    facts.value = await studio.open(given.files);
    files = given.files;
    name.value = given.name;
    directions.value = [];
    between.value = transition.value = undefined;
    sheet.value = noFilms();
    stale = true;
    // The videos come first, but for those that are moved.
    if (scene.value.moves.length > 0) directions.value = await studio.directions();
    await draw();
    if (directions.value.length === 0) directions.value = await studio.directions();
  }

  const fetchHosted = (model?: string): Promise<GivenFiles> => {
    const hosted = hostedModel(model);
    return fetchModel(hosted, withBase(`/models/${hosted.name}`));
  };

  const openHosted = (model: string) =>
    run(async () => {
      const isFirst = hostedModel(model) === hostedModels[0];
      scene.value = { ...scene.value, model: isFirst ? undefined : model, moves: [] };
      await open(await fetchHosted(model));
    });

  const openGiven = (given: () => GivenFiles | Promise<GivenFiles>) =>
    run(async () => {
      const opened = await given();
      scene.value = { ...scene.value, model: undefined, moves: [] };
      await open(opened);
    });

  const chooseBackend = (chosen: string) =>
    run(async () => {
      backendTitle = await studio.useBackend(chosen);
      backend.value = chosen;
      if (files) await open({ name: name.value, files });
    });

  function change(changed: Partial<Scene>): void {
    scene.value = { ...scene.value, ...changed };
    if ('picked' in changed || 'factor' in changed) between.value = undefined;
    const keys = Object.keys(changed);
    if (!facts.value || keys.every((key) => key === 'speed')) return;
    stale ||= !keys.every((key) => ofPickedVideo.includes(key));
    void run(draw);
  }

  const take = (subject: Subject, format: Format) =>
    run(async () => {
      const { takeFile } = await import('./take.js');
      const taken = plainScene();
      const factor = facts.value?.temporal ? taken.factor : 1;
      const makers = {
        video: () =>
          factor > 1
            ? studio.between(taken, taken.picked, factor)
            : studio.videos(taken, [taken.picked]),
        sheet: () => studio.videos(taken, everyVideo),
        transition: () => studio.transition(taken, taken.from, taken.picked),
      };
      const rate = framesPerSecond * taken.speed * (subject === 'video' ? factor : 1);
      const file = await takeFile(await makers[subject](), format, rate);
      const which = subject === 'video' ? `-${taken.picked + 1}` : '';
      saveFile(`${name.value}-seed-${taken.seed}-${subject}${which}.${format}`, file);
    });

  onMounted(() =>
    run(async () => {
      scene.value = parseScene(location.hash.slice(1));
      worker = new Worker(new URL('./studio.worker.ts', import.meta.url), { type: 'module' });
      studio = wrap<Studio>(worker);
      const [title, given] = await Promise.all([
        studio.useBackend('simd'),
        fetchHosted(scene.value.model),
      ]);
      backendTitle = title;
      await open(given);
    }),
  );
  onBeforeUnmount(() => {
    studio?.[releaseProxy]();
    worker?.terminate();
  });
  watch(scene, () => {
    const hash = formatScene(scene.value);
    history.replaceState(history.state, '', hash ? `#${hash}` : location.pathname);
  });

  return {
    scene,
    name,
    facts,
    directions,
    sheet,
    stage,
    transition,
    backend,
    status,
    failed,
    busy,
    change,
    openHosted,
    openGiven,
    chooseBackend,
    take,
  };
}

const noFilms = () => Array<Film | undefined>(videos).fill(undefined);

const parts = (all: readonly number[], size: number) =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
    all.slice(i * size, (i + 1) * size),
  );

/** Each video as a film of its own. */
function filmsOf({ data, shape: [count, ...video] }: VideoValues): Film[] {
  const size = data.length / count;
  return Array.from({ length: count }, (_, i) =>
    filmOf(data.subarray(i * size, (i + 1) * size), [1, ...video]),
  );
}
