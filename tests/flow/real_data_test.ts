import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { assertPlain, createPlace } from "./_unet.ts";

const folder = Deno.env.get("UNET_DATA") ??
  fromFileUrl(new URL("../../../shared/data", import.meta.url));
const path = join(folder, "stage1_train.zip");

function isThere(): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

const ignore = !isThere();
if (ignore) {
  // deno-lint-ignore no-console
  console.log(`skipped: check on real data, for there is no ${path}`);
}

Deno.test(
  "check finds the real dataset complete: 604 images, 26,360 nuclei, no errors",
  {
    ignore,
  },
  async () => {
    await using place = await createPlace();
    const ended = await place.unet(["check", path]);
    assertPlain(ended);
    assertEquals(ended.code, 0, ended.stderr);
    assertMatch(
      ended.stdout,
      /\n604 images \(kaggle layout\), 604 usable, 26360 nuclei; 0 errors, \d+ warnings\n$/,
    );
  },
);
