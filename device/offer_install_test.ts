import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "@unet/errors";
import { installableDevices, offerInstall } from "./offer_install.ts";

Deno.test("offerInstall() says what each device that can be installed would fetch", async () => {
  assert(installableDevices.includes("onednn"));
  for (const device of installableDevices) {
    const { name, title, bytes, isFound, obstacle } = await offerInstall(
      device,
    );
    assertEquals(name, device);
    assert(title !== "" && bytes > 0);
    // What is there already meets no obstacle.
    assert(!isFound || obstacle === "");
  }
});

Deno.test("offerInstall() says that the platform is wrong, where it is", {
  ignore: Deno.build.target === "x86_64-unknown-linux-gnu",
}, async () => {
  const { isFound, obstacle } = await offerInstall("onednn");
  assertEquals(isFound, false);
  assert(obstacle.startsWith(`platform ${Deno.build.target}`), obstacle);
});

Deno.test("offerInstall() refuses devices that cannot be installed", async () => {
  await assertRejects(
    () => offerInstall("wasm"),
    UsageError,
    'Cannot install device "wasm": found no device that can be installed, expected onednn',
  );
});
