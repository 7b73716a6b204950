import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { openDataset } from "./dataset.ts";
import { findModality } from "./modality.ts";
import { readCase } from "./read_case.ts";

const folder = Deno.env.get("UNET_DATA") ??
  fromFileUrl(new URL("../../../shared/data", import.meta.url));
const path = `${folder}/stage1_train.zip`;

function isThere(): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const ignore = !isThere();
if (ignore) {
  // deno-lint-ignore no-console
  console.log(`Skipping tests on real data: no ${path}; set UNET_DATA`);
}

Deno.test({
  name:
    "openDataset() finds the 604 cases of the real zip, and readCase() reads them",
  ignore,
  async fn() {
    const dataset = await openDataset(path);
    assertEquals(dataset.layout, "kaggle");
    assertEquals(dataset.faults, []);
    assertEquals(dataset.cases.length, 604);
    const masks = dataset.cases.map((each) => each.masks.length);
    assertEquals(masks.reduce((sum, count) => sum + count), 26360);
    for (const index of [0, 200, 400, 603]) {
      const { id, image, labels } = await readCase(dataset.cases[index]!);
      assertEquals(image.channels, 4);
      // Its masks do not overlap, so that each is an instance.
      assertEquals(new Set(labels.data).size, masks[index]! + 1, id);
      assertEquals(typeof findModality(image), "string");
    }
    dataset.close();
  },
});
