import protobuf from 'protobufjs/light.js';

const field = (id: number, type: string) => ({ id, type });
const repeated = (id: number, type: string) => ({ id, type, rule: 'repeated' });

/**
 * The part of ONNX's schema (onnx.proto) that a generator needs: names are free, numbers and types
 * are the format.
 */
const schema = {
  nested: {
    Model: {
      fields: {
        irVersion: field(1, 'int64'),
        producerName: field(2, 'string'),
        graph: field(7, 'Graph'),
        opsetImport: repeated(8, 'OperatorSet'),
        metadata: repeated(14, 'Text'),
      },
    },
    OperatorSet: { fields: { version: field(2, 'int64') } },
    Text: { fields: { key: field(1, 'string'), value: field(2, 'string') } },
    Graph: {
      fields: {
        nodes: repeated(1, 'Node'),
        name: field(2, 'string'),
        initializers: repeated(5, 'Tensor'),
        inputs: repeated(11, 'Value'),
        outputs: repeated(12, 'Value'),
      },
    },
    Node: {
      fields: {
        inputs: repeated(1, 'string'),
        outputs: repeated(2, 'string'),
        name: field(3, 'string'),
        type: field(4, 'string'),
        attributes: repeated(5, 'Attribute'),
      },
    },
    Attribute: {
      fields: {
        name: field(1, 'string'),
        int: field(3, 'int64'),
        ints: repeated(8, 'int64'),
        type: field(20, 'int32'),
      },
    },
    Tensor: {
      fields: {
        dims: repeated(1, 'int64'),
        type: field(2, 'int32'),
        name: field(8, 'string'),
        raw: field(9, 'bytes'),
      },
    },
    Value: { fields: { name: field(1, 'string'), type: field(2, 'Type') } },
    Type: { fields: { tensor: field(1, 'TensorType') } },
    TensorType: { fields: { element: field(1, 'int32'), shape: field(2, 'Shape') } },
    Shape: { fields: { dims: repeated(1, 'Dimension') } },
    // One of the two: a size, or the name of one that is free.
    Dimension: { fields: { size: field(1, 'int64'), name: field(2, 'string') } },
  },
};

/** The message `ModelProto`, with fields named as in {@link schema}. */
export const modelProto = protobuf.Root.fromJSON(schema).lookupType('Model');

/** `TensorProto.DataType`. */
export const elementType = { float: 1, int64: 7 } as const;

/** `AttributeProto.AttributeType`. */
export const attributeType = { int: 2, ints: 7 } as const;
