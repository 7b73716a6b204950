import { terminated } from "./_library.ts";

/** libc's functions that turn the stream of messages elsewhere. */
const symbols = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  dup: { parameters: ["i32"], result: "i32" },
  dup2: { parameters: ["i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

/**
 * Runs what prints notes on stderr by itself: while it starts, TensorFlow
 * does so before it reads the setting that forbids it. Faults come as errors.
 */
export function quietly<T>(work: () => T): T {
  const name = Deno.build.os === "darwin" ? "libSystem.dylib" : "libc.so.6";
  const libc = Deno.dlopen(name, symbols);
  const { open, dup, dup2, close } = libc.symbols;
  const errors = 2, writeOnly = 1;
  const kept = dup(errors);
  const nowhere = open(terminated("/dev/null"), writeOnly);
  try {
    if (nowhere >= 0) dup2(nowhere, errors);
    return work();
  } finally {
    dup2(kept, errors);
    for (const file of [kept, nowhere]) if (file >= 0) close(file);
    libc.close();
  }
}
