import { brief, cannot, ModelError } from "@unet/errors";
import { parseJson, readFile, writeFile } from "@unet/files";
import type { FeatureLimits } from "./int8.ts";
import { readModelFile } from "./find_model_file.ts";
import { readModel, type SavedModel } from "./load_model.ts";

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
  const { path: modelFile, bytes } = await readModelFile(path);
  const file = int8FileOf(modelFile);
  const content = {
    formatVersion,
    model: await hashBytes(bytes),
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
        expected: "limits that calibrate wrote for the model beside it",
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
    const decoder = new TextDecoder("utf-8", { fatal: true });
    content = parseJson(decoder.decode(bytes), { deepest: 8 });
  } catch (cause) {
    throw refused(
      cause instanceof SyntaxError ? cause.message : "bytes that are not text",
      cause,
    );
  }
  if (!isRecord(content)) throw refused(brief(content));
  const { formatVersion: version, model, limits } = content;
  if (version !== formatVersion) throw refused(`version ${brief(version)}`);
  if (typeof model !== "string") throw refused(`${brief(model)} as model`);
  if (!isRecord(limits)) throw refused(`${brief(limits)} as limits`);
  const known = new Map<string, number>();
  for (const [name, limit] of Object.entries(limits)) {
    if (typeof limit !== "number" || !(limit >= 0)) {
      throw refused(`${brief(limit)} for ${brief(name)}`);
    }
    known.set(name, limit);
  }
  return { model, limits: known };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
