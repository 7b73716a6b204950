import { dirname, join } from "@std/path";
import { infoOf, lockFile, removeFolder } from "@unet/files";

/** How the folders of all servers begin. */
const prefix = "unet-serve-";

/** A file in each that its server holds locked. */
const lockName = ".lock";

/** A folder for the files of requests; removed when it is disposed of. */
export interface ScratchFolder extends AsyncDisposable {
  /** Where it is. */
  readonly path: string;
}

/**
 * Makes a folder for the files of requests, and removes those of servers that
 * were killed: images of clients do not stay on the disk.
 *
 * @param parent Where it is made; among the system's temporary files if not
 * given.
 * @throws The system's own error, if none can be made.
 */
export async function openScratchFolder(
  parent?: string,
): Promise<ScratchFolder> {
  for (;;) {
    await using stack = new AsyncDisposableStack();
    const path = await Deno.makeTempDir({
      ...{ prefix, ...(parent !== undefined && { dir: parent }) },
    });
    stack.defer(() => removeFolder(path));
    const lock = await lockFile(join(path, lockName));
    // Another server that starts took it for a dead one's.
    if (!lock) continue;
    stack.use(lock);
    await removeDead(path);
    const held = stack.move();
    return { path, [Symbol.asyncDispose]: () => held.disposeAsync() };
  }
}

/** Removes the folders beside one that nobody holds. */
async function removeDead(own: string): Promise<void> {
  const parent = dirname(own), { uid } = await Deno.lstat(own);
  for await (const { name, isDirectory } of Deno.readDir(parent)) {
    const path = join(parent, name), lockPath = join(path, lockName);
    if (!isDirectory || !name.startsWith(prefix) || path === own) continue;
    // What another person made in a shared folder is left alone.
    if (!await isOwn(path, uid) || !await isOwn(lockPath, uid)) continue;
    const lock = await lockFile(lockPath);
    if (!lock) continue;
    using _ = lock;
    if (lock.isLocked) await removeFolder(path);
  }
}

/** Whether something is there, no link, and of a person. */
async function isOwn(path: string, uid: number | null): Promise<boolean> {
  const info = await infoOf(path, { ofLink: true });
  return info !== null && !info.isSymlink && info.uid === uid;
}
