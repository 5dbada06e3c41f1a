// Shows what /events tells of the runs and of the machine. The server draws the curves, as
// `tgan plot` does.
const element = (id) => document.getElementById(id);
const four = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const three = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const list = new Intl.ListFormat('en');
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Milliseconds without a word from the server that are too many: it sends every ten seconds. */
const SILENCE = 45_000;
/** The most sheets over the steps, but for the newest. */
const MOST_SHEETS = 5;

function make(tag, properties, ...content) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...content);
  return made;
}

const svgSpace = 'http://www.w3.org/2000/svg';

function makeSvg(tag, attributes, ...content) {
  const made = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

// --- What the server tells -----------------------------------------------------------------------

/** The last state of the page. */
let told;
/** Seconds a step of each run, averaged. */
let paces = [];
let silence;

const events = new EventSource('events');
events.onmessage = ({ data }) => {
  clearTimeout(silence);
  silence = setTimeout(() => lost(), SILENCE);
  show(JSON.parse(data));
};
events.onerror = () => lost();

function lost() {
  clearTimeout(silence);
  showStatus('lost', 'tgan serve has ended; what it last showed stays here');
}

function show(state) {
  const { others, machine, ...run } = state;
  const runs = [run, ...others];
  // What was kept may be of another run, or of the time before this one was begun anew.
  if (told && (told.name !== run.name || run.step < told.step)) forget();
  told = state;
  paces = runs.map(({ last }, r) => paceOf(paces[r], last.seconds));
  document.title = `${run.name}: step ${run.step}`;
  element('name').textContent = list.format(runs.map(({ name }) => name));
  const states = runs.map((run, r) => stateOf(run, paces[r]));
  showStatus(...(states.find(([state]) => state === 'running') ?? states[0]));
  element('progress').value = run.steps ? run.step / run.steps : 0;
  element('samples-title').textContent = others.length > 0 ? `Samples of ${run.name}` : 'Samples';
  showMachine(machine);
  showNumbers(runs);
  showRuns(runs);
  showScores(runs);
  showSamples(run.samples);
  const diverged = runs.filter(({ last }) => last.value === null).map(({ name }) => name);
  problem('V', diverged[0] && `V is no number any more: ${list.format(diverged)} diverged.`);
  wanted = runs.map(({ step }) => step).join();
  void keepDrawn();
}

function forget() {
  paces = [];
  for (const about of problems.keys()) problem(about, '');
  sheets.clear();
  element('sample').removeAttribute('src');
}

const paceOf = (before, seconds) =>
  before && seconds ? 0.9 * before + 0.1 * seconds : (seconds ?? before);

/** How a run stands: a word for the style, and what is said. */
function stateOf({ step, steps, idle }, pace = 0) {
  if (step === 0 || idle === undefined) return ['waiting', 'waiting for the first step'];
  if (step >= steps) return ['done', 'done'];
  return idle < Math.max(60, 3 * pace)
    ? ['running', 'running']
    : ['waiting', `no step for ${duration(idle)}`];
}

function showStatus(state, text) {
  const status = element('status');
  status.dataset.state = state;
  // Setting it anew would have it read out anew.
  if (status.textContent !== text) status.textContent = text;
}

const problems = new Map();

/** Says what is wrong, until it is told that it is not any more. */
function problem(about, text) {
  if ((problems.get(about) ?? '') === (text || '')) return;
  if (text) problems.set(about, text);
  else problems.delete(about);
  element('problems').replaceChildren(
    ...[...new Set(problems.values())].map((said) => make('p', { textContent: said })),
  );
}

// --- Numbers -------------------------------------------------------------------------------------

function showMachine(shares) {
  const pairs = Object.entries(shares).map(([name, share]) => {
    const bar = makeSvg('svg', { viewBox: '0 0 100 10', 'aria-hidden': 'true' });
    bar.append(makeSvg('path', { d: 'M0,5H100' }), makeSvg('path', { d: `M0,5h${100 * share}` }));
    const dd = make('dd', {}, bar, `${Math.round(100 * share)} %`);
    return make('div', {}, make('dt', { textContent: name }), dd);
  });
  element('machine').replaceChildren(...pairs);
  element('machine').hidden = false;
}

/** The numbers of a run that is alone. */
function showNumbers(runs) {
  element('numbers').hidden = runs.length > 1;
  if (runs.length > 1) return;
  const [{ rates, ...run }] = runs;
  const groups = {
    Progress: progressOf(run, paces[0]),
    'Last values': valuesOf(run.last),
    'Learning rate': rates && { generator: short(rates.generator), critic: short(rates.critic) },
  };
  const cards = Object.entries(groups).map(([title, numbers]) => card(title, known(numbers ?? {})));
  element('numbers').replaceChildren(...cards.filter(Boolean));
}

function card(title, numbers) {
  if (numbers.length === 0) return undefined;
  const pairs = numbers.map(([term, text]) =>
    make('div', {}, make('dt', { textContent: term }), make('dd', { textContent: text })),
  );
  const heading = make('h2', { textContent: title });
  return make('section', { className: 'card' }, heading, make('dl', {}, ...pairs));
}

/** Those that there are. */
const known = (numbers) => Object.entries(numbers).filter(([, text]) => text !== undefined);

const progressOf = ({ step, steps }, pace) => ({
  step: steps ? `${whole.format(step)} of ${whole.format(steps)}` : whole.format(step),
  speed: speedOf(pace),
  left: step < steps && pace > 0 ? duration((steps - step) * pace) : undefined,
});
const valuesOf = ({ value, real, fake, distance, frechetDistance }) => ({
  ...{ V: inFour(value), real: inFour(real), generated: inFour(fake) },
  ...{ distance: inFour(distance), FVD: inFour(frechetDistance) },
});
/** A small number in two digits, such as 6.7e-7. */
const short = (value) => String(Number(value.toPrecision(2)));

/** A number in four digits. JSON has null for what is no number. */
function inFour(value) {
  if (value === undefined) return undefined;
  return value === null ? 'not a number' : four.format(value);
}

function speedOf(pace) {
  if (!(pace > 0)) return undefined;
  return pace > 1 ? `${three.format(pace)} s a step` : `${three.format(1 / pace)} steps/s`;
}

function duration(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

// --- Runs beside each other ----------------------------------------------------------------------

/** A table, whose first column names the rows. Cells that are undefined are empty. */
function fill(table, heads, rows) {
  const cells = (row) => row.map((content, i) => cell(content, heads[i]));
  table.replaceChildren(
    make('thead', {}, make('tr', {}, ...heads.map((head) => headCell(head, 'col')))),
    make(
      'tbody',
      {},
      ...rows.map(([name, ...row]) =>
        make('tr', {}, headCell(name, 'row'), ...cells(['', ...row]).slice(1)),
      ),
    ),
  );
}

const contentOf = (content) => (Array.isArray(content) ? content : [content ?? '–']);
const headCell = (content, scope) => make('th', { scope }, ...contentOf(content));

/** A cell that can name its column where rows are shown as blocks. */
function cell(content, head) {
  const made = make('td', {}, ...contentOf(content));
  made.dataset.column = contentOf(head)
    .map((part) => part.textContent ?? part)
    .join('');
  return made;
}

/** A piece of a curve in its color. */
function swatch(color) {
  const line = makeSvg('path', { class: color, d: 'M2,5h16' });
  return makeSvg('svg', { class: 'swatch', viewBox: '0 0 20 10', 'aria-hidden': 'true' }, line);
}

function showRuns(runs) {
  element('runs').hidden = runs.length === 1;
  if (runs.length === 1) return;
  const rows = runs.map((run, r) => ({
    status: stateOf(run, paces[r])[1],
    ...progressOf(run, paces[r]),
    ...valuesOf(run.last),
    "generator's rate": run.rates && short(run.rates.generator),
    "critic's rate": run.rates && short(run.rates.critic),
  }));
  const heads = Object.keys(rows[0]).filter((head) => rows.some((row) => row[head] !== undefined));
  const named = ({ name }, r) => [swatch(`curve-${r % 7}`), name];
  fill(
    element('runs').querySelector('table'),
    ['run', ...heads],
    rows.map((row, r) => [named(runs[r], r), ...heads.map((head) => row[head])]),
  );
}

// --- Scores --------------------------------------------------------------------------------------

let shownScores;

/** The scores of the runs beside those of real clips, if `tgan evaluate` wrote any. */
function showScores(runs) {
  const text = JSON.stringify(runs.map(({ name, scores }) => [name, scores]));
  if (text === shownScores) return;
  shownScores = text;
  const columns = scoreColumns(runs);
  element('scores').hidden = columns.length === 0;
  if (columns.length === 0) return;
  const table = element('scores').querySelector('table');
  table.classList.toggle('stacked', columns.length > 2);
  const labels = new Map(columns.flatMap(({ scores }) => scores).map((s) => [s.label, s.better]));
  fill(
    table,
    ['score', ...columns.map(({ color, title }) => [swatch(color), title]), ''],
    [...labels].map(([label, better]) => scoreRow(label, better, columns)),
  );
}

/** A column for each run with scores, and one for real clips: several where runs differ in them. */
function scoreColumns(runs) {
  const single = runs.length === 1;
  const scored = runs
    .map(({ name, scores }, r) => ({
      ...{ scores, title: single ? 'generated clips' : name },
      color: `curve-${single ? 1 : r % 7}`,
    }))
    .filter(({ scores }) => scores);
  const color = single ? 'curve-0' : 'real';
  const reals = scored.map(({ title, scores }) => ({
    scores: scores.map(({ label, better, real }) => ({ label, better, ...real })),
    ...{ color, title: `real clips (${title})` },
  }));
  const first = JSON.stringify(reals[0]?.scores);
  if (reals.every(({ scores }) => JSON.stringify(scores) === first)) reals.length = 1;
  if (reals.length === 1 && reals[0]) reals[0].title = 'real clips';
  return [...scored, ...reals.filter(Boolean)];
}

function scoreRow(label, better, columns) {
  const estimates = columns.map(({ scores, color }) => ({
    ...scores.find((score) => score.label === label),
    color,
  }));
  const goal = better === 'as real' ? 'best as real' : `${better} is better`;
  return [
    [`${label} `, make('small', { textContent: goal })],
    ...estimates.map(({ value, interval }) => value !== undefined && scoreText(value, interval)),
    [scoreChart(estimates.filter(({ value }) => value !== undefined))],
  ].map((content) => content || undefined);
}

function scoreText(value, interval) {
  const number = make('span', { textContent: three.format(value) });
  if (!interval) return [number];
  const ends = interval.map((end) => three.format(end)).join(', ');
  return [number, ' ', make('span', { className: 'interval', textContent: `[${ends}]` })];
}

/** The values as dots, on lines for their intervals. */
function scoreChart(estimates) {
  const ends = estimates.flatMap(({ value, interval }) => [value, ...(interval ?? [])]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const place = (value) => (high > low ? 4 + (92 * (value - low)) / (high - low) : 50).toFixed(1);
  const lines = estimates.flatMap(({ value, interval, color }, i) => {
    const y = 8 * i + 6;
    const [from, to] = (interval ?? [value, value]).map(place);
    return [
      makeSvg('path', { class: color, d: `M${from},${y}H${to}` }),
      makeSvg('path', { class: `${color} dot`, d: `M${place(value)},${y}h0` }),
    ];
  });
  const size = { viewBox: `0 0 100 ${8 * estimates.length + 4}`, preserveAspectRatio: 'none' };
  return makeSvg('svg', { class: 'intervals', ...size, 'aria-hidden': 'true' }, ...lines);
}

// --- Samples -------------------------------------------------------------------------------------

/** The samples that there are, by rising step. */
let samples = [];
/** Those that are shown over the steps: the button of each, by the name of its file. */
const sheets = new Map();
const calm = matchMedia('(prefers-reduced-motion: reduce)');
let paused = calm.matches;

const stepOf = (name) => whole.format(Number(/\d+/.exec(name)[0]));

function showSamples(names) {
  samples = names;
  const when = element('when');
  when.max = Math.max(0, names.length - 1);
  if (element('newest').checked) when.value = when.max;
  showOver();
  showSample();
}

/** Every first, second, fourth ... sheet and the newest, so that few change when one comes. */
function overSteps() {
  let stride = 1;
  while (samples.length > MOST_SHEETS * stride) stride *= 2;
  return samples.filter((_, i) => i % stride === 0 || i === samples.length - 1);
}

function showOver() {
  const names = overSteps();
  element('over').hidden = names.length < 2;
  if ([...sheets.keys()].join() === names.join()) return;
  const items = names.map((name) => [name, sheets.get(name) ?? sheetOf(name)]);
  sheets.clear();
  for (const [name, item] of items) sheets.set(name, item);
  element('sheets').replaceChildren(...sheets.values());
}

function sheetOf(name) {
  const image = make('img', { src: `samples/${name}`, alt: '' });
  const canvas = make('canvas', { hidden: true, ariaHidden: 'true' });
  const caption = make('span', { textContent: `step ${stepOf(name)}` });
  const picture = make('span', { className: 'sheet' }, image, canvas);
  const button = make('button', { type: 'button', className: 'pick' }, picture, caption);
  watchImage(image, name);
  button.addEventListener('click', () => select(samples.indexOf(name)));
  return make('li', {}, button);
}

function select(index) {
  element('when').value = index;
  element('newest').checked = index === samples.length - 1;
  showSample();
}

function showSample() {
  const name = samples[element('when').value];
  element('shown').hidden = !name;
  element('no-sample').hidden = Boolean(name);
  if (!name) return;
  element('when-step').value = stepOf(name);
  element('when').ariaValueText = `step ${stepOf(name)}`;
  for (const [other, item] of sheets) item.firstChild.ariaPressed = String(other === name);
  const image = element('sample');
  image.alt = `Videos that the generator makes at fixed latents, at step ${stepOf(name)}`;
  // Setting it anew would begin the animation anew.
  if (image.getAttribute('src') !== `samples/${name}`) image.src = `samples/${name}`;
}

function watchImage(image, name) {
  const about = name ?? 'sample';
  image.addEventListener('load', () => {
    problem(about, '');
    still(image);
  });
  image.addEventListener('error', () => {
    const file = decodeURI(image.src).split('/').at(-1);
    problem(about, `The sheet ${file} cannot be shown.`);
  });
}

/** Covers a moving picture with what it shows now, or uncovers it. */
function still(image) {
  const canvas = image.nextElementSibling;
  canvas.hidden = !paused || image.naturalWidth === 0;
  if (canvas.hidden) return;
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext('2d').drawImage(image, 0, 0);
}

function setPaused(now) {
  paused = now;
  element('pause').textContent = paused ? 'Play' : 'Pause';
  for (const image of document.querySelectorAll('.sheet img')) still(image);
}

watchImage(element('sample'));
setPaused(paused);
calm.addEventListener('change', () => setPaused(calm.matches));
element('pause').addEventListener('click', () => setPaused(!paused));
element('when').addEventListener('input', () => select(Number(element('when').value)));
element('newest').addEventListener('change', () => showSamples(samples));

// --- Curves --------------------------------------------------------------------------------------

/** The steps that the curves should show, and those that they do. */
let wanted = '';
let drawn = '';
let drawing = false;
let draws = 0;

/** Draws until the curves are up to date, for at most a tenth of the time: training goes first. */
async function keepDrawn() {
  if (drawing) return;
  drawing = true;
  try {
    while (drawn !== wanted && !document.hidden) {
      const began = performance.now();
      const steps = wanted;
      await draw();
      drawn = steps;
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
  // One below the other, which the page places as it has room.
  look.set('beside', '1');
  const turn = ++draws;
  const answer = await fetch(`curves.svg?${look}`);
  const text = await answer.text();
  // Another look was chosen meanwhile.
  if (turn !== draws) return;
  problem('curves', !answer.ok && `The curves cannot be drawn: ${text}`);
  if (!answer.ok) return;
  // The page has the colors of a dark page itself, and allows no styles in what it shows.
  const plain = text.replace(/<style>.*?<\/style>/s, '');
  const { documentElement } = new DOMParser().parseFromString(plain, 'image/svg+xml');
  const panels = panelsOf(documentElement);
  element('no-curve').hidden = panels.length > 0;
  element('curves').replaceChildren(...panels);
}

/** A picture of each panel of a drawing whose panels are below each other. */
function panelsOf(drawing) {
  const groups = [...drawing.children].filter(({ tagName }) => tagName === 'g');
  const topOf = (group) => Number(/\s(\d+)\)$/.exec(group.getAttribute('transform'))[1]);
  const width = drawing.getAttribute('width');
  const ends = [...groups.slice(1).map(topOf), Number(drawing.getAttribute('height'))];
  return groups.map((group, i) => {
    const top = topOf(group);
    const viewBox = `0 ${top} ${width} ${ends[i] - top}`;
    const label = group.querySelector('text').textContent;
    return makeSvg('svg', { class: 'curves', viewBox, role: 'img', 'aria-label': label }, group);
  });
}

const redraw = () => void draw().catch(() => {});
element('look').addEventListener('change', redraw);
document.addEventListener('visibilitychange', () => void keepDrawn());
