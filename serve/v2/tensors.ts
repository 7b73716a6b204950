import type { Image } from "@unet/data";
import { brief } from "@unet/errors";
import { RequestError } from "@unet/http";
import { hasChosenChannels } from "@unet/task";
import type { ModelFacts } from "../compute_messages.ts";

/** The name of the one input. */
export const inputName = "image";

/** The name of the output that no head has. */
export const labelsName = "labels";

/** A tensor as a model's description lists it. */
export interface TensorFacts {
  /** Its name. */
  readonly name: string;
  /** The type of its values. */
  readonly datatype: Datatype | "INT32";
  /** Its size along each axis; −1 where each request decides. */
  readonly shape: readonly number[];
}

/** How values are stored. */
const types = {
  UINT8: { bytes: 1, depth: 8, make: Uint8Array, most: 255 },
  UINT16: { bytes: 2, depth: 16, make: Uint16Array, most: 65_535 },
  FP32: { bytes: 4, depth: 32, make: Float32Array, most: Infinity },
} as const;

/** The types of an image's values. */
export type Datatype = keyof typeof types;

/** The types of an image's values, as the protocol names them. */
export const datatypes = Object.keys(types) as readonly Datatype[];

/** Bytes of a value. */
export function bytesOf(datatype: Datatype): number {
  return types[datatype].bytes;
}

/** What a model takes. */
export function inputOf({ input }: Pick<ModelFacts, "input">): TensorFacts {
  // Of color, 8 bits are the values of a PNG; channels may have any range.
  return {
    name: inputName,
    datatype: hasChosenChannels(input) ? "FP32" : "UINT8",
    shape: [-1, -1, -1, input.channels.length],
  };
}

/** How many channels images may have. */
export function channelsOf({ input }: Pick<ModelFacts, "input">): number[] {
  // Gray is seen as color whose channels are equal, as in files.
  return hasChosenChannels(input)
    ? [input.channels.length]
    : [input.channels.length, 1];
}

/** What a model gives: the values of its heads, and what they come to. */
export function outputsOf({ heads }: Pick<ModelFacts, "heads">): TensorFacts[] {
  return [
    ...heads.map(({ name, channels }): TensorFacts => ({
      ...{ name, datatype: "FP32", shape: [-1, -1, -1, channels] },
    })),
    { name: labelsName, datatype: "INT32", shape: [-1, -1, -1] },
  ];
}

/** An image tensor without its values. */
export interface ImageShape {
  /** The type of its values. */
  readonly datatype: Datatype;
  /** Images, rows, columns, channels. */
  readonly shape: readonly [number, number, number, number];
}

/**
 * Makes images of the bytes of a tensor, little-endian.
 *
 * @param bytes Its values, of the right number.
 * @param tensor Its type and shape.
 * @throws {RequestError} With status 400, if a value is no finite number.
 */
export function imagesOfBytes(
  bytes: Uint8Array,
  tensor: ImageShape,
): Image[] {
  // In memory of its own, where numbers of several bytes may begin.
  const { buffer } = bytes.slice();
  return imagesOf(new types[tensor.datatype].make(buffer), tensor);
}

/**
 * Makes images of the numbers of a tensor.
 *
 * @param values Its values, of the right number.
 * @param tensor Its type and shape.
 * @throws {RequestError} With status 400, if a value is none of the type.
 */
export function imagesOfValues(
  values: readonly unknown[],
  tensor: ImageShape,
): Image[] {
  const { make, most, depth } = types[tensor.datatype];
  const isRight = (value: unknown): boolean =>
    typeof value === "number" &&
    (depth === 32
      ? Number.isFinite(Math.fround(value))
      : Number.isInteger(value) && value >= 0 && value <= most);
  const wrong = values.find((value) => !isRight(value));
  if (wrong !== undefined) throw notOfType(wrong, tensor);
  return imagesOf(make.from(values as number[]), tensor);
}

function imagesOf(values: Image["data"], tensor: ImageShape): Image[] {
  const { depth } = types[tensor.datatype];
  const [count, height, width, channels] = tensor.shape;
  if (depth === 32) {
    const wrong = values.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) throw notOfType(wrong, tensor);
  }
  const size = height * width * channels;
  return Array.from({ length: count }, (_, at) => ({
    ...{ width, height, channels, depth },
    data: values.slice(at * size, (at + 1) * size),
  }));
}

function notOfType(value: unknown, { datatype }: ImageShape): RequestError {
  return new RequestError(
    400,
    `Cannot use input "${inputName}": found the value ${
      typeof value === "number" ? value : brief(value)
    }, expected ${
      datatype === "FP32" ? "finite numbers" : `numbers of ${datatype}`
    }`,
  );
}
