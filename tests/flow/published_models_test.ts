import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { readModel } from "@unet/model";
import { assertDone, createPlace, faultOf } from "./_unet.ts";

const models = fromFileUrl(new URL("../../models/", import.meta.url));
const readme = Deno.readTextFileSync(join(models, "README.md"));
const names = [...Deno.readDirSync(models)]
  .filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();

/** What a clone of the repository may cost. */
const mostBytes = 25e6;

Deno.test("models/README.md lists the published models", () => {
  const listed = [...readme.matchAll(/^\| `([\w-]+)`/gm)].map(([, one]) => one);
  assertEquals(listed.sort(), names);
});

for (const name of names) {
  Deno.test(`the published model ${name} is small, says what it is, and segments by its name`, async () => {
    const { bytes, card } = await readModel(join(models, name));
    assert(bytes.length <= mostBytes, `${bytes.length}`);
    for (const field of ["data", "settings", "metrics", "license"]) {
      assert(card[field] !== undefined, `no ${field} in its card`);
    }
    await using place = await createPlace();
    const drawn = ["synth", "drawn", "--count", "1", "--size", "64"];
    assertDone(await place.unet(drawn));
    const [image] = [...Deno.readDirSync(place.at("drawn"))];
    const path = `drawn/${image!.name}/images/${image!.name}.png`;
    const ended = await place.unet([
      ...["segment", path, "--model", name, "--device", "wasm"],
    ]);
    assertDone(ended);
    const note = `^Model: ${name}, published with the program$`;
    assertMatch(ended.stdout, new RegExp(note, "m"));
    assertMatch(ended.stdout, /\n1 image segmented, 0 skipped, 0 failed, /);
    for (const args of [[name], ["--model", name]]) {
      const summary = await place.unet(["summary", ...args]);
      assertDone(summary);
      assertMatch(summary.stdout, new RegExp(note, "m"));
      const file = `${args.length}.onnx`;
      assertDone(
        await place.unet([
          "export",
          ...args,
          "--format",
          "onnx",
          "--out",
          file,
        ]),
      );
      const wrong = await place.unet(["segment", path, "--model", file]);
      assertEquals(
        faultOf(wrong).split("; ")[0],
        `Cannot load model "${file}": found an ONNX network, expected a ` +
          "model that this program saved (model.safetensors)",
      );
    }
  });
}
