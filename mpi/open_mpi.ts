import type { Communicator, SharedNumbers } from "@unet/train/communicator";
import { cannot, DeviceError } from "@unet/errors";
import { checkLauncher } from "./_check_launcher.ts";
import { type MpiLibrary, openLibrary } from "./_open_library.ts";
import { type RankPlace, type Request, Requests } from "./_requests.ts";

/** Ranks that MPI connects. */
export interface MpiCommunicator extends Communicator {
  /** The library, as in "MPICH 5.0.2". */
  readonly version: string;
  /** This machine's name. */
  readonly host: string;
  /** Ends MPI, together with all ranks; nothing can be sent afterwards. */
  close(): void;
  /**
   * Ends all ranks at once, wherever they are; does not return.
   *
   * @param code The exit code.
   */
  abort(code: number): never;
}

/** How {@linkcode openMpi} works. */
export interface MpiOptions {
  /** The library. */
  readonly path: string;
  /**
   * Seconds after which a rank that waits for others gives up; 600 by default.
   * Barriers wait without a limit.
   */
  readonly limit?: number;
}

/**
 * Begins MPI in this process, which `mpiexec` started, and connects it with the
 * other ranks. MPI can begin once per process.
 *
 * @param options The library, and how long to wait.
 * @returns The ranks; `close()` ends MPI.
 * @throws {DeviceError} If the library cannot be loaded, or does not begin, or
 * is an MPICH whose launcher is not there.
 */
export function openMpi(
  { path, limit = 600 }: MpiOptions,
): MpiCommunicator {
  const library = openLibrary(path), { symbols, handles } = library;
  checkLauncher(path, library.fullVersion);
  const one = new Int32Array(1);
  const { threadFunneled } = handles;
  if (symbols.MPI_Init_thread(null, null, threadFunneled, one) !== 0) {
    throw new DeviceError(
      cannot("begin", "MPI with", path, {
        found: "an error of MPI_Init_thread()",
        remedy: "set UNET_MPI to the library that mpiexec belongs to",
      }),
    );
  }
  symbols.MPI_Comm_set_errhandler(handles.world, handles.errorsReturn);
  symbols.MPI_Comm_rank(handles.world, one);
  const rank = one[0]!;
  symbols.MPI_Comm_size(handles.world, one);
  const size = one[0]!;
  const place = { rank, size, host: Deno.hostname() };
  const requests = new Requests(library, place);
  const calls = callsOf(library, requests, limit * 1000);
  return {
    ...{ ...place, version: library.version },
    isOneMachine: areOneMachine(place, requests, calls),
    sum(values) {
      const done = requests.end(calls.sum(values));
      // It is awaited in its turn, or never if another call fails before.
      done.catch(() => {});
      return done;
    },
    sumNow: (values) => requests.endNow(calls.sum(values)),
    poll: () => requests.poll(),
    broadcast: (values) => requests.end(calls.broadcast(values)),
    gather: (bytes) => gather(bytes, { rank, size, requests, calls }),
    barrier: () => requests.end(calls.barrier()),
    close() {
      symbols.MPI_Finalize();
    },
    abort(code) {
      symbols.MPI_Abort(handles.world, code);
      Deno.exit(code);
    },
  };
}

/** MPI's calls that are made here; each begins something. */
interface Calls {
  sum(values: SharedNumbers): Request;
  broadcast(values: SharedNumbers): Request;
  /** Puts all ranks' bytes, equally many, one after the other. */
  gather(own: Uint8Array<ArrayBuffer>, all: Uint8Array<ArrayBuffer>): Request;
  barrier(): Request;
}

function callsOf(
  { symbols, handles }: MpiLibrary,
  requests: Requests,
  limit: number,
): Calls {
  const { world, byte } = handles;
  const typeOf = (values: SharedNumbers): bigint =>
    values instanceof Float64Array ? handles.double : handles.float;
  return {
    sum: (values) =>
      requests.begin(
        { name: "sum", limit, memory: [values] },
        (handle) =>
          symbols.MPI_Iallreduce(
            ...[handles.inPlace, values, values.length] as const,
            ...[typeOf(values), handles.sum, world, handle] as const,
          ),
      ),
    broadcast: (values) =>
      requests.begin(
        { name: "broadcast", limit, memory: [values] },
        (handle) =>
          symbols.MPI_Ibcast(
            ...[values, values.length, typeOf(values)] as const,
            ...[0, world, handle] as const,
          ),
      ),
    gather: (own, all) =>
      requests.begin(
        { name: "gathering", limit, memory: [own, all] },
        (handle) =>
          symbols.MPI_Iallgather(
            ...[own, own.length, byte, all, own.length, byte] as const,
            ...[world, handle] as const,
          ),
      ),
    barrier: () =>
      requests.begin(
        { name: "barrier", limit: Infinity, memory: [] },
        (handle) => symbols.MPI_Ibarrier(world, handle),
      ),
  };
}

/** The longest name of a machine, in bytes. */
const longestName = 256;

/** Whether all ranks' machines have one name. */
function areOneMachine(
  { host, size }: RankPlace,
  requests: Requests,
  calls: Calls,
): boolean {
  const own = new Uint8Array(longestName);
  new TextEncoder().encodeInto(host, own);
  const all = new Uint8Array(size * longestName);
  requests.endNow(calls.gather(own, all));
  return all.every((byte, i) => byte === own[i % longestName]);
}

/** Of any lengths: these are gathered first. */
async function gather(
  bytes: Uint8Array,
  { rank, size, requests, calls }: {
    readonly rank: number;
    readonly size: number;
    readonly requests: Requests;
    readonly calls: Calls;
  },
): Promise<Uint8Array[]> {
  const lengths = new Float64Array(size);
  lengths[rank] = bytes.length;
  await requests.end(calls.sum(lengths));
  const most = Math.max(...lengths);
  const own = new Uint8Array(most), all = new Uint8Array(size * most);
  own.set(bytes);
  await requests.end(calls.gather(own, all));
  return Array.from(
    lengths,
    (length, rank) => all.slice(rank * most, rank * most + length),
  );
}
