import { cannot, DeviceError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import {
  abiHandles,
  mpichHandles,
  type MpiHandles,
  openMpiObjects,
} from "./_handles.ts";
import { type MpiSymbols, mpiSymbols } from "./_symbols.ts";

/** A library of MPI, loaded. */
export interface MpiLibrary {
  readonly symbols: MpiSymbols;
  readonly handles: MpiHandles;
  /** What it calls itself, as in "MPICH 5.0.2". */
  readonly version: string;
  /** All that it says of itself. */
  readonly fullVersion: string;
}

/**
 * Loads a library of MPI, and finds out how it writes its handles. It stays
 * loaded, for its threads may outlive their use.
 *
 * @param path The file.
 * @throws {DeviceError} If it is no such library.
 */
export function openLibrary(path: string): MpiLibrary {
  try {
    const { symbols } = Deno.dlopen(path, mpiSymbols);
    const text = versionOf(symbols);
    return {
      ...{ symbols, version: shortVersion(text), fullVersion: text },
      ...handlesOf(path, text),
    };
  } catch (cause) {
    if (cause instanceof DeviceError) throw cause;
    throw refused(path, describeSystemFault(cause), cause);
  }
}

function versionOf(symbols: MpiSymbols): string {
  const bytes = new Uint8Array(8192), length = new Int32Array(1);
  symbols.MPI_Get_library_version(bytes, length);
  return new TextDecoder().decode(bytes.subarray(0, length[0])).trim();
}

/** As in "Open MPI v5.0.11, package: …" or "MPICH Version: 5.0.2 …". */
function shortVersion(text: string): string {
  const [first = ""] = text.split(/[\n,]/);
  return first.replace(/\s*version:\s*|\s+v(?=\d)/i, " ").replace(/\0/g, "")
    .trim();
}

function handlesOf(
  path: string,
  version: string,
): { handles: MpiHandles } {
  if (/mpi_abi/.test(Deno.realPathSync(path))) return { handles: abiHandles };
  if (/^Open MPI/i.test(version)) return { handles: openMpiHandles(path) };
  // Intel's and Cray's libraries keep MPICH's numbers.
  if (/MPICH|Intel\(R\) MPI|MVAPICH/i.test(version)) {
    return { handles: mpichHandles };
  }
  throw refused(path, `a library whose handles are not known (${version})`);
}

function openMpiHandles(path: string): MpiHandles {
  const pointer = { type: "pointer" } as const;
  const { symbols } = Deno.dlopen(
    path,
    Object.fromEntries(
      Object.values(openMpiObjects).map((name) => [name, pointer]),
    ),
  ) as unknown as { symbols: Record<string, Deno.PointerValue> };
  const addresses = Object.entries(openMpiObjects).map(([name, object]) =>
    [name, Deno.UnsafePointer.value(symbols[object]!)] as const
  );
  return {
    ...Object.fromEntries(addresses) as Record<
      keyof typeof openMpiObjects,
      bigint
    >,
    ...{ inPlace: 1n, threadFunneled: 1 },
  };
}

function refused(path: string, found: string, cause?: unknown): DeviceError {
  return new DeviceError(
    cannot("use", "library of MPI", path, {
      found,
      expected: "one of MPI 5's ABI (libmpi_abi.so), MPICH or Open MPI",
      remedy: "set UNET_MPI to the library that mpiexec belongs to",
    }),
    { cause },
  );
}
