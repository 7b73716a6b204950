import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { exportModel } from "../export_model.ts";
import { cardOfOrigin, joinDiameters } from "./card_of_origin.ts";

const fresh = { out: "none", resume: false, weightsPartial: false } as const;

Deno.test("joinDiameters() widens what was known by what was seen, whose median counts", () => {
  const known = { low: 11, median: 26, high: 58 };
  assertEquals(
    joinDiameters({ low: 19, median: 19.4, high: 80 }, known),
    { low: 11, median: 19.4, high: 80 },
  );
  assertEquals(joinDiameters(undefined, known), known);
  assertEquals(joinDiameters(known, undefined), known);
  assertEquals(joinDiameters(undefined, undefined), undefined);
});

Deno.test("cardOfOrigin() finds sizes and license of a model, and nothing in other weights", async () => {
  const folder = await Deno.makeTempDir();
  const model = join(folder, "model.safetensors");
  const encoder = join(folder, "encoder.safetensors");
  const from = { model: "nuclei", format: "safetensors" } as const;
  await exportModel({ ...from, out: model, license: "CC0" });
  await exportModel({ ...from, out: encoder, part: "encoder" });
  const { license, diameters } = await cardOfOrigin({
    ...fresh,
    weights: model,
  });
  assertEquals(license, "CC0");
  assertEquals(diameters!.low < diameters!.high, true);
  for (
    const weights of [
      { ...fresh, weights: null },
      { ...fresh, weights: "imagenet" },
      { ...fresh, weights: encoder },
      { ...fresh, weights: model, weightsPartial: true },
    ]
  ) {
    assertEquals(await cardOfOrigin(weights), {});
  }
  await Deno.remove(folder, { recursive: true });
});
