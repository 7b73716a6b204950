import { createHash } from "node:crypto";
import { join, resolve } from "@std/path";
import { parseJson, readTextFile, writeFile } from "@unet/files";
import { cacheVersion, isFile } from "./cache_file.ts";
import type { Case } from "../dataset/case.ts";
import type { CaseOptions } from "../dataset/case_options.ts";
import { classesOfImage } from "../dataset/object_classes.ts";
import type { DatasetFile } from "../dataset/dataset_file.ts";

/**
 * Which cached file belongs to which case of a dataset, by names, sizes and
 * stamps, so that unchanged files need not be read to be found again.
 */
export interface CacheIndex {
  /** The key of the cached file of a case, by the case's fingerprint. */
  find(fingerprint: string): string | undefined;
  /** Notes the key of a case. */
  keep(fingerprint: string, key: string): void;
  /** Writes what was noted, and nothing of before, if it changed. */
  save(): Promise<void>;
}

/** Opens the index of a dataset; empty where there is none that can be used. */
export async function openCacheIndex(
  folder: string,
  datasetPath: string,
): Promise<CacheIndex> {
  const name = digest([resolve(datasetPath)]).slice(0, 16);
  const path = join(folder, "index", `${name}.json`);
  const text = await isFile(path)
    ? await readTextFile(path, "cache index")
    : "";
  const known = parse(text);
  const kept = new Map<string, string>();
  return {
    find: (fingerprint) => known.get(fingerprint),
    keep: (fingerprint, key) => kept.set(fingerprint, key),
    save: async () => {
      const next = JSON.stringify({
        version: cacheVersion,
        dataset: resolve(datasetPath),
        keys: Object.fromEntries([...kept].sort()),
      });
      if (next !== text) await writeFile(path, next, "cache index");
    },
  };
}

/**
 * Names a case by the names, sizes and stamps of its files, and what is read
 * of its image and masks.
 */
export function fingerprintOf(each: Case, options: CaseOptions): string {
  const stateOf = (file: DatasetFile) => [file.name, file.size, file.stamp];
  const { id, layout, images, masks } = each;
  return digest([
    JSON.stringify([id, layout, images.map(stateOf), masks.map(stateOf)]),
    describeOptions(options, each.id),
  ]);
}

/**
 * What is read of image and masks of a case, as text; the same for the same
 * options.
 */
export function describeOptions(options: CaseOptions, id: string): string {
  const { channel, channels, plane, time, level } = options;
  const { mask = "auto", background = [0], classes, ignore = [] } = options;
  const { objectClasses, normalization = "stretch-dark" } = options;
  return JSON.stringify(
    [
      ...[channel, plane, time, level, mask, background, ignore],
      // Names of classes change nothing of what is kept.
      classes?.map(({ value }) => value),
      ...channels ? [channels] : [],
      ...objectClasses
        ? [Object.entries(classesOfImage(objectClasses, id)).sort()]
        : [],
      // Kept apart from what was cached before there were two rules.
      ...normalization === "stretch-dark" ? [] : [{ normalization }],
    ].map((one) => one ?? null),
  );
}

/** SHA-256 over pieces and their lengths, in hexadecimal, 32 digits. */
export function digest(pieces: Iterable<string | Uint8Array>): string {
  const hash = createHash("sha256");
  for (const piece of pieces) {
    hash.update(`${typeof piece === "string"} ${piece.length} `).update(piece);
  }
  return hash.digest("hex").slice(0, 32);
}

/** A damaged index only costs reading the files again. */
function parse(text: string): Map<string, string> {
  const start = `{"version":${cacheVersion},`;
  if (!text.startsWith(start) || !text.endsWith("}}")) return new Map();
  try {
    const { keys } = parseJson(text) as { keys?: Record<string, unknown> };
    const entries = Object.entries(keys ?? {}).flatMap(([print, key]) =>
      typeof key === "string" && /^[0-9a-f]{32}$/.test(key)
        ? [[print, key] as const]
        : []
    );
    return new Map(entries);
  } catch (cause) {
    if (cause instanceof SyntaxError) return new Map();
    throw cause;
  }
}
