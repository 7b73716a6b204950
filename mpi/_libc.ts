/** What Linux alone says of this process; Deno gives no access to `/proc`. */

const symbols = {
  sched_getaffinity: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  fcntl: { parameters: ["i32", "i32"], result: "i32" },
  getsockopt: {
    parameters: ["i32", "i32", "i32", "buffer", "buffer"],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

function askLinux<T>(
  ask: (libc: Deno.DynamicLibrary<typeof symbols>["symbols"]) => T,
): T | null {
  if (Deno.build.os !== "linux") return null;
  const library = Deno.dlopen("libc.so.6", symbols);
  try {
    return ask(library.symbols);
  } finally {
    library.close();
  }
}

/** A bit for each core, more than any machine has. */
const maskBytes = 8192;

/** The numbers of the cores that this process may run on; null if unknown. */
export function allowedCores(): number[] | null {
  return askLinux((libc) => {
    const mask = new Uint8Array(maskBytes);
    if (libc.sched_getaffinity(0, BigInt(maskBytes), mask) !== 0) return null;
    return [...mask].flatMap((byte, at) =>
      [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => byte >> bit & 1)
        .map((bit) => 8 * at + bit)
    );
  });
}

/** `F_GETFD` and `FD_CLOEXEC` of fcntl(2). */
const [getFlags, closeOnExec] = [1, 1];

/** `SOL_SOCKET` and `SO_TYPE` of getsockopt(2). */
const [ofSocket, socketType] = [1, 3];

/**
 * Whether a descriptor is a socket that whatever started this process handed
 * over. Those that the program itself opens are closed to programs that it
 * starts. True where the system does not say.
 */
export function isInheritedSocket(descriptor: number): boolean {
  return askLinux((libc) => {
    const flags = libc.fcntl(descriptor, getFlags);
    const type = new Int32Array(1), length = new Int32Array([4]);
    return flags >= 0 && (flags & closeOnExec) === 0 &&
      libc.getsockopt(descriptor, ofSocket, socketType, type, length) === 0;
  }) ?? true;
}
