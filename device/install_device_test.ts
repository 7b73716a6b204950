import { assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "@unet/errors";
import { installDevice, uninstallDevice } from "./install_device.ts";

// What pip does, and what is left after a failure or a kill, is tested by
// commands in processes of their own, in tests/flow/install_test.ts.

Deno.test("installDevice() and uninstallDevice() refuse devices that have no library", async () => {
  for (const call of [installDevice, uninstallDevice]) {
    await assertRejects(
      () => call("wasm"),
      UsageError,
      'Cannot install device "wasm": found no device that can be installed, expected onednn',
    );
  }
});

Deno.test("installDevice() throws the signal's reason, and begins nothing, once it is aborted", async () => {
  const reason = new Error("enough");
  const stages: string[] = [];
  const error = await assertRejects(
    () =>
      installDevice("onednn", {
        signal: AbortSignal.abort(reason),
        onProgress: ({ stage }) => stages.push(stage),
      }),
    Error,
  );
  assertEquals(error, reason);
  assertEquals(stages, []);
});
