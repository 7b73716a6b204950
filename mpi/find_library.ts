import { join } from "@std/path";
import { cannot, DeviceError } from "@unet/errors";
import { cacheFolder, infoOf } from "@unet/files";
import { isUnpacked } from "@unet/native";
import { mpiFolder, mpiWheel } from "./_wheel.ts";
import { readVariable } from "./launched_ranks.ts";

/** The names of MPI's libraries: the standard ABI, MPICH's, Open MPI's. */
const names = [
  ...["libmpi_abi.so.1", "libmpi.so.12", "libmpich.so.12"],
  "libmpi.so.40",
];

/** Where Linux distributions keep libraries. */
const systemFolders: readonly string[] = [
  ...["/usr/local/lib", "/usr/local/lib64"],
  ...["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"],
  ...["/usr/lib64", "/usr/lib64/mpich/lib", "/usr/lib64/openmpi/lib"],
  ...["/usr/lib"],
];

/**
 * The places that {@linkcode findMpi} searches; the environment's by default.
 */
export interface MpiPlaces {
  /** What `UNET_MPI` names: a file, or a folder. */
  readonly own?: string | undefined;
  /** Whether Open MPI's mpiexec started this process. */
  readonly isOpenMpi?: boolean;
  /** The folders to look in, in this order; the cache, then the system's. */
  readonly folders?: readonly string[];
}

/**
 * Looks for the library of MPI: where `UNET_MPI` says (a file, or a folder that
 * holds it or its `lib`), in the user's cache, in the system's folders. That in
 * the cache is compared with its checksum, once per change of the file. The
 * library has to be that of the `mpiexec` which started the process; where Open
 * MPI's did, only Open MPI's is taken, else only another.
 *
 * @param places Where to look.
 * @returns The file.
 * @throws {DeviceError} If there is none.
 */
export async function findMpi(places: MpiPlaces = {}): Promise<string> {
  const { own = readVariable("UNET_MPI") } = places;
  const {
    isOpenMpi = readVariable("OMPI_COMM_WORLD_SIZE") !== undefined,
    folders = systemFolders,
  } = places;
  if (own) return await ownLibrary(own);
  const cache = cacheFolder("libraries", mpiFolder);
  if (!isOpenMpi && !places.folders && await isUnpacked(mpiWheel, cache)) {
    return join(cache, mpiWheel.library);
  }
  const wanted = names.filter((name) => isOpenMpi === name.endsWith(".40"));
  const found = await firstFile(folders, wanted);
  if (found !== null) return found;
  throw new DeviceError(
    cannot("find", "library of MPI", wanted[0]!, {
      found: "none in the cache and in the system's folders",
      remedy:
        "set UNET_MPI to the library that mpiexec belongs to, or to off if the processes train separately",
    }),
  );
}

async function ownLibrary(own: string): Promise<string> {
  const info = await infoOf(own);
  if (info?.isFile) return own;
  const inside = info === null
    ? null
    : await firstFile([own, join(own, "lib")], names);
  if (inside !== null) return inside;
  throw new DeviceError(
    cannot("use", "UNET_MPI", own, {
      found: info === null ? "no such file" : "a folder without it",
      expected: `${names.join(", ")}, or a folder with one`,
    }),
  );
}

async function firstFile(
  folders: readonly string[],
  wanted: readonly string[],
): Promise<string | null> {
  for (const name of wanted) {
    for (const folder of folders) {
      const path = join(folder, name);
      if ((await infoOf(path))?.isFile) return path;
    }
  }
  return null;
}
