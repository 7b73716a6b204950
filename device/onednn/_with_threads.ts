/**
 * Rounds that a waiting thread spins: 50 µs on a Zen 4 processor, 310 µs on an
 * Emerald Rapids; libgomp's 300,000 take ms. On the latter, 1,000 to 3,000 were
 * two to three times as fast beside other programs, but up to half slower alone.
 */
const spins = "20000";

/**
 * Calls a function that loads a library with OpenMP's threads, and sets what
 * libgomp reads from the environment at that moment alone:
 *
 * - Threads that wait spin for a moment, then sleep. By default they spin for
 *   long, and on a processor that other programs use as well, the thread that
 *   they wait for is the one that cannot run: small kernels take a hundred
 *   times as long. Sleeping at once, on the other hand, costs a seventh of a
 *   training step. What a person set is left alone.
 * - As many threads as oneDNN asked for, always: it divides its work by their
 *   number.
 *
 * What the program may not set stays as it is.
 *
 * @param load Loads the library.
 */
export function withThreads<T>(load: () => T): T {
  const undo = [setVariable("OMP_DYNAMIC", "false", true)];
  if (!isSet("OMP_WAIT_POLICY")) {
    undo.push(setVariable("GOMP_SPINCOUNT", spins, false));
  }
  try {
    return load();
  } finally {
    for (const each of undo) each();
  }
}

function isSet(name: string): boolean {
  return isAllowed(name) && Deno.env.get(name) !== undefined;
}

function isAllowed(variable: string): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted";
}

/** Sets a variable of the environment; what it returns undoes it. */
function setVariable(
  name: string,
  value: string,
  isForced: boolean,
): () => void {
  const nothing = () => {};
  if (!isAllowed(name)) return nothing;
  const before = Deno.env.get(name);
  if (before !== undefined && !isForced) return nothing;
  Deno.env.set(name, value);
  return before === undefined
    ? () => Deno.env.delete(name)
    : () => Deno.env.set(name, before);
}
