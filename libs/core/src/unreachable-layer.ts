/** More than any model that is read here has. */
const mostLayers = 10_000;

interface LayerNode {
  readonly layer: string;
  /** What it takes: layers, and which of their calls. */
  readonly inputs: readonly (readonly [layer: string, call: number])[];
}

/**
 * A layer of a `model.json` whose inputs can never all be there: layers form a circle, or take what
 * no layer makes. TensorFlow.js waits for such inputs for ever.
 *
 * @param topology - the `modelTopology` of the file, which need not be one.
 * @returns its name; undefined where there is none.
 */
export function unreachableLayer(topology: unknown): string | undefined {
  // Models may be layers of models. The file may be nested too deeply for a recursion.
  const values: unknown[] = [topology];
  for (let value; values.length > 0;) {
    value = values.pop();
    if (typeof value !== 'object' || value === null) continue;
    const { layers } = value as { layers?: unknown };
    const stuck = Array.isArray(layers) ? stuckIn(layers) : undefined;
    if (stuck !== undefined) return stuck;
    for (const inner of Object.values(value)) values.push(inner);
  }
  return undefined;
}

/** Calls the layers of one model as TensorFlow.js does: each as soon as its inputs are there. */
function stuckIn(layers: readonly unknown[]): string | undefined {
  const calls = new Map<string, number>();
  let waiting: LayerNode[] = [];
  for (const layer of layers.filter(isNamed)) {
    const { name, class_name: kind, config, inbound_nodes: nodes } = layer;
    const isModel = Array.isArray(config) || Array.isArray(config?.layers);
    calls.set(name, kind === 'InputLayer' || isModel ? 1 : 0);
    for (const node of Array.isArray(nodes) ? (nodes as unknown[]) : []) {
      const entries = (Array.isArray(node) ? node : []).filter(Array.isArray);
      waiting.push({ layer: name, inputs: entries.map(([from, call]) => [String(from), call]) });
    }
  }
  if (waiting.length > mostLayers) return waiting[mostLayers].layer;
  for (let before = Infinity; waiting.length < before;) {
    before = waiting.length;
    waiting = waiting.filter(({ layer, inputs }) => {
      if (!inputs.every(([from, call]) => (calls.get(from) ?? 0) > (call ?? 0))) return true;
      calls.set(layer, calls.get(layer)! + 1);
      return false;
    });
  }
  return waiting[0]?.layer;
}

interface Named {
  readonly name: string;
  readonly class_name?: unknown;
  readonly config?: { readonly layers?: unknown };
  readonly inbound_nodes?: unknown;
}

const isNamed = (layer: unknown): layer is Named =>
  typeof (layer as Partial<Named> | null)?.name === 'string';
