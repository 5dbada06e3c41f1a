import { describe, expect, it } from 'vitest';
import { unreachableLayer } from './unreachable-layer.js';

/** Layers by name, each with the inputs of its calls: `['a', 0]`. */
const model = (layers: Record<string, (readonly [string, number])[][]>) => ({
  config: {
    layers: Object.entries(layers).map(([name, calls]) => ({
      ...{ name, class_name: calls.length === 0 ? 'InputLayer' : 'Dense', config: {} },
      inbound_nodes: calls.map((inputs) => inputs.map(([from, call]) => [from, call, 0, {}])),
    })),
  },
});

describe('unreachableLayer', () => {
  it('finds none where every input comes, in whatever order, also of layers called twice', () => {
    expect(unreachableLayer(model({ b: [[['a', 0]]], a: [[['x', 0]]], x: [] }))).toBeUndefined();
    const shared = {
      x: [],
      s: [[['x', 0]], [['b', 0]]],
      b: [[['s', 0]]],
      c: [[['s', 1]]],
    } as const;
    expect(unreachableLayer(model(shared as never))).toBeUndefined();
    const inner = { name: 'inner', ...model({ x: [] }), inbound_nodes: [[['x', 0, 0, {}]]] };
    const outer = model({ x: [], b: [[['inner', 1]]] });
    outer.config.layers.push(inner as never);
    expect(unreachableLayer(outer)).toBeUndefined();
    for (const none of [undefined, null, 3, 'x', [], {}, { layers: [null, 3, { name: 4 }] }]) {
      expect(unreachableLayer(none)).toBeUndefined();
    }
  });

  it.each<[string, Parameters<typeof model>[0]]>([
    ['a circle', { x: [], a: [[['b', 0]]], b: [[['a', 0]]] }],
    ['itself', { x: [], a: [[['a', 0]]] }],
    ['a layer that is not there', { x: [], a: [[['y', 0]]] }],
    ['a call that is not made', { x: [], a: [[['x', 1]]] }],
    ['a name that objects have', { x: [], a: [[['constructor', 0]]] }],
  ])('finds one that waits for %s', (_, layers) => {
    expect(unreachableLayer(model(layers))).toBe('a');
    expect(unreachableLayer([[{ model_config: model(layers) }]])).toBe('a');
  });

  it('looks into what is nested deeply, and not at layers without end', () => {
    let deep: unknown = model({ a: [[['a', 0]]] });
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(unreachableLayer(deep)).toBe('a');
    const names = Array.from({ length: 20_000 }, (_, i) => [`l${i}`, [[['x', 0]]]] as const);
    expect(unreachableLayer(model({ x: [], ...Object.fromEntries(names) } as never))).toBe(
      'l10000',
    );
  });
});
