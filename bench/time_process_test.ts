import { assert, assertEquals, assertRejects } from "@std/assert";
import { DeviceError } from "@unet/errors";
import { runOurs } from "./run_process.ts";
import type { TimedRun } from "./time_process.ts";

async function time(program: string): Promise<TimedRun> {
  const command = [Deno.execPath(), "eval", program];
  const request = JSON.stringify({ command, cwd: Deno.cwd() });
  return await runOurs("time_process.ts", [request], 1) as TimedRun;
}

Deno.test("the memory is the child's, at its peak", async () => {
  const { peakMemoryBytes: plain } = await time("1");
  const { peakMemoryBytes, processorSeconds } = await time(
    "let a = new Uint8Array(4e8).fill(1); a = null; console.log('done')",
  );
  if (Deno.build.os === "windows") {
    assertEquals([peakMemoryBytes, processorSeconds], [null, null]);
    return;
  }
  const more = peakMemoryBytes! - plain!;
  assert(more > 3.5e8 && more < 6e8, `${more}`);
});

Deno.test("waiting takes seconds, but none of the processor's", async () => {
  const { seconds, processorSeconds, lines } = await time(
    "console.log('one\\ntwo'); await new Promise((go) => setTimeout(go, 2000))",
  );
  assert(seconds >= 2);
  assert(processorSeconds === null || processorSeconds < seconds);
  assertEquals(lines, ["one", "two", ""]);
});

Deno.test("a command that fails is an error with what it said", async () => {
  await assertRejects(
    () => time("console.error('Cannot continue'); Deno.exit(3)"),
    DeviceError,
    "Cannot continue",
  );
});
