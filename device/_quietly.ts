/** libc's functions that turn the stream of messages elsewhere. */
const symbols = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  dup: { parameters: ["i32"], result: "i32" },
  dup2: { parameters: ["i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

/**
 * Runs what prints notes on stderr on its own while it starts: TensorFlow does
 * so before it reads the setting that forbids it, and graphics drivers look
 * for screens that there are not. Faults come as errors. Where there is no
 * way to turn the stream elsewhere, as in a browser, it just runs.
 */
export function quietly<T>(work: () => T): T {
  if (!("Deno" in globalThis) || Deno.build.os === "windows") return work();
  const name = Deno.build.os === "darwin" ? "libSystem.dylib" : "libc.so.6";
  const libc = Deno.dlopen(name, symbols);
  const { open, dup, dup2, close } = libc.symbols;
  const errors = 2, writeOnly = 1;
  const kept = dup(errors);
  const nowhere = open(new TextEncoder().encode("/dev/null\0"), writeOnly);
  try {
    if (nowhere >= 0) dup2(nowhere, errors);
    return work();
  } finally {
    dup2(kept, errors);
    for (const file of [kept, nowhere]) if (file >= 0) close(file);
    libc.close();
  }
}
