/** The system's library of C, by system. */
const libraries: Partial<Record<typeof Deno.build.os, string>> = {
  linux: "libc.so.6",
  darwin: "libSystem.B.dylib",
};

/** The number of SIGHUP, and the address that stands for "ignore". */
const hangup = 1, ignore = 1n;

/**
 * Whether this process was started so that the end of its terminal does not end
 * it, as `nohup` does. Once Deno listens to a signal, the answer is false.
 *
 * @returns Null where the system cannot be asked.
 */
export function isHangupIgnored(): boolean | null {
  const library = libraries[Deno.build.os];
  if (library === undefined) return null;
  // sigaction(2) with no new action gives the current one; its first member is
  // the handler.
  const current = new Uint8Array(256);
  const libc = open(library);
  if (libc === null) return null;
  const code = libc.symbols.sigaction(hangup, null, current);
  libc.close();
  if (code !== 0) return null;
  return new DataView(current.buffer).getBigUint64(0, true) === ignore;
}

const symbols = {
  sigaction: { parameters: ["i32", "pointer", "buffer"], result: "i32" },
} as const;

function open(library: string): Deno.DynamicLibrary<typeof symbols> | null {
  try {
    return Deno.dlopen(library, symbols);
  } catch {
    // No such library, or no permission to load it.
    return null;
  }
}
