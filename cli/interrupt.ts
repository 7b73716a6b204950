import { isHangupIgnored } from "./is_hangup_ignored.ts";
import { allowLostOutput } from "./terminal.ts";

/**
 * The signals that ask the program to end, with the exit codes that shells give
 * them: 128 and the signal's number.
 */
const codes = {
  /** The terminal was closed. */
  SIGHUP: 129,
  /** Ctrl-C. */
  SIGINT: 130,
  /** `kill`, a scheduler of jobs, a container that is stopped. */
  SIGTERM: 143,
  /** Ctrl-Break, on Windows. */
  SIGBREAK: 149,
} as const;

type Name = keyof typeof codes;

/** A signal that a request to end aborts, until it is disposed. */
export interface Interrupt extends Disposable {
  /** Aborted at the first request, by an {@linkcode InterruptedError}. */
  readonly signal: AbortSignal;
  /** Asks the work to end well, as SIGTERM does, unless it was asked before. */
  request(): void;
}

/**
 * Signals come in pairs where a session ends (SIGTERM and SIGHUP), or where a
 * process passes on what its terminal sends as well: within this many
 * milliseconds, two that differ are one request.
 */
const together = 1000;

/**
 * Listens to Ctrl-C, SIGTERM and SIGHUP: the first asks the work to end well, a
 * second one ends the program at once. SIGHUP is ignored where the program was
 * started to outlive its terminal, as by `nohup`.
 *
 * @param onInterrupt Called at the first one.
 */
export function interruptSignal(onInterrupt: () => void): Interrupt {
  const controller = new AbortController();
  const isOutliving = outlivesTerminal();
  let first: Name | undefined, since = 0;
  const heard = (name: Name): void => {
    if (name === "SIGHUP") {
      // Nobody reads what is printed there from now on.
      allowLostOutput();
      if (isOutliving) return;
    }
    if (first === undefined) {
      first = name;
      since = performance.now();
      // Before anything that could fail.
      controller.abort(new InterruptedError(name));
      onInterrupt();
      return;
    }
    const isAgain = name === first ||
      name !== "SIGHUP" && performance.now() - since > together;
    if (isAgain) Deno.exit(codes[name]);
  };
  const listeners = names.map((name) => [name, () => heard(name)] as const);
  for (const [name, listener] of listeners) {
    Deno.addSignalListener(name, listener);
  }
  return {
    signal: controller.signal,
    request() {
      if (first === undefined) heard("SIGTERM");
    },
    [Symbol.dispose]() {
      for (const [name, listener] of listeners) {
        // Without a listener, Deno would let a closed terminal end what is left.
        if (name === "SIGHUP" && isOutliving) continue;
        Deno.removeSignalListener(name, listener);
      }
    },
  };
}

/** Windows has SIGHUP for a console that is closed, and no SIGTERM. */
const names: readonly Name[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK", "SIGHUP"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

let isOutliving: boolean | undefined;

/**
 * Whether the program was started to outlive its terminal. Asked once, before
 * the first listener: with one for any signal, Deno listens to SIGHUP, too.
 */
function outlivesTerminal(): boolean {
  if (Deno.build.os === "windows") return false;
  // Where the system cannot be asked: such a program has no terminal to print
  // to.
  return isOutliving ??= isHangupIgnored() ??
    !(Deno.stdout.isTerminal() || Deno.stderr.isTerminal());
}

/** The error of work that was asked to end. */
export class InterruptedError extends Error {
  /** The name of the class. */
  override name = "InterruptedError";
  /** The exit code of the command. */
  readonly code: number;

  /** Says which signal asked. */
  constructor(signal: Name) {
    super(`Interrupted by ${signal}`);
    this.code = codes[signal];
  }
}

/**
 * The exit code of a command that a signal of {@linkcode interruptSignal}
 * ended.
 */
export function exitCodeOf({ reason }: AbortSignal): number {
  if (reason instanceof InterruptedError) return reason.code;
  throw reason;
}

/** Whether a process that ended with a code was asked to end. */
export function isInterruptedCode(code: number): boolean {
  return (Object.values(codes) as number[]).includes(code);
}
