import { attributeType, elementType, modelProto } from './onnx-schema.js';

/** A size of a tensor, or the name of one that is free. */
export type Dimension = number | string;

/**
 * A graph of ONNX operators, built in the order in which it computes. A value is known by its name.
 */
export class OnnxGraph {
  readonly #name: string;
  readonly #nodes: object[] = [];
  readonly #initializers: object[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** Adds a float32 tensor that the user gives. */
  input(name: string, shape: readonly Dimension[]): string {
    this.#inputs.push(valueOf(name, shape));
    return name;
  }

  /** Adds a tensor that is a part of the model: float32, or int64 for shapes and counts. */
  constant(
    name: string,
    shape: readonly number[],
    values: Float32Array | readonly number[],
  ): string {
    const isFloat = values instanceof Float32Array;
    // Raw numbers are little-endian in the format, as they are on every machine that runs Node.
    const numbers = isFloat ? values.slice() : BigInt64Array.from(values, BigInt);
    const type = isFloat ? elementType.float : elementType.int64;
    this.#initializers.push({ name, dims: shape, type, raw: new Uint8Array(numbers.buffer) });
    return name;
  }

  /**
   * Adds an operator with one result.
   *
   * @param name - of the operator and of its result.
   */
  op(
    type: string,
    name: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
  ): string {
    const list = Object.entries(attributes).map(([key, value]) =>
      typeof value === 'number'
        ? { name: key, type: attributeType.int, int: value }
        : { name: key, type: attributeType.ints, ints: value },
    );
    this.#nodes.push({ type, name, inputs, outputs: [name], attributes: list });
    return name;
  }

  /** The same numbers in another shape, in which -1 stands for what is left. */
  reshape(name: string, input: string, shape: readonly number[]): string {
    return this.op('Reshape', name, [input, this.constant(`${name}/shape`, [shape.length], shape)]);
  }

  /** Names a result that the user gets. */
  output(name: string, shape: readonly Dimension[]): void {
    this.#outputs.push(valueOf(name, shape));
  }

  /** The file: a model of operator set 13. */
  encode(metadata: Readonly<Record<string, string>>): Uint8Array {
    return modelProto
      .encode({
        irVersion: 8,
        producerName: 'tgan',
        opsetImport: [{ version: 13 }],
        metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
        graph: {
          name: this.#name,
          nodes: this.#nodes,
          initializers: this.#initializers,
          inputs: this.#inputs,
          outputs: this.#outputs,
        },
      })
      .finish();
  }
}

const valueOf = (name: string, shape: readonly Dimension[]) => {
  const dims = shape.map((size) => (typeof size === 'number' ? { size } : { name: size }));
  return { name, type: { tensor: { element: elementType.float, shape: { dims } } } };
};
