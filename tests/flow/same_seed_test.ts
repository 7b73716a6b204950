import { assert, assertEquals } from "@std/assert";
import { contentOf } from "./_run_content.ts";
import { assertDone, createPlace } from "./_unet.ts";

Deno.test("train gives the same run for any number of workers, and another for another seed", async () => {
  await using place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "9", "--size", "80"]),
  );
  const runs = [
    ["none", "--workers=0"],
    ["one", "--workers=1"],
    ["two", "--workers=2"],
    ["other", "--workers=0", "--seed=1"],
  ] as const;
  for (const [out, ...flags] of runs) {
    assertDone(
      await place.unet([
        ...["train", "--data", "drawn", "--out", out, "--tile", "64"],
        ...["--width", "0.02", "--epochs", "2", "--batch", "4"],
        ...["--dropout", "0.3", "--device", "wasm", ...flags],
      ]),
    );
  }
  const [none, one, two, other] = runs.map(([out]) => contentOf(place.at(out)));
  assert(Object.keys(none!).includes("last/model.safetensors"));
  assertEquals(one, none);
  assertEquals(two, none);
  assert(other!["last/model.safetensors"] !== none!["last/model.safetensors"]);
  assert(other!["metrics.csv"] !== none!["metrics.csv"]);
});

Deno.test("train draws the same images for the same seed where it is given none", async () => {
  await using place = await createPlace();
  for (const out of ["first", "second"]) {
    assertDone(
      await place.unet([
        ...["train", "--out", out, "--tile", "32", "--width", "0.02"],
        ...["--epochs", "1", "--batch", "32", "--device", "wasm"],
      ]),
    );
  }
  assertEquals(contentOf(place.at("second")), contentOf(place.at("first")));
});
