import type { InputValues } from "@unet/app/settings";
import type { Image } from "@unet/data";
import { brief } from "@unet/errors";
import { parseJson } from "@unet/files/parse-json";
import { RequestError } from "@unet/http";
import type { ModelFacts } from "../compute_messages.ts";
import { choicesOf } from "../parameters.ts";
import type { Choices } from "../server_room.ts";
import {
  bytesOf,
  channelsOf,
  type Datatype,
  datatypes,
  type ImageShape,
  imagesOfBytes,
  imagesOfValues,
  inputName,
  outputsOf,
} from "./tensors.ts";

/** An output that is wanted. */
export interface WantedOutput {
  /** Its name. */
  readonly name: string;
  /** Whether its values follow the JSON as bytes. */
  readonly isBinary: boolean;
}

/** A request for inference. */
export interface InferRequest {
  /** What the client calls it. */
  readonly id?: string;
  /** The images, of one size. */
  readonly images: readonly Image[];
  /** What is wanted, in the order of the answer. */
  readonly outputs: readonly WantedOutput[];
  /** What is an object. */
  readonly choices: Choices;
}

/** What a request is checked by. */
export interface InferRules {
  /** The model. */
  readonly model: Pick<ModelFacts, "input" | "heads">;
  /** Bytes of JSON before those of tensors; nothing where all is JSON. */
  readonly headerLength: string | null;
  /** Pixels of all images. */
  readonly mostPixels: number;
}

/** Bytes of JSON: what is larger comes as bytes behind it. */
const mostJson = 2 ** 24;

/** Values of an answer's JSON, where each takes some 20 bytes. */
const mostAnswered = 2 ** 20;

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a request for inference: JSON, with the values of tensors in it or, by
 * the protocol's binary extension, behind it.
 *
 * @param body The body.
 * @param rules What it is checked by.
 * @throws {RequestError} With status 400, if it is not one of this model; with
 * status 413, if the images have too many pixels, or an answer in JSON would
 * have too many values.
 * @throws {UsageError} If a parameter is none.
 */
export function parseInfer(
  body: Uint8Array<ArrayBuffer>,
  { model, headerLength, mostPixels }: InferRules,
): InferRequest {
  const length = headerLength === null
    ? body.length
    : countOf(headerLength, body.length);
  if (length > mostJson) {
    throw new RequestError(
      413,
      `Cannot infer: found ${length} bytes of JSON, expected at most ${mostJson}; send tensors as binary data`,
    );
  }
  const head = parseHead(body.subarray(0, length));
  const { id, parameters = {}, inputs, outputs = [] } = head;
  if (id !== undefined && !(typeof id === "string" && id.length <= 1000)) {
    throw bad("id", id, "a text");
  }
  const named = objectOf(parameters, "parameters");
  const { binary_data_output: isBinary = false, ...own } = named;
  if (typeof isBinary !== "boolean") {
    throw bad("binary_data_output", isBinary, "true or false");
  }
  const [input, ...more] = listOf(inputs, "inputs");
  if (input === undefined || more.length > 0) {
    throw bad("inputs", inputs, `one, "${inputName}"`);
  }
  const tensor = objectOf(input, "inputs");
  const shape = shapeOf(tensor, model, mostPixels);
  const wanted = wantedOf(listOf(outputs, "outputs"), model, isBinary);
  requireShort(wanted, model, shape);
  return {
    ...(id !== undefined && { id: id as string }),
    images: valuesOf(tensor, shape, body.subarray(length)),
    outputs: wanted,
    choices: choicesOf(ownParameters(own), "tensors", "parameters"),
  };
}

function parseHead(bytes: Uint8Array): Json {
  let value: unknown;
  try {
    value = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) {
      throw cause;
    }
    throw new RequestError(
      400,
      `Cannot read request: found ${
        cause instanceof SyntaxError ? cause.message : "bytes that are no text"
      }, expected JSON`,
      { cause },
    );
  }
  return objectOf(value, "request");
}

/** The type and shape of the input, before its values are looked at. */
function shapeOf(
  { name, datatype, shape }: Json,
  model: InferRules["model"],
  mostPixels: number,
): ImageShape {
  if (name !== inputName) throw bad("input", name, `"${inputName}"`);
  if (!datatypes.includes(datatype as Datatype)) {
    throw bad("datatype", datatype, datatypes.join(", "));
  }
  const channels = channelsOf(model);
  const expected = `[images, rows, columns, ${channels.join(" or ")}]`;
  const sizes = listOf(shape, "shape");
  const isSize = (size: unknown) =>
    Number.isSafeInteger(size) && Number(size) >= 1;
  if (sizes.length !== 4 || !sizes.every(isSize)) {
    throw bad("shape", shape, expected);
  }
  const [count, height, width, own] = sizes as [number, number, number, number];
  if (!channels.includes(own)) throw bad("shape", shape, expected);
  const pixels = count * height * width;
  if (pixels > mostPixels) {
    throw new RequestError(
      413,
      `Cannot infer: found ${pixels} pixels, expected at most ${mostPixels}`,
    );
  }
  return {
    datatype: datatype as Datatype,
    shape: [count, height, width, own],
  };
}

/** The values of the input. */
function valuesOf(
  { data, parameters = {} }: Json,
  tensor: ImageShape,
  rest: Uint8Array,
): Image[] {
  const { binary_data_size: size, ...others } = objectOf(
    parameters,
    "parameters",
  );
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw bad("parameter of the input", other, "binary_data_size");
  }
  const count = tensor.shape.reduce((product, each) => product * each);
  if (size === undefined) {
    if (rest.length > 0) {
      throw bad(
        "bytes behind the JSON",
        rest.length,
        "binary_data_size of the input",
      );
    }
    return imagesOfValues(flattened(data, tensor.shape), tensor);
  }
  if (data !== undefined) throw bad("data", "beside binary_data_size", "one");
  const expected = count * bytesOf(tensor.datatype);
  if (size !== expected) throw bad("binary_data_size", size, `${expected}`);
  if (rest.length !== expected) {
    throw bad("bytes behind the JSON", rest.length, `${expected}`);
  }
  return imagesOfBytes(rest, tensor);
}

/** Values as a list, flat or nested exactly as the shape says. */
function flattened(data: unknown, shape: readonly number[]): unknown[] {
  const list = listOf(data, "data"), found: unknown[] = [];
  const count = shape.reduce((product, each) => product * each);
  const add = (values: unknown, [length, ...inner]: readonly number[]) => {
    if (!Array.isArray(values) || values.length !== length) {
      throw bad(
        "data",
        Array.isArray(values) ? `a list of ${values.length}` : values,
        `lists nested as the shape [${shape}], or one of ${count} values`,
      );
    }
    if (inner.length === 0) found.push(...values);
    else for (const each of values) add(each, inner);
  };
  if (list.some(Array.isArray)) {
    add(list, shape);
    return found;
  }
  if (list.length === count) return [...list];
  throw bad("data", list.length, `${count} values, as the shape says`);
}

/** Refuses answers in JSON that would take the server's time and memory. */
function requireShort(
  outputs: readonly WantedOutput[],
  model: InferRules["model"],
  { shape: [count, height, width] }: ImageShape,
): void {
  const pixels = count * height * width;
  const values = outputsOf(model)
    .filter(({ name }) => outputs.some((o) => o.name === name && !o.isBinary))
    .reduce((sum, { shape }) => sum + pixels * (shape[3] ?? 1), 0);
  if (values <= mostAnswered) return;
  throw new RequestError(
    413,
    `Cannot infer: found ${values} values to answer as JSON, expected at most ${mostAnswered}; ask for binary data, or for fewer outputs`,
  );
}

function wantedOf(
  outputs: readonly unknown[],
  model: InferRules["model"],
  isBinary: boolean,
): WantedOutput[] {
  const known = outputsOf(model).map(({ name }) => name);
  if (outputs.length === 0) return known.map((name) => ({ name, isBinary }));
  if (outputs.length > known.length) {
    throw bad("outputs", outputs.length, `at most ${known.length}`);
  }
  const names = new Set<string>();
  return outputs.map((output) => {
    const { name, parameters = {} } = objectOf(output, "outputs");
    if (typeof name !== "string" || !known.includes(name) || names.has(name)) {
      throw bad("output", name, `${known.join(", ")}, each once`);
    }
    names.add(name);
    const { binary_data: own = isBinary, ...others } = objectOf(
      parameters,
      "parameters",
    );
    const [other] = Object.keys(others);
    if (other !== undefined) {
      throw bad("parameter of an output", other, "binary_data");
    }
    if (typeof own !== "boolean") {
      throw bad("binary_data", own, "true or false");
    }
    return { name, isBinary: own };
  });
}

function ownParameters(values: Json): InputValues {
  for (const [name, value] of Object.entries(values)) {
    if (["string", "number", "boolean"].includes(typeof value)) continue;
    throw bad(`parameter "${name}"`, value, "a text or a number");
  }
  return values as InputValues;
}

function countOf(text: string, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (value <= most) return value;
  throw bad(
    "Inference-Header-Content-Length",
    text,
    `bytes of the JSON, at most the body's ${most}`,
  );
}

function objectOf(value: unknown, what: string): Json {
  const isObject = typeof value === "object" && value !== null &&
    !Array.isArray(value);
  if (isObject) return value as Json;
  throw bad(what, value, "an object");
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw bad(what, value, "a list");
}

function bad(what: string, found: unknown, expected: string): RequestError {
  return new RequestError(
    400,
    `Cannot infer: found ${what} ${brief(found)}, expected ${expected}`,
  );
}
