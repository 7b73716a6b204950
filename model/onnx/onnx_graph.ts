import { type Field, type Message, message } from "./protobuf.ts";
import type { FloatTensor } from "../files/safetensors.ts";

/** ONNX' numbers of element types. */
const elementTypes = {
  float32: 1,
  uint8: 2,
  int64: 7,
  float16: 10,
  float64: 11,
} as const;

/** An element type of ONNX. */
export type ElementType = keyof typeof elementTypes;

/** An attribute of a node: one integer, several, one float, or a text. */
type Attribute = number | readonly number[] | { readonly float: number } | {
  readonly text: string;
};

/** A size that is only known when the model runs, by its name. */
export type Dimension = number | string;

/** A graph of ONNX under construction. */
export class OnnxGraph {
  readonly #nodes: Message[] = [];
  readonly #initializers: Message[] = [];
  readonly #half: boolean;
  #count = 0;

  /** Starts empty; weights and what is computed are float16 if `half`. */
  constructor(half: boolean) {
    this.#half = half;
  }

  /** Adds a node and returns the name of its first output. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    outputs: readonly [string, ...string[]] = [
      `${operator.toLowerCase()}_${this.#count++}`,
    ],
  ): string {
    const [output] = outputs;
    const fields: Field[] = inputs.map((name) => [1, name]);
    fields.push(...outputs.map((name): Field => [2, name]));
    fields.push([3, `${output}_node`], [4, operator]);
    for (const [name, value] of Object.entries(attributes)) {
      fields.push([5, attribute(name, value)]);
    }
    this.#nodes.push(message(fields));
    return output;
  }

  /** Adds weights and returns their name. */
  weights(name: string, { shape, values }: FloatTensor): string {
    const stored = this.#half ? new Float16Array(values) : values;
    const bytes = new Uint8Array(
      stored.buffer as ArrayBuffer,
      stored.byteOffset,
      stored.byteLength,
    );
    const type = this.#half ? "float16" : "float32";
    this.#initializers.push(tensor(name, type, shape, bytes));
    return name;
  }

  /** Adds a vector of integers, as sizes are, and returns its name. */
  integers(name: string, values: readonly number[]): string {
    this.#initializers.push(
      tensor(name, "int64", [values.length], int64(values)),
    );
    return name;
  }

  /** Adds one integer without a dimension and returns its name. */
  integer(name: string, value: number): string {
    this.#initializers.push(tensor(name, "int64", [], int64([value])));
    return name;
  }

  /**
   * Adds one number without a dimension, of a type that does not depend on
   * `half`, and returns its name.
   */
  number(name: string, type: "float32" | "float64", value: number): string {
    const values = type === "float32"
      ? new Float32Array([value])
      : new Float64Array([value]);
    this.#initializers.push(
      tensor(name, type, [], new Uint8Array(values.buffer)),
    );
    return name;
  }

  /** Adds a vector of float32, whatever weights are, and returns its name. */
  floats(name: string, values: readonly number[]): string {
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    this.#initializers.push(tensor(name, "float32", [values.length], bytes));
    return name;
  }

  /**
   * Finishes the model.
   *
   * @param input Name, element type and shape.
   * @param outputs The same of each output.
   * @param metadata Free text by name.
   */
  model(
    input: Value,
    outputs: readonly Value[],
    metadata: Readonly<Record<string, string>>,
  ): Message {
    const graph = message([
      ...this.#nodes.map((node): Field => [1, node]),
      [2, "unet"],
      ...this.#initializers.map((one): Field => [5, one]),
      [11, valueInfo(input)],
      ...outputs.map((output): Field => [12, valueInfo(output)]),
    ]);
    return message([
      // IR version 8 is that of operator set 17.
      [1, 8],
      [2, "unet"],
      [7, graph],
      [8, message([[1, ""], [2, 17]])],
      ...Object.entries(metadata).map(([key, value]): Field => [
        14,
        message([[1, key], [2, value]]),
      ]),
    ]);
  }
}

/** An input or output: name, element type, sizes or their names, meaning. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
  /** What it holds, for programs that show it. */
  readonly description: string;
}

/** The number of an element type, as the operator `Cast` takes it. */
export function elementNumber(type: ElementType): number {
  return elementTypes[type];
}

function tensor(
  name: string,
  type: ElementType,
  shape: readonly number[],
  bytes: Uint8Array<ArrayBuffer>,
): Message {
  return message([
    ...shape.map((size): Field => [1, size]),
    [2, elementTypes[type]],
    [8, name],
    [9, bytes],
  ]);
}

function int64(values: readonly number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    BigInt64Array.from(values, (value) => BigInt(value)).buffer,
  );
}

function attribute(name: string, value: Attribute): Message {
  if (typeof value === "number") {
    return message([[1, name], [3, value], [20, 2]]);
  }
  if ("text" in value) {
    return message([[1, name], [4, value.text], [20, 3]]);
  }
  if ("float" in value) {
    // A float is four bytes without a length, which the encoder does not know.
    const bytes = new Uint8Array(5);
    bytes[0] = (2 << 3) | 5;
    new DataView(bytes.buffer).setFloat32(1, value.float, true);
    const named = message([[1, name]]), kind = message([[20, 1]]);
    return {
      pieces: [...named.pieces, bytes, ...kind.pieces],
      length: named.length + bytes.length + kind.length,
    };
  }
  return message([
    [1, name],
    ...value.map((one): Field => [8, one]),
    [20, 7],
  ]);
}

function valueInfo({ name, type, shape, description }: Value): Message {
  const dimensions = message(
    shape.map((size): Field => [
      1,
      message([typeof size === "number" ? [1, size] : [2, size]]),
    ]),
  );
  const tensorType = message([[1, elementTypes[type]], [2, dimensions]]);
  return message([
    [1, name],
    [2, message([[1, tensorType]])],
    [3, description],
  ]);
}
