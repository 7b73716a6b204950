import { createHash } from "node:crypto";
import { dirname, join } from "@std/path";
import { isAt, tryLock } from "./_try_lock.ts";
import { flushFolder } from "./flush_folder.ts";

/**
 * The names of temporary files and folders: a UUID, without the final name,
 * which may be as long as a name can be; then the machine that made it, which
 * older versions left out.
 */
export const temporaryName =
  /^\.([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})(?:-([0-9a-f]{8}))?\.(part|new)$/;

/** Stands for a machine that does not know its name. */
const unnamed = "00000000";

/** The name of this machine in a few digits, or zeros where it may not be read. */
function machineTag(): string {
  const { state } = Deno.permissions.querySync({
    name: "sys",
    kind: "hostname",
  });
  if (state !== "granted") return unnamed;
  return createHash("sha256").update(Deno.hostname()).digest("hex").slice(0, 8);
}

/** Whether a tag is this machine's; older versions, which had none, are too. */
export function isOfThisMachine(tag: string | undefined): boolean {
  return tag === undefined || tag !== unnamed && tag === machineTag();
}

/**
 * A new file under a temporary name, locked while its process writes it: a
 * killed process loses the lock, so that others know which files to remove.
 * With `using`, what was not given a name is removed.
 */
export class Temporary implements Disposable {
  /** Where it is for now. */
  readonly path: string;
  /** The file, open to read and write. */
  readonly file: Deno.FsFile;
  readonly #isLocked: boolean;
  #open = true;

  private constructor(path: string, file: Deno.FsFile, isLocked: boolean) {
    this.path = path;
    this.file = file;
    this.#isLocked = isLocked;
  }

  /** Makes one in a folder that is there. */
  static async open(folder: string): Promise<Temporary> {
    for (;;) {
      const name = `.${crypto.randomUUID()}-${machineTag()}.part`;
      const path = join(folder, name);
      using stack = new DisposableStack();
      const file = stack.use(
        await Deno.open(path, { read: true, write: true, createNew: true }),
      );
      const state = await tryLock(file);
      // One that clears the folder may have been between making and locking.
      if (state === "taken" || state === "locked" && !isAt(path, file)) {
        continue;
      }
      stack.move();
      return new Temporary(path, file, state === "locked");
    }
  }

  /** Whether it is neither named nor removed yet. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Flushes it to the disk and gives it its name, which is then flushed too. */
  async moveTo(path: string): Promise<void> {
    await this.file.sync();
    // Locked until it is there, or another process would find it left over.
    await Deno.rename(this.path, path);
    this.#close();
    await flushFolder(dirname(path));
  }

  /** Removes it, unless it has its name. */
  [Symbol.dispose](): void {
    if (!this.#open) return;
    try {
      Deno.removeSync(this.path);
    } catch {
      // The next run of the folder finds it.
    }
    this.#close();
  }

  #close(): void {
    this.#open = false;
    if (this.#isLocked) this.file.unlockSync();
    this.file.close();
  }
}
