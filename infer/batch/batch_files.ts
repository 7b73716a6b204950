import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import type { ManifestFile } from "./_manifest_file.ts";
import { presentOutputs } from "./present_outputs.ts";
import type { BatchFileState, ManifestContent } from "./read_manifest.ts";

/**
 * The files of a whole batch, as its table: each run writes them anew, and
 * nothing of another program, or that somebody changed since.
 */
export class BatchFiles {
  readonly #folder: string;
  readonly #file: ManifestFile | undefined;
  readonly #force: boolean;
  readonly #states = new Map<string, BatchFileState>();

  /**
   * Begins with what the manifests of a folder say.
   *
   * @param folder The output folder.
   * @param contents The manifests.
   * @param options The manifest that is written, and whether files of others
   * are replaced; without a manifest, files can only be checked.
   */
  constructor(
    folder: string,
    contents: readonly ManifestContent[],
    { file, force = false }: {
      readonly file?: ManifestFile;
      readonly force?: boolean;
    } = {},
  ) {
    this.#folder = folder;
    this.#file = file;
    this.#force = force;
    for (const { batchFiles } of contents) {
      for (const [path, state] of batchFiles) {
        const other = this.#states.get(path);
        if (!other || isLater(state, other)) this.#states.set(path, state);
      }
    }
  }

  /**
   * Makes sure that a file may be written: that nothing is there, or what the
   * program wrote itself.
   *
   * @param path Its path below the output folder.
   * @throws {FileError} If a file is there that another program wrote, or that
   * was changed since.
   */
  async check(path: string): Promise<void> {
    const [present] = await presentOutputs(this.#folder, [path]);
    if (!present || this.#force) return;
    const state = this.#states.get(path);
    if (state && (state.size ?? present.size) === present.size) return;
    throw new FileError(
      cannot("write", "output", join(this.#folder, path), {
        found: state
          ? "a file that was changed since this program wrote it"
          : "a file of that name",
        remedy: "move it away, or use `force` to replace it",
      }),
    );
  }

  /**
   * Writes a file, and notes it as the program's own.
   *
   * @param path Its path below the output folder.
   * @param write Writes it, atomically.
   * @throws {FileError} If it may not be replaced or cannot be written.
   * @throws {TypeError} If there is no manifest to note it in.
   */
  async write(
    path: string,
    write: (path: string) => Promise<void>,
  ): Promise<void> {
    if (!this.#file) {
      throw new TypeError(
        `Cannot write output "${path}": found no manifest, expected one`,
      );
    }
    await this.check(path);
    await this.#note(path);
    await write(join(this.#folder, path));
    const [written] = await presentOutputs(this.#folder, [path]);
    await this.#note(path, written?.size);
  }

  async #note(path: string, size?: number): Promise<void> {
    const at = new Date().toISOString();
    await this.#file!.append(
      size === undefined
        ? { event: "begin", at, outputs: [path] }
        : { event: "wrote", at, outputs: [{ path, size }] },
    );
    this.#states.set(path, { at, ...size === undefined ? {} : { size } });
  }
}

/** Of equal times, one that was begun is the later: it may be half written. */
function isLater(one: BatchFileState, other: BatchFileState): boolean {
  return one.at > other.at || one.at === other.at &&
      (one.size === undefined || other.size !== undefined);
}
