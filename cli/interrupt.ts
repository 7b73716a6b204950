/** A signal that Ctrl-C aborts, until it is disposed. */
export interface Interrupt extends Disposable {
  /** Aborted at the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What {@linkcode interruptSignal} takes besides. */
export interface InterruptOptions {
  /**
   * Whether SIGTERM asks the work to end well, too, as a scheduler of jobs
   * sends it, or the process that started this one. It may come beside Ctrl-C,
   * and ends nothing by force.
   */
  readonly termination?: boolean;
}

/**
 * Takes Ctrl-C over: the first one asks the work to end well, the second one
 * ends the program.
 *
 * @param onInterrupt Told at the first one.
 * @param options Whether SIGTERM is taken over, too.
 */
export function interruptSignal(
  onInterrupt: () => void,
  { termination = false }: InterruptOptions = {},
): Interrupt {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) return;
    onInterrupt();
    controller.abort(new InterruptedError());
  };
  let presses = 0;
  const press = (): void => {
    if (++presses > 1) Deno.exit(interruptedCode);
    stop();
  };
  // Windows knows no SIGTERM that a program could hear.
  const heedsTermination = termination && Deno.build.os !== "windows";
  Deno.addSignalListener("SIGINT", press);
  if (heedsTermination) Deno.addSignalListener("SIGTERM", stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      Deno.removeSignalListener("SIGINT", press);
      if (heedsTermination) Deno.removeSignalListener("SIGTERM", stop);
    },
  };
}

/** The exit code of a command that Ctrl-C ended, as shells have it. */
export const interruptedCode = 130;

/** What the work throws that Ctrl-C ended. */
export class InterruptedError extends Error {
  /** The name of the class. */
  override name = "InterruptedError";

  /** Says that it was the person. */
  constructor() {
    super("Interrupted");
  }
}
