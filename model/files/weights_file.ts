import { cannot, ModelError } from "@unet/errors";
import { recognizeForeignFile } from "../foreign_file.ts";
import { checkEightBits } from "../model_header.ts";
import { checkScales, checkValues } from "./check_values.ts";
import { withoutEightBits } from "./eight_bits.ts";
import { parseSafetensors, type SafetensorsView } from "./safetensors.ts";
import { parseTorch } from "./torch_file.ts";

/** Weights out of a file, whatever its format. */
export interface WeightsFile {
  /** The tensors by name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, SafetensorsView>;
  /** Free text of a safetensors header; empty for other formats. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads weights in safetensors or in PyTorch's formats; the bytes decide which.
 *
 * @param bytes The file.
 * @param name What to call it in a message; its ending decides which format a
 * damaged file is said to miss.
 * @returns The tensors, 8-bit ones multiplied by their scales; nothing of the
 * file was run.
 * @throws {ModelError} If the file is damaged, or holds more than tensors, or
 * if numbers are not finite, variances below 0, or scales not above 0.
 *
 * @example
 * ```ts
 * import { parseWeights, serializeTorch } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const tensor = { shape: [1], values: new Float32Array([1]) };
 * const pieces = serializeTorch(new Map([["features.0.bias", tensor]]));
 * const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
 * const { tensors } = parseWeights(bytes, "vgg.pth");
 * assertEquals([...tensors.keys()], ["features.0.bias"]);
 * ```
 */
export function parseWeights(bytes: Uint8Array, name: string): WeightsFile {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  // A pickle's first opcode with the protocol that torch.save takes.
  const isPickle = bytes[0] === 0x80 && bytes[1] === 2;
  const isTorch = isZip || isPickle;
  const foreign = isTorch ? undefined : recognizeForeignFile(bytes);
  if (foreign !== undefined) {
    throw new ModelError(
      cannot("read", "weights", name, {
        found: foreign.what,
        expected: "safetensors or a PyTorch file",
        ...(foreign.remedy !== undefined && { remedy: foreign.remedy }),
      }),
    );
  }
  if (isTorch || /\.(pth|pt|bin|ckpt)$/i.test(name)) {
    const tensors = parseTorch(bytes, name);
    checkValues(tensors, { thing: "weights", name });
    return { tensors, metadata: {} };
  }
  const file = parseSafetensors(bytes, name);
  if (file.metadata.format === "unet") {
    checkEightBits(file, { thing: "weights", name });
  }
  checkScales(file.tensors, { thing: "weights", name });
  const floats = withoutEightBits(file, name);
  checkValues(floats.tensors, { thing: "weights", name });
  return floats;
}
