/**
 * Calls a function that loads a library with OpenMP's threads, and sets what
 * libgomp reads from the environment at that moment alone:
 *
 * - Threads that wait sleep. By default they spin, and on a processor that other
 *   programs use as well, the thread that they wait for is the one that cannot
 *   run: small kernels take a hundred times as long. A policy that a person
 *   set is left alone.
 * - As many threads as oneDNN asked for, always: it divides its work by their
 *   number.
 *
 * What the program may not set stays as it is.
 *
 * @param load Loads the library.
 */
export function withThreads<T>(load: () => T): T {
  const undo = [
    setVariable("OMP_WAIT_POLICY", "passive", false),
    setVariable("OMP_DYNAMIC", "false", true),
  ];
  try {
    return load();
  } finally {
    for (const each of undo) each();
  }
}

/** Sets a variable of the environment; what it returns undoes it. */
function setVariable(
  name: string,
  value: string,
  isForced: boolean,
): () => void {
  const nothing = () => {};
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  if (state !== "granted") return nothing;
  const before = Deno.env.get(name);
  if (before !== undefined && !isForced) return nothing;
  Deno.env.set(name, value);
  return before === undefined
    ? () => Deno.env.delete(name)
    : () => Deno.env.set(name, before);
}
