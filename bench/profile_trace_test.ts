import { assert, assertEquals } from "@std/assert";
import type { TraceRow } from "@unet/device";
import { profileTrace } from "./profile_trace.ts";

function row(name: string, by: string, seconds: number): TraceRow {
  return { name, by, calls: 2, seconds, operations: seconds * 3e9, bytes: 8 };
}

Deno.test("profileTrace() joins primitives and detours, the longest first, with shares and GFLOPS", () => {
  const events: string[] = [];
  const profile = profileTrace({
    begin: () => void events.push("begin"),
    end: () => ({
      kernels: [row("Relu", "tfjs cpu", 2), row("Conv2D", "oneDNN", 9)],
      primitives: [row("convolution", "jit", 4), row("reorder", "any", 1)],
    }),
  });
  profile.clear();
  assertEquals(events, ["begin", "begin"]);
  const shares = profile.shares(10);
  assertEquals(
    shares.map(({ kernel, implementation, share }) => [
      kernel,
      implementation,
      share,
    ]),
    [
      ["convolution", "jit", 0.4],
      ["Relu", "tfjs cpu", 0.2],
      ["reorder", "any", 0.1],
    ],
  );
  assert(shares.every(({ gflops }) => Math.abs(gflops! - 3) < 1e-9));
});
