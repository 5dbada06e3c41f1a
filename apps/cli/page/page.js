// Shows what /events tells of the run. The server draws the curves, as `tgan plot` does.
const element = (id) => document.getElementById(id);
const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/** The samples that there are, by rising step. */
let samples = [];
/** Whether there is room for one panel of curves, not for two beside each other. */
const narrow = matchMedia('(max-width: 640px)');
/** Seconds a step, averaged. */
let pace;

const events = new EventSource('events');
events.onmessage = ({ data }) => show(JSON.parse(data));
events.onerror = () => {
  element('status').textContent = 'tgan serve has ended; what it last showed stays here';
};

function show({ name, step, steps, last, idle, samples: names }) {
  document.title = `${name}: step ${step}`;
  element('name').textContent = name;
  element('status').textContent = statusOf(step, steps, idle);
  element('progress').value = steps ? step / steps : 0;
  if (last.seconds) pace = pace === undefined ? last.seconds : 0.9 * pace + 0.1 * last.seconds;
  showNumbers(step, steps, last);
  showSamples(names);
  wanted = step;
  void keepDrawn();
}

function statusOf(step, steps, idle) {
  if (step === 0 || idle === undefined) return 'waiting for the first step';
  if (step === steps) return 'done';
  return idle < 60 ? 'running' : `no step for ${duration(idle)}`;
}

function showNumbers(step, steps, { value, real, fake }) {
  const running = step < steps && pace > 0;
  const shown = {
    step: steps ? `${step.toLocaleString('en')} of ${steps.toLocaleString('en')}` : step,
    V: value === undefined ? undefined : number.format(value),
    real: real === undefined ? undefined : number.format(real),
    generated: fake === undefined ? undefined : number.format(fake),
    'steps/s': pace > 0 ? number.format(1 / pace) : undefined,
    left: running ? duration((steps - step) * pace) : undefined,
  };
  const entries = Object.entries(shown).filter(([, text]) => text !== undefined);
  element('numbers').replaceChildren(
    ...entries.map(([term, text]) => {
      const pair = document.createElement('div');
      const dt = document.createElement('dt');
      const dd = document.createElement('dd');
      [dt.textContent, dd.textContent] = [term, text];
      pair.append(dt, dd);
      return pair;
    }),
  );
}

function duration(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

function showSamples(names) {
  samples = names;
  const when = element('when');
  when.max = Math.max(0, names.length - 1);
  if (element('newest').checked) when.value = when.max;
  showSample();
}

function showSample() {
  const name = samples[element('when').value];
  document.querySelector('figure').hidden = !name;
  element('no-sample').hidden = Boolean(name);
  if (!name) return;
  element('when-step').value = Number(/\d+/.exec(name)[0]).toLocaleString('en');
  const source = `samples/${name}`;
  // Setting it anew would begin the animation anew.
  if (element('sample').getAttribute('src') !== source) element('sample').src = source;
}

element('when').addEventListener('input', () => {
  element('newest').checked = element('when').value === element('when').max;
  showSample();
});
element('newest').addEventListener('change', () => showSamples(samples));

/** The step that the curves should show, and the one that they do. */
let wanted = -1;
let drawn = -1;
let drawing = false;

/** Draws until the curves are up to date, for at most a tenth of the time: training goes first. */
async function keepDrawn() {
  if (drawing) return;
  drawing = true;
  try {
    while (drawn !== wanted) {
      const began = performance.now();
      const step = wanted;
      await draw();
      drawn = step;
      const pause = Math.max(1000, 10 * (performance.now() - began));
      await new Promise((done) => setTimeout(done, pause));
    }
  } catch {
    // The server has ended, which the status says.
  } finally {
    drawing = false;
  }
}

async function draw() {
  const look = new URLSearchParams(new FormData(element('look')));
  if (look.get('smooth') === '') look.delete('smooth');
  if (narrow.matches) look.set('beside', '1');
  const answer = await fetch(`curves.svg?${look}`);
  if (!answer.ok) return;
  const parsed = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml');
  element('curves').replaceChildren(document.importNode(parsed.documentElement, true));
}

element('look').addEventListener('change', () => void draw());
narrow.addEventListener('change', () => void draw());
