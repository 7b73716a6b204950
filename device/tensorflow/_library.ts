import { cannot, DeviceError } from "@unet/errors";
import { keepLoaded } from "@unet/native";
import { symbols } from "./_symbols.ts";

/** A buffer as FFI takes it. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** TensorFlow's library, loaded. */
export interface Library {
  /** Its functions. */
  readonly call: Deno.DynamicLibrary<typeof symbols>["symbols"];
  /** The status to hand to the functions that want one. */
  readonly status: bigint;
  /** Its version. */
  readonly version: string;
  /**
   * Raises what the last function that took the status reported.
   *
   * @throws {DeviceError} If it reported a fault.
   */
  check(verb: string, thing: string, name: string): void;
  /** A text of TensorFlow's. */
  text(pointer: Deno.PointerValue): string;
}

/**
 * Loads TensorFlow's library. It stays in the process to its end.
 *
 * @throws {DeviceError} If it cannot be loaded or lacks a function.
 */
export function loadLibrary(path: string): Library {
  const call = openSymbols(path);
  keepLoaded(path);
  const status = call.TF_NewStatus();
  const text = (pointer: Deno.PointerValue) =>
    pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
  return {
    call,
    status,
    version: text(call.TF_Version()),
    check(verb, thing, name) {
      if (call.TF_GetCode(status) === 0) return;
      const found = text(call.TF_Message(status)) || "no reason given";
      throw new DeviceError(cannot(verb, thing, name, { found }));
    },
    text,
  };
}

function openSymbols(path: string): Library["call"] {
  refuseAfterGraphics(path);
  try {
    try {
      return Deno.dlopen(path, symbols).symbols;
    } catch (cause) {
      const lacksPython = /undefined symbol: _?Py/.test(String(cause));
      if (!lacksPython || !providePython()) throw cause;
      return Deno.dlopen(path, symbols).symbols;
    }
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new DeviceError(
      cannot("load", "library", path, {
        found: found.split("\n", 1)[0]!,
        expected: "TensorFlow 2.9 or later",
      }),
      { cause },
    );
  }
}

/**
 * Refuses to load TensorFlow into a process that has graphics drivers: both
 * bring a compiler, LLVM, and the second one crashes where it meets the first
 * one's state. The other way round works.
 */
function refuseAfterGraphics(path: string): void {
  if (Deno.build.os !== "linux") return;
  const libc = Deno.dlopen("libc.so.6", { dlopen: symbols.dlopen });
  const lazy = 0x1, onlyIfLoaded = 0x4;
  const isLoaded = (name: string) =>
    libc.symbols.dlopen(terminated(name), lazy | onlyIfLoaded) !== 0n;
  try {
    const graphics = ["libvulkan.so.1", "libEGL.so.1"].find(isLoaded);
    if (!graphics || isLoaded(path)) return;
    throw new DeviceError(
      cannot("load", "library", path, {
        found: `graphics drivers (${graphics}) in the process already`,
        remedy: "open tensorflow before webgpu",
      }),
    );
  } finally {
    libc.close();
  }
}

/**
 * Loads some Python's library, for all to see: up to 2.11 TensorFlow's C
 * library is part of its Python module, which refers to Python. None runs.
 *
 * @returns Whether there is one.
 */
function providePython(): boolean {
  const libc = Deno.dlopen("libc.so.6", { dlopen: symbols.dlopen });
  const lazy = 0x1, global = 0x100, noDelete = 0x1000;
  const flags = lazy | global | noDelete;
  try {
    for (let minor = 20; minor >= 7; minor--) {
      const name = terminated(`libpython3.${minor}.so.1.0`);
      if (libc.symbols.dlopen(name, flags) !== 0n) return true;
    }
    return false;
  } finally {
    libc.close();
  }
}

/** A text as C has it. */
export function terminated(text: string): Bytes {
  return new TextEncoder().encode(`${text}\0`);
}
