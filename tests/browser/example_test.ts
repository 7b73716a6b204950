import { assert, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { encodePng, synthesize } from "@unet/data";
import { findChromium } from "./call_page.ts";

const chromium = findChromium();
const skipped = chromium === undefined;
if (skipped) {
  // deno-lint-ignore no-console
  console.log("skipped: the example's page, for there is no Chromium");
}

Deno.test({
  name: "the example's page segments an image that a person chooses",
  ignore: skipped, // skipped: without a Chromium
  async fn() {
    const [drawn] = synthesize({ count: 1, width: 64, height: 64, seed: 3 });
    const image = await Deno.makeTempFile({ suffix: ".png" });
    await Deno.writeFile(image, await encodePng(drawn!.image));
    // As of the other pages: the driver needs permissions of its own.
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      {
        args: [
          ...["run", "--quiet", "--allow-all", "--no-check"],
          fromFileUrl(new URL("drive_example.ts", import.meta.url)),
          ...[chromium!, image],
        ],
        env: { NO_COLOR: "1" },
      },
    ).output();
    const decoder = new TextDecoder();
    assert(success, decoder.decode(stderr));
    const { status } = JSON.parse(decoder.decode(stdout));
    assertMatch(status, /^\d+\.\d %$/);
    const share = Number.parseFloat(status);
    assert(share > 1 && share < 90, status);
    await Deno.remove(image);
  },
});
