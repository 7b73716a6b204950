import { briefText, cannot, ModelError } from "@unet/errors";
import { scaleNameOf } from "./eight_bits.ts";
import { floatValues, isFloating } from "./float_values.ts";
import type { SafetensorsView } from "./safetensors.ts";

/** The name of a file of values in messages. */
export interface FileLabel {
  /** What kind of thing it is. */
  readonly thing: "model" | "weights";
  /** Which one: its path. */
  readonly name: string;
}

/** Tensors by name. */
type Tensors = ReadonlyMap<string, SafetensorsView>;

/**
 * In 32 bits, one number or two: the bits of exponents, all of them 1 in NaN and
 * in infinities alone, and the least of these bits. Added to the others, it
 * carries into the place of the sign only where all are 1.
 */
const exponents = {
  F32: { bits: 0x7f80_0000, least: 0x0080_0000 },
  F16: { bits: 0x7c00_7c00, least: 0x0400_0400 },
  BF16: { bits: 0x7f80_7f80, least: 0x0080_0080 },
} as const;

/** The places of the signs of two numbers of 16 bits, and of one of 32. */
const signs = 0x8000_8000;

/**
 * Refuses weights that no network computes with: numbers that are not finite as
 * float32, and variances below 0.
 *
 * @param tensors The tensors by PyTorch's names; integers are not looked at.
 * @param file What to call the file in a message.
 * @throws {ModelError} Naming the first such number and its tensor.
 */
export function checkValues(tensors: Tensors, file: FileLabel): void {
  for (const [tensor, view] of tensors) {
    if (!isFloating(view)) continue;
    if (!areFinite(view)) {
      const isBad = (value: number): boolean => !Number.isFinite(value);
      throw refused(file, tensor, {
        value: floatValues(view).find(isBad)!,
        expected: "finite numbers",
      });
    }
    if (!/(^|\.)running_var$/.test(tensor)) continue;
    const value = floatValues(view).find((value) => value < 0);
    if (value === undefined) continue;
    throw refused(file, tensor, { value, expected: "variances from 0" });
  }
}

/**
 * Refuses scales of 8-bit tensors that are not finite or not above 0.
 *
 * @param tensors The file's tensors, before they are widened.
 * @param file What to call the file in a message.
 * @throws {ModelError} Naming the first such scale and its tensor.
 */
export function checkScales(tensors: Tensors, file: FileLabel): void {
  for (const [tensor, { dtype }] of tensors) {
    if (dtype !== "I8") continue;
    const scaleName = scaleNameOf(tensor), view = tensors.get(scaleName);
    if (view === undefined || !isFloating(view)) continue;
    const value = floatValues(view).find((value) =>
      !(value > 0 && value < Infinity)
    );
    if (value === undefined) continue;
    throw refused(file, scaleName, {
      value,
      expected: "finite scales above 0",
    });
  }
}

/** Looks at bits, for millions of them are looked at whenever a model is read. */
function areFinite(view: SafetensorsView): boolean {
  const { dtype } = view;
  if (dtype === "F64") {
    return floatValues(view).every((value) => Number.isFinite(value));
  }
  const { bits, least } = exponents[dtype as keyof typeof exponents];
  const words = wordsOf(view);
  let carried = 0;
  for (let at = 0; at < words.length; at++) {
    carried |= (words[at]! & bits) + least;
  }
  return (carried & signs) === 0;
}

/** The bytes as words of 32 bits, copied only where they are not aligned. */
function wordsOf({ bytes }: SafetensorsView): Int32Array {
  const count = Math.ceil(bytes.length / 4);
  if (bytes.byteOffset % 4 === 0 && bytes.length % 4 === 0) {
    return new Int32Array(bytes.buffer, bytes.byteOffset, count);
  }
  const words = new Int32Array(count);
  new Uint8Array(words.buffer).set(bytes);
  return words;
}

function refused(
  { thing, name }: FileLabel,
  tensor: string,
  { value, expected }: { value: number; expected: string },
): ModelError {
  return new ModelError(
    cannot("load", thing, name, {
      found: `${value} in ${briefText(tensor)}`,
      expected,
    }),
  );
}
