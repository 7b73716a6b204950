import { join } from "@std/path";
import { cannot, DeviceError } from "@unet/errors";
import { infoOf, readFile, writeFile } from "@unet/files";
import { bytesBelow } from "./bytes_below.ts";
import { hasChecksum } from "./has_checksum.ts";
import type { InstallSteps, LibrarySubject } from "./library_installer.ts";
import { runPip } from "./run_pip.ts";

/** A package of pip's that holds a native library. */
export interface Wheel {
  /** What pip is asked for, as in "openslide-bin==4.0.1.2". */
  readonly requirement: string;
  /** The package's checksum. */
  readonly sha256: string;
  /** The package's size in bytes. */
  readonly bytes: number;
  /** The library's file in its folder, its size and its checksum. */
  readonly library: string;
  readonly libraryBytes: number;
  readonly librarySha256: string;
  /**
   * Which entry of the package becomes which file. An entry that ends in "/"
   * is a folder with everything in it.
   */
  readonly entries: Readonly<Record<string, string>>;
}

/**
 * Downloads a package with pip, compares its checksum, and takes the library and
 * its licenses out of it.
 *
 * @param wheel The package.
 * @param folder Where the files go.
 * @param steps What is installed, for messages; progress and signal.
 * @throws {DeviceError} If pip cannot get it, or it is another file.
 */
export async function fetchWheel(
  wheel: Wheel,
  folder: string,
  { subject, onProgress, signal }: InstallSteps & {
    readonly subject: LibrarySubject;
  },
): Promise<void> {
  const { requirement, sha256, bytes } = wheel;
  const download = join(folder, "download"), temporary = join(folder, "pip");
  await Deno.mkdir(download);
  await Deno.mkdir(temporary);
  const list = join(temporary, "requirements.txt");
  await writeFile(list, `${requirement} --hash=sha256:${sha256}\n`);
  onProgress({ stage: "downloading", bytes: 0 });
  // pip has no progress for programs: what it wrote so far is counted.
  const timer = setInterval(() => {
    onProgress({ stage: "downloading", bytes: bytesBelow(temporary) });
  }, 200);
  try {
    await runPip([
      ...["download", "--no-deps", "--only-binary", ":all:"],
      ...["--require-hashes", "--requirement", list, "--dest", download],
    ], { subject, temporary, signal });
  } finally {
    clearInterval(timer);
  }
  onProgress({ stage: "checking", bytes });
  const content = await readWheel(wheel, download, subject);
  signal?.throwIfAborted();
  onProgress({ stage: "unpacking", bytes });
  await unpack(wheel, content, folder);
  signal?.throwIfAborted();
  await Deno.remove(download, { recursive: true });
  await Deno.remove(temporary, { recursive: true });
}

/** Whether a folder holds a package's library, whole and unchanged. */
export async function isUnpacked(
  { library, libraryBytes, librarySha256 }: Wheel,
  folder: string,
): Promise<boolean> {
  const path = join(folder, library);
  return (await infoOf(path))?.size === libraryBytes &&
    await hasChecksum(path, librarySha256);
}

/** The one file that pip put into a folder, if it is the right one. */
async function readWheel(
  { requirement, sha256 }: Wheel,
  folder: string,
  { kind, name }: LibrarySubject,
): Promise<Uint8Array<ArrayBuffer>> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  const expected = `${requirement} of SHA-256 ${sha256}`;
  const wrong = (found: string): DeviceError =>
    new DeviceError(
      cannot("install", kind, name, {
        found,
        expected,
        remedy: "ask the operator of the package index that pip uses",
      }),
    );
  if (names.length !== 1) throw wrong(`${names.length} files from pip`);
  const bytes = await readFile(join(folder, names[0]!), "package");
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  const found = new Uint8Array(hash).toHex();
  if (found !== sha256) {
    throw wrong(`${names[0]} of SHA-256 ${found}`);
  }
  return bytes;
}

async function unpack(
  { entries }: Wheel,
  content: Uint8Array,
  folder: string,
): Promise<void> {
  const library = await import("@zip.js/zip.js");
  const zip = new library.ZipReader(new library.Uint8ArrayReader(content), {
    useWebWorkers: false,
  });
  for (const entry of await zip.getEntries()) {
    const name = targetOf(entry.filename, entries);
    if (name === undefined || entry.directory) continue;
    const content = await entry.getData(new library.Uint8ArrayWriter());
    await writeFile(join(folder, name), content, "library");
  }
  await zip.close();
}

/** The file that an entry becomes; undefined where it is not wanted. */
function targetOf(
  entry: string,
  entries: Wheel["entries"],
): string | undefined {
  if (Object.hasOwn(entries, entry)) return entries[entry];
  const [folder, target] = Object.entries(entries)
    .find(([name]) => name.endsWith("/") && entry.startsWith(name)) ?? [];
  return folder === undefined
    ? undefined
    : `${target}${entry.slice(folder.length)}`;
}
