import { join } from "@std/path";
import { describeWeakLock, flushFolder, type HeldLock } from "@unet/files";
import { finishedOutputs } from "./_finished_outputs.ts";
import { judgeFile } from "./_judge_file.ts";
import { doing, lockManifest } from "./_lock_manifest.ts";
import { ManifestFile } from "./_manifest_file.ts";
import { outputFolders } from "./_output_folders.ts";
import { statesOf } from "./_states_of.ts";
import type { BatchFile, Finished, Verdict } from "./batch_file.ts";
import { BatchFiles } from "./batch_files.ts";
import { type FileState, stateAfter } from "./file_state.ts";
import { manifestName } from "./manifest_name.ts";
import type { DoneEvent, ManifestEvent } from "./manifest_event.ts";
import {
  listManifests,
  type ManifestContent,
  readManifest,
} from "./read_manifest.ts";
import {
  differenceOf,
  idOfSetup,
  type Setup,
  type SetupDifference,
} from "./setup.ts";
import type { Shard } from "./shard.ts";
import { joinOthers, OtherFiles } from "./other_files.ts";
import { hashFile, readStamp } from "./source.ts";

/** What a manifest is opened for. */
export interface ManifestOptions extends Setup {
  /** Files of this run, its own shard's alone. */
  readonly files: number;
  /** What is written of each file, for the record. */
  readonly formats?: readonly string[];
  /** The shard, where the batch is in parts; each has a manifest of its own. */
  readonly shard?: Shard;
  /** Whether all is done anew and replaced; not by default. */
  readonly force?: boolean;
}

/**
 * The manifest of an output folder, open for a run: the results of
 * earlier runs, and what this run adds, line by line.
 *
 * It reads all manifests of the folder, those of other shards too, and writes
 * one: `manifest.jsonl`, or `manifest-2-of-8.jsonl` for a shard. Each line is
 * on the disk before its promise is kept. A line that a kill cut off is removed
 * at the next opening.
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
 *   await manifest.start(file);
 *   await Deno.writeTextFile(`${out}/a.png`, "a mask");
 *   const { hash, ...stamp } = await hashFile(input);
 *   await manifest.finish(file, { stamp, hash, counts: {}, seconds: 1 });
 *   await manifest.end();
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
   * What a person should know where the system may not keep other processes
   * from writing it, as on some network file systems; null where it does.
   */
  readonly lockWarning: string | null;
  /** The files of the whole batch, as its table. */
  readonly batchFiles: BatchFiles;
  /** Files beside images that these are read from too. */
  readonly otherFiles: OtherFiles = new OtherFiles();

  readonly #lock: HeldLock;
  readonly #file: ManifestFile;
  readonly #folder: string;
  readonly #force: boolean;
  readonly #states: Map<string, FileState>;
  readonly #own: Setup;
  /** The setups of all runs, by their ids. */
  readonly #setups: ReadonlyMap<string, Setup>;

  private constructor(
    folder: string,
    { path, lock, file, contents }: Opened,
    options: ManifestOptions,
  ) {
    this.path = path;
    this.setup = idOfSetup(options);
    this.faults = contents.flatMap(({ faults }) => faults);
    this.lockWarning = describeWeakLock(lock, "The output folder", doing);
    this.#lock = lock;
    this.#file = file;
    this.#folder = folder;
    this.#force = options.force ?? false;
    this.#states = statesOf(contents);
    this.batchFiles = new BatchFiles(folder, contents, {
      ...{ file, force: this.#force },
    });
    this.#own = { settings: options.settings, model: options.model };
    this.#setups = new Map(
      contents.flatMap(({ runs }) => runs).map((run) => [run.setup, run]),
    );
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
    const { settings, model, files, formats, shard } = options;
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
    await file.append({
      event: "run",
      version: 1,
      at: now(),
      setup: manifest.setup,
      settings,
      model,
      files,
      ...formats ? { formats } : {},
      ...shard ? { shard: `${shard.index}/${shard.count}` } : {},
    });
    await flushFolder(folder);
    stack.move();
    return manifest;
  }

  /** Folders below the output folder that outputs were begun in, with "/". */
  get outputFolders(): Set<string> {
    return outputFolders(this.#states.values());
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

  /** Every file that a manifest of the folder knows, by its name. */
  get states(): ReadonlyMap<string, FileState> {
    return this.#states;
  }

  /**
   * Whether a file is likely to be done, by what the manifests say alone; the
   * files are looked at by {@linkcode check}.
   *
   * @param file The file.
   * @returns Whether it is.
   */
  expects({ name, outputs }: BatchFile): boolean {
    const done = this.#force ? undefined : this.#states.get(name)?.done;
    if (!done || this.differenceFrom(done.setup)) return false;
    const known = new Set(done.outputs.map(({ path }) => path));
    return outputs.every((path) => known.has(path));
  }

  /**
   * The setup that a run of this folder had.
   *
   * @param id Its id.
   * @returns The setup; nothing where no manifest says it.
   */
  setupOf(id: string): Setup | undefined {
    return id === this.setup ? this.#own : this.#setups.get(id);
  }

  /**
   * Says what is different about the setup of another run of this folder.
   *
   * @param setup The id of its setup.
   * @returns The difference between that setup and this run's; undefined where
   * there is none.
   */
  differenceFrom(setup: string): SetupDifference | undefined {
    if (setup === this.setup) return undefined;
    const other = this.setupOf(setup);
    return other
      ? differenceOf(other, this.#own)
      : { one: "other settings or another model", other: "this run's" };
  }

  /**
   * Decides which outputs of a file are to be written, and makes sure that
   * no file of another run would be replaced.
   *
   * An output is kept if the file was finished with this setup, the output is
   * there, and the file's content is the same: by size and time, and where the
   * time alone differs, by hash. With `force` none is kept.
   *
   * Outputs that are there and belong to no begun work are never replaced
   * unless `force` says so, and none is added to those of another setup or
   * content.
   *
   * @param file The file.
   * @param signal Ends hashing early.
   * @returns Whether it is done, or else which outputs are missing.
   * @throws {FileError} If it cannot be read, or an output is there that this
   * run may not replace, or not add to.
   */
  async check(file: BatchFile, signal?: AbortSignal): Promise<Verdict> {
    const stamp = await readStamp(file.input);
    const state = this.#states.get(file.name);
    const verdict = await judgeFile(file, {
      folder: this.#folder,
      state,
      stamp,
      force: this.#force,
      differenceFrom: (setup) => this.differenceFrom(setup),
      hash: async () => (await hashFile(file.input, signal)).hash,
      compareOthers: (before) =>
        this.otherFiles.compare(file.input, before, signal),
    });
    if (!verdict.done) return verdict;
    if (!state?.failed && !verdict.isTouched) return verdict;
    // What a later run need not find out again.
    const renewed = { ...verdict.record, at: now() };
    await this.#note(renewed);
    return { ...verdict, record: renewed };
  }

  /**
   * Notes that outputs of a file are about to be written, so that they are
   * known as the program's own if it is killed before it has finished them.
   *
   * @param file The file.
   * @param outputs Which outputs; all by default.
   * @throws {FileError} If the manifest cannot be written.
   */
  async start(file: BatchFile, outputs = file.outputs): Promise<void> {
    const { name } = file;
    await this.#note({ event: "start", at: now(), name, outputs });
  }

  /**
   * Notes that a file is done. Its outputs of before that have the same setup
   * and content, and were not begun anew, stay noted.
   *
   * @param file The file; all its outputs are in their places.
   * @param finished What is known of it.
   * @returns What was noted.
   * @throws {FileError} If an output is not there, or the manifest cannot be
   * written.
   */
  async finish(file: BatchFile, finished: Finished): Promise<DoneEvent> {
    const { name, input } = file;
    const { stamp, hash, others, ...rest } = finished;
    const before = this.#states.get(name)?.done;
    const joined = joinOthers(before?.others, others);
    const isSame = before?.hash === hash && joined !== undefined &&
      !this.differenceFrom(before.setup);
    const read = isSame ? joined : others ?? [];
    const event: DoneEvent = {
      ...{ event: "done", at: now(), name, input },
      ...{ size: stamp.size, modified: stamp.modified, hash },
      ...read.length > 0 ? { others: read } : {},
      setup: this.setup,
      outputs: await finishedOutputs(file, {
        folder: this.#folder,
        before: isSame ? before.outputs : [],
      }),
      ...rest,
    };
    await this.#note(event);
    return event;
  }

  /**
   * Notes that a file could not be segmented.
   *
   * @throws {FileError} If the manifest cannot be written.
   */
  async fail({ name, input }: BatchFile, error: Error): Promise<void> {
    const { message } = error, file = { name, input, error: message };
    await this.#note({ event: "failed", at: now(), ...file });
  }

  /**
   * Notes that the run went through all its files.
   *
   * @throws {FileError} If the manifest cannot be written.
   */
  async end(): Promise<void> {
    await this.#file.append({ event: "end", at: now() });
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
    this.#lock[Symbol.dispose]();
  }

  async #note(event: Extract<ManifestEvent, { name: string }>): Promise<void> {
    await this.#file.append(event);
    const before = this.#states.get(event.name);
    this.#states.set(event.name, stateAfter(before, event));
  }
}

interface Opened {
  readonly path: string;
  readonly lock: HeldLock;
  readonly file: ManifestFile;
  readonly contents: readonly ManifestContent[];
}

function now(): string {
  return new Date().toISOString();
}
