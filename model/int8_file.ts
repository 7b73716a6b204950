import { cannot, ModelError } from "@unet/errors";
import { readFile, writeFile } from "@unet/files";
import type { FeatureLimits } from "./int8.ts";
import { findModelFile } from "./find_model_file.ts";
import { readModel, type SavedModel } from "./model_file.ts";

const formatVersion = 1;

/** The file beside a model's that holds the limits of its features. */
function int8FileOf(modelFile: string): string {
  return `${modelFile.replace(/\.safetensors$/, "")}.int8.json`;
}

/**
 * Saves how large a model's features get beside its file, as
 * `model.int8.json`, with the file's SHA-256.
 *
 * @param path A model file, a model folder or a run folder.
 * @param limits The limits, by layer.
 * @returns Where they were saved.
 * @throws {FileError} If the model cannot be read or the file be written.
 */
export async function saveFeatureLimits(
  path: string,
  limits: FeatureLimits,
): Promise<string> {
  const modelFile = await findModelFile(path), file = int8FileOf(modelFile);
  const content = {
    formatVersion,
    model: await hashBytes(await readFile(modelFile, "model")),
    limits: Object.fromEntries(limits),
  };
  const text = `${JSON.stringify(content, null, 2)}\n`;
  await writeFile(file, [new TextEncoder().encode(text)]);
  return file;
}

/**
 * Reads what {@linkcode saveFeatureLimits} saved.
 *
 * @param model A model file, a model folder or a run folder; or one that was
 * read.
 * @returns The limits, by layer.
 * @throws {FileError} If the model or the limits cannot be read.
 * @throws {ModelError} If the limits are those of other weights or damaged.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import {
 *   createModel,
 *   encodeModel,
 *   loadFeatureLimits,
 *   saveFeatureLimits,
 * } from "@unet/model";
 * import { writeFile } from "@unet/files";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * const folder = await Deno.makeTempDir(), file = `${folder}/a.safetensors`;
 * await writeFile(file, await encodeModel(model));
 * await saveFeatureLimits(file, new Map([["encoder.features.0", 2.5]]));
 * const limits = await loadFeatureLimits(file);
 * assertEquals([...limits], [["encoder.features.0", 2.5]]);
 * model.dispose();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function loadFeatureLimits(
  model: string | SavedModel,
): Promise<FeatureLimits> {
  const saved = typeof model === "string" ? await readModel(model) : model;
  const file = int8FileOf(saved.path);
  const remedy = "measure them with unet calibrate";
  const refused = (found: string, cause?: unknown): ModelError =>
    new ModelError(
      cannot("load", "limits of features", file, {
        found,
        expected: "what calibrate wrote for the model beside it",
        remedy,
      }),
      { cause },
    );
  const bytes = await readFile(file, "limits of features").catch((cause) => {
    if (cause.cause instanceof Deno.errors.NotFound) {
      throw refused("no such file", cause);
    }
    throw cause;
  });
  const { model: hash, limits } = parse(bytes, refused);
  if (hash !== await hashModel(saved)) {
    throw refused("limits of other weights");
  }
  return limits;
}

function parse(
  bytes: Uint8Array,
  refused: (found: string, cause?: unknown) => ModelError,
): { model: string; limits: FeatureLimits } {
  let content: unknown;
  try {
    content = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    );
  } catch (cause) {
    throw refused("no JSON", cause);
  }
  const { formatVersion: version, model, limits } = (content ?? {}) as Record<
    string,
    unknown
  >;
  if (version !== formatVersion) throw refused(`version ${String(version)}`);
  const entries = Object.entries((limits ?? {}) as Record<string, unknown>);
  for (const [name, limit] of entries) {
    if (typeof limit === "number" && limit >= 0) continue;
    throw refused(`${JSON.stringify(limit)} for ${name}`);
  }
  return {
    model: String(model),
    limits: new Map(entries as [string, number][]),
  };
}

/**
 * Names a model by its content: the SHA-256 of its file, in hexadecimal.
 *
 * @param saved The model's file, read.
 * @returns The hash.
 */
export async function hashModel({ bytes }: SavedModel): Promise<string> {
  return await hashBytes(bytes);
}

async function hashBytes(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest(
    "SHA-256",
    bytes as Uint8Array<ArrayBuffer>,
  );
  return new Uint8Array(hash).toHex();
}
