/** A signal that Ctrl-C aborts, until it is disposed. */
export interface Interrupt extends Disposable {
  /** Aborted at the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * Takes Ctrl-C over: the first one asks the work to end well, the second one
 * ends the program.
 *
 * @param onInterrupt Told at the first one.
 */
export function interruptSignal(onInterrupt: () => void): Interrupt {
  const controller = new AbortController();
  const listen = (): void => {
    if (controller.signal.aborted) Deno.exit(interruptedCode);
    onInterrupt();
    controller.abort(new InterruptedError());
  };
  Deno.addSignalListener("SIGINT", listen);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", listen),
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
