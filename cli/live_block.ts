import { onOneLine } from "@unet/errors";
import { terminalSize } from "./terminal.ts";

/**
 * Lines that are drawn over themselves on a terminal and not at all elsewhere,
 * so that a log file holds no control codes.
 */
export interface LiveBlock {
  /** Draws the lines anew; at most five times per second. */
  update(lines: () => readonly string[]): void;
  /** Removes them, before plain lines are printed. */
  clear(): void;
}

const interval = 200;

/** A live block on standard error. */
export function liveBlock(): LiveBlock {
  if (!Deno.stderr.isTerminal()) return { update() {}, clear() {} };
  const encoder = new TextEncoder();
  let last = -Infinity, drawn = 0;
  const erase = (): string =>
    drawn === 0 ? "" : `\r${drawn > 1 ? `\x1b[${drawn - 1}A` : ""}\x1b[J`;
  const write = (text: string): void =>
    void Deno.stderr.writeSync(encoder.encode(text));
  return {
    update(lines) {
      const now = performance.now();
      if (now - last < interval) return;
      last = now;
      const { columns, rows } = terminalSize();
      // What has scrolled away could not be drawn over.
      const shown = lines().slice(1 - rows).map((line) =>
        onOneLine(line).slice(0, columns - 1)
      );
      write(erase() + shown.join("\n"));
      drawn = shown.length;
    },
    clear() {
      if (drawn > 0) write(erase());
      drawn = 0;
      last = -Infinity;
    },
  };
}
