import { cannot, FileError, onOneLine } from "@unet/errors";
import { describeSystemFault } from "@unet/files";

const encoder = new TextEncoder();

/**
 * Writes a text to standard output, as it is.
 *
 * @throws {ClosedOutputError} If the reader is gone, as `head` is after ten
 * lines.
 * @throws {FileError} If it cannot be written, as to a full disk.
 */
export function printText(text: string): void {
  write("stdout", text);
}

/** Whether the terminal is gone, so that what is printed there may be lost. */
let isHungUp = false;

/**
 * Lets printing fail without an error from now on: the terminal was closed, and
 * what is under way has to be saved all the same.
 */
export function allowLostOutput(): void {
  isHungUp = true;
}

/** Which of the two were terminals when they were first written to. */
const wereTerminals: { stdout?: boolean; stderr?: boolean } = {};

function write(name: "stdout" | "stderr", text: string): void {
  const bytes = encoder.encode(text);
  const wasTerminal = wereTerminals[name] ??= Deno[name].isTerminal();
  try {
    // A pipe may take less than it is given.
    for (let done = 0; done < bytes.length;) {
      done += Deno[name].writeSync(bytes.subarray(done));
    }
  } catch (cause) {
    // The terminal may be gone before its signal comes (EIO).
    const isGone = wasTerminal && /\(os error 5\)/.test(String(cause));
    if (isHungUp || isGone) return;
    if (cause instanceof Deno.errors.BrokenPipe) {
      throw new ClosedOutputError(name);
    }
    throw new FileError(
      cannot("write", "output", name, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/** The error of printing to an output that is no longer read. */
export class ClosedOutputError extends Error {
  /** The name of the class. */
  override name = "ClosedOutputError";

  /** Says who closed it. */
  constructor(name: "stdout" | "stderr" = "stdout") {
    super(
      `Standard ${
        name === "stdout" ? "output" : "error"
      } was closed by its reader`,
    );
  }
}

/** Writes a line to standard output; names in it may hold anything. */
export function printLine(line = ""): void {
  printText(onOneLine(line) + "\n");
}

/** Writes JSON to standard output, for programs. */
export function printJson(value: unknown): void {
  printText(JSON.stringify(value, null, 2) + "\n");
}

/** Writes a line to standard error; names in it may hold anything. */
export function printError(line: string): void {
  write("stderr", onOneLine(line) + "\n");
}

/**
 * A line that is drawn over itself on a terminal. Elsewhere it is not drawn,
 * or printed as a plain line from time to time, so that a log file holds no
 * control codes.
 */
export interface LiveLine {
  /** Draws the line anew; at most ten times per second. */
  update(line: string): void;
  /** Removes it, before a plain line is printed. */
  clear(): void;
}

/**
 * A live line on standard error.
 *
 * @param plainEvery Where that is no terminal: seconds between plain lines;
 * none are printed by default.
 */
export function liveLine(plainEvery?: number): LiveLine {
  if (!Deno.stderr.isTerminal()) {
    return plainEvery === undefined
      ? { update() {}, clear() {} }
      : plainLine(plainEvery, printError, () => performance.now() / 1000);
  }
  let last = -Infinity, drawn = false;
  return {
    update(line) {
      const now = performance.now();
      if (now - last < 100) return;
      last = now;
      drawn = true;
      write(
        "stderr",
        `\r\x1b[2K${onOneLine(line).slice(0, terminalSize().columns - 1)}`,
      );
    },
    clear() {
      if (drawn) write("stderr", "\r\x1b[2K");
      drawn = false;
      last = -Infinity;
    },
  };
}

/**
 * A line that is printed from time to time.
 *
 * @param every Seconds between two lines, and before the first.
 * @param print Prints a line.
 * @param now The time in seconds.
 */
export function plainLine(
  every: number,
  print: (line: string) => void,
  now: () => number,
): LiveLine {
  let last = now();
  return {
    update(line) {
      const time = now();
      if (time - last < every) return;
      last = time;
      print(line);
    },
    clear() {},
  };
}

/** How much the terminal shows. */
export function terminalSize(): { columns: number; rows: number } {
  const unknown = { columns: 80, rows: 24 };
  try {
    const { columns, rows } = Deno.consoleSize();
    // A terminal that does not know its size says 0.
    return {
      columns: columns || unknown.columns,
      rows: rows || unknown.rows,
    };
  } catch {
    return unknown;
  }
}

/** A bar of ten places for a share from 0 to 1. */
export function bar(share: number): string {
  const full = Math.round(10 * Math.min(1, Math.max(0, share)));
  return "━".repeat(full) + "╌".repeat(10 - full);
}

/** Words a time span in at most two units, as in "2 m 05 s". */
export function describeSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (whole < 60) return `${whole} s`;
  const pad = (value: number): string => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor(whole / 60) % 60)} m`;
}

/** How far a download is, in a line. */
export function describeDownload(done: number, all: number | null): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  return all === null
    ? `Downloading ${megabytes(done)} MB`
    : `Downloading ${bar(done / all)} ${megabytes(done)}/${megabytes(all)} MB`;
}
