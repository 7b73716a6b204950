import { join } from "@std/path";
import { cannot, DeviceError } from "@unet/errors";
import { infoOf, readFile, writeFile } from "@unet/files";
import type { InstallSteps } from "../_installer.ts";
import { bytesBelow } from "../_bytes_below.ts";
import { hasChecksum } from "../_has_checksum.ts";
import { runPip } from "../_run_pip.ts";
import { onednnWheel } from "./_wheel.ts";

/**
 * Downloads pip's package of oneDNN, compares its checksum, and takes the
 * library and its licenses out of it.
 *
 * @param folder Where they go.
 * @throws {DeviceError} If pip cannot get it, or it is another file.
 */
export async function fetchWheel(
  folder: string,
  { onProgress, signal }: InstallSteps,
): Promise<void> {
  const { requirement, sha256 } = onednnWheel;
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
    ], { device: "onednn", temporary, signal });
  } finally {
    clearInterval(timer);
  }
  onProgress({ stage: "checking", bytes: onednnWheel.bytes });
  const wheel = await readWheel(download);
  signal?.throwIfAborted();
  onProgress({ stage: "unpacking", bytes: onednnWheel.bytes });
  await unpack(wheel, folder);
  signal?.throwIfAborted();
  await Deno.remove(download, { recursive: true });
  await Deno.remove(temporary, { recursive: true });
}

/** Whether a folder holds the library, whole and unchanged. */
export async function isUnpacked(folder: string): Promise<boolean> {
  const { library, libraryBytes, librarySha256 } = onednnWheel;
  const path = join(folder, library);
  return (await infoOf(path))?.size === libraryBytes &&
    await hasChecksum(path, librarySha256);
}

/** The one file that pip put into a folder, if it is the right one. */
async function readWheel(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  const expected =
    `${onednnWheel.requirement} of SHA-256 ${onednnWheel.sha256}`;
  const wrong = (found: string): DeviceError =>
    new DeviceError(
      cannot("install", "device", "onednn", {
        found,
        expected,
        remedy: "ask who runs the package index that pip uses",
      }),
    );
  if (names.length !== 1) throw wrong(`${names.length} files from pip`);
  const bytes = await readFile(join(folder, names[0]!), "package");
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  const found = new Uint8Array(hash).toHex();
  if (found !== onednnWheel.sha256) {
    throw wrong(`${names[0]} of SHA-256 ${found}`);
  }
  return bytes;
}

async function unpack(wheel: Uint8Array, folder: string): Promise<void> {
  const library = await import("@zip.js/zip.js");
  const zip = new library.ZipReader(new library.Uint8ArrayReader(wheel), {
    useWebWorkers: false,
  });
  const wanted = new Map<string, string>(Object.entries(onednnWheel.entries));
  for (const entry of await zip.getEntries()) {
    const name = wanted.get(entry.filename);
    if (name === undefined || entry.directory) continue;
    const content = await entry.getData(new library.Uint8ArrayWriter());
    await writeFile(join(folder, name), content, "library");
  }
  await zip.close();
}
