import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { type FileLock, flushFolder } from "@unet/files";
import { judgeFile } from "./_judge_file.ts";
import { lockManifest } from "./_lock_manifest.ts";
import { ManifestFile } from "./_manifest_file.ts";
import { presentOutputs } from "./_present_outputs.ts";
import type { BatchFile, Finished, Verdict } from "./batch_file.ts";
import { type FileState, latestState, stateAfter } from "./file_state.ts";
import type { DoneEvent, ManifestEvent } from "./manifest_event.ts";
import {
  listManifests,
  type ManifestContent,
  readManifest,
} from "./read_manifest.ts";
import { idOfSetup, type Setup } from "./setup.ts";
import type { Shard } from "./shard.ts";
import { hashFile, readStamp } from "./source.ts";

/** What a manifest is opened for. */
export interface ManifestOptions extends Setup {
  /** Files of this run, its own shard's alone. */
  readonly files: number;
  /** The shard, where the batch is in parts; each has a manifest of its own. */
  readonly shard?: Shard;
  /** Whether all is done anew and replaced; not by default. */
  readonly force?: boolean;
}

/**
 * The manifest of an output folder, open for a run: what was done before, and
 * what this run adds, line by line.
 *
 * It reads all manifests of the folder, those of other shards too, and writes
 * one: `manifest.jsonl`, or `manifest-2-of-8.jsonl` for a shard. Each line is
 * on the disk before a call returns. A line that a kill cut off is removed at
 * the next opening.
 *
 * @example
 * ```ts
 * import { hashFile, Manifest } from "@unet/infer/batch";
 * import { assert } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const input = `${folder}/a.tif`, out = `${folder}/out`;
 * await Deno.mkdir(out);
 * await Deno.writeTextFile(input, "an image");
 * const file = { name: "a.tif", input, outputs: ["a.png"] };
 * const setup = { settings: { overlap: 32 }, model: "0123", files: 1 };
 * {
 *   using manifest = await Manifest.open(out, setup);
 *   assert(!(await manifest.check(file)).done);
 *   manifest.start(file);
 *   await Deno.writeTextFile(`${out}/a.png`, "a mask");
 *   const { hash, ...stamp } = await hashFile(input);
 *   await manifest.finish(file, { stamp, hash, counts: {}, seconds: 1 });
 *   manifest.end();
 * }
 * using again = await Manifest.open(out, setup);
 * assert((await again.check(file)).done);
 * ```
 */
export class Manifest implements Disposable {
  /** Its path. */
  readonly path: string;
  /** The setup's id. */
  readonly setup: string;
  /** Lines of the folder's manifests that could not be read, a message each. */
  readonly faults: readonly string[];
  /**
   * Whether the system keeps other processes from writing it; some network
   * file systems cannot.
   */
  readonly isLocked: boolean;

  readonly #lock: FileLock;
  readonly #file: ManifestFile;
  readonly #folder: string;
  readonly #force: boolean;
  readonly #states: Map<string, FileState>;

  private constructor(
    folder: string,
    { path, lock, file, contents }: Opened,
    options: ManifestOptions,
  ) {
    this.path = path;
    this.setup = idOfSetup(options);
    this.faults = contents.flatMap(({ faults }) => faults);
    this.isLocked = lock.isLocked;
    this.#lock = lock;
    this.#file = file;
    this.#folder = folder;
    this.#force = options.force ?? false;
    this.#states = statesOf(contents);
  }

  /**
   * Opens the manifest of an output folder, or makes it.
   *
   * @param folder The output folder, which is there already.
   * @param options The setup and extent of the run.
   * @returns The manifest, closed when disposed.
   * @throws {FileError} If it cannot be read or written, another process writes
   * it, or a file of that name is no manifest.
   */
  static async open(
    folder: string,
    options: ManifestOptions,
  ): Promise<Manifest> {
    const { settings, model, files, shard } = options;
    const path = join(folder, manifestName(shard));
    using stack = new DisposableStack();
    const lock = stack.use(await lockManifest(path));
    const contents: ManifestContent[] = [];
    for (const each of await listManifests(folder)) {
      contents.push(await readManifest(each));
    }
    const own = contents.find((content) => content.path === path);
    const file = stack.use(await ManifestFile.open(path, own));
    const opened = { path, lock, file, contents };
    const manifest = new Manifest(folder, opened, options);
    file.append({
      event: "run",
      version: 1,
      at: now(),
      setup: manifest.setup,
      settings,
      model,
      files,
      ...shard ? { shard: `${shard.index}/${shard.count}` } : {},
    });
    await flushFolder(folder);
    stack.move();
    return manifest;
  }

  /**
   * What is known of a file.
   *
   * @param name Its name in the manifest.
   * @returns Its state, or nothing where it was never met.
   */
  stateOf(name: string): FileState | undefined {
    return this.#states.get(name);
  }

  /**
   * Whether a file is likely to be done, by what the manifests say alone; the
   * files are looked at by {@linkcode check}.
   */
  expects({ name, outputs }: BatchFile): boolean {
    const done = this.#force ? undefined : this.#states.get(name)?.done;
    const known = new Set(done?.outputs.map(({ path }) => path));
    return done?.setup === this.setup &&
      outputs.every((path) => known.has(path));
  }

  /**
   * Decides whether a file is to be segmented, and makes sure that nothing
   * foreign would be replaced.
   *
   * It is done if it was finished with this setup, the outputs are there, and
   * its content is the same: by size and time, and where the time alone
   * differs, by hash. With `force` nothing is done.
   *
   * Outputs that are there and belong to no begun work are never replaced
   * unless `force` says so.
   *
   * @param file The file.
   * @param signal Ends hashing early.
   * @returns Whether it is done.
   * @throws {FileError} If it cannot be read, or an output is there that this
   * run may not replace.
   */
  async check(file: BatchFile, signal?: AbortSignal): Promise<Verdict> {
    const stamp = await readStamp(file.input);
    if (this.#force) return { done: false, stamp };
    const state = this.#states.get(file.name);
    const verdict = await judgeFile(file, {
      folder: this.#folder,
      setup: this.setup,
      state,
      stamp,
      hash: async () => (await hashFile(file.input, signal)).hash,
    });
    if (!verdict.done) return verdict;
    const { record } = verdict;
    // What a later run need not find out again.
    if (state?.failed || record.modified !== stamp.modified) {
      const renewed = { ...record, at: now(), modified: stamp.modified };
      this.#note(renewed);
      return { ...verdict, record: renewed };
    }
    return verdict;
  }

  /**
   * Notes that a file's outputs are about to be written, so that they are known
   * as the program's own if it is killed before it has finished them.
   *
   * @throws {FileError} If the manifest cannot be written.
   */
  start({ name, outputs }: BatchFile): void {
    this.#note({ event: "start", at: now(), name, outputs });
  }

  /**
   * Notes that a file is done.
   *
   * @param file The file; all its outputs are in their places.
   * @param finished What is told of it.
   * @returns What was noted.
   * @throws {FileError} If an output is not there, or the manifest cannot be
   * written.
   */
  async finish(
    { name, input, outputs }: BatchFile,
    { stamp, hash, counts, seconds }: Finished,
  ): Promise<DoneEvent> {
    const written = await presentOutputs(this.#folder, outputs);
    const missing = outputs.find((output) =>
      !written.some(({ path }) => path === output)
    );
    if (missing !== undefined) {
      throw new FileError(
        cannot("finish", "output", join(this.#folder, missing), {
          found: "no file of that name",
          expected: "it as it was just written",
        }),
      );
    }
    const event: DoneEvent = {
      event: "done",
      at: now(),
      name,
      input,
      size: stamp.size,
      modified: stamp.modified,
      hash,
      setup: this.setup,
      outputs: written,
      counts,
      seconds,
    };
    this.#note(event);
    return event;
  }

  /**
   * Notes that a file could not be segmented.
   *
   * @throws {FileError} If the manifest cannot be written.
   */
  fail({ name, input }: BatchFile, error: Error): void {
    const at = now();
    this.#note({ event: "failed", at, name, input, error: error.message });
  }

  /**
   * Notes that the run went through all its files.
   *
   * @throws {FileError} If the manifest cannot be written.
   */
  end(): void {
    this.#file.append({ event: "end", at: now() });
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
    this.#lock[Symbol.dispose]();
  }

  #note(event: Extract<ManifestEvent, { name: string }>): void {
    this.#file.append(event);
    const before = this.#states.get(event.name);
    this.#states.set(event.name, stateAfter(before, event));
  }
}

interface Opened {
  readonly path: string;
  readonly lock: FileLock;
  readonly file: ManifestFile;
  readonly contents: readonly ManifestContent[];
}

/**
 * The name of the manifest of a batch or of a shard.
 *
 * @param shard The shard; absent for a whole batch.
 * @returns The file's name within the output folder.
 */
export function manifestName(shard?: Shard): string {
  return shard
    ? `manifest-${shard.index}-of-${shard.count}.jsonl`
    : "manifest.jsonl";
}

function now(): string {
  return new Date().toISOString();
}

/** What all manifests of a folder say. */
function statesOf(
  contents: readonly ManifestContent[],
): Map<string, FileState> {
  const states = new Map<string, FileState>();
  for (const { files } of contents) {
    for (const [name, state] of files) {
      const other = states.get(name);
      states.set(name, other ? latestState(other, state) : state);
    }
  }
  return states;
}
