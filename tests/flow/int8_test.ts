import { assert, assertEquals, assertLess } from "@std/assert";
import { openImage } from "@unet/data";
import { cacheFolder } from "@unet/files";
import { tryDevice } from "../try_device.ts";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

const found = await tryDevice("onednn");
if (typeof found !== "string") await found.close();
const absent = typeof found === "string" ? found : null;
// The library is in the person's cache, not in the test's.
const env = { UNET_CACHE: cacheFolder() };
const skipped = absent ? ` (skipped: ${absent})` : "";
let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  const drawn = ["synth", "drawn", "--count", "16", "--size", "64"];
  assertDone(await place.unet(drawn));
  assertDone(
    await place.unet([
      ...["train", "--data", "drawn", "--out", "run", "--tile", "64"],
      ...["--width", "0.125", "--epochs", "12", "--batch", "4"],
      ...["--recipe", "report", "--loss", "bce+dice", "--lr", "0.1"],
      ...["--scheduler", "constant"],
      ...["--device", "wasm", "--workers", "0"],
    ]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

const evaluate = [
  ...["evaluate", "--model", "run", "--data", "drawn", "--json"],
];

Deno.test("evaluate in int8 says that calibrate comes before", async () => {
  const ended = await place.unet([...evaluate, "--precision", "int8"]);
  assertEquals(
    faultOf(ended, 2),
    'Cannot load limits of features "run/best/model.int8.json": found no ' +
      "such file, expected limits that calibrate wrote for the model beside it; " +
      "measure them with unet calibrate",
  );
});

Deno.test({
  name:
    `calibrate prepares a run whose masks in int8 are nearly those in float32${skipped}`,
  ignore: absent !== null,
  async fn() {
    assertDone(
      await place.unet([
        ...["calibrate", "--model", "run", "--data", "drawn"],
        ...["--device", "wasm"],
      ]),
    );
    const score = async (precision: string): Promise<number> => {
      const ended = await place.unet([
        ...[...evaluate, "--device", "onednn", "--precision", precision],
      ], { env });
      assertDone(ended);
      return JSON.parse(ended.stdout).pixels.f1;
    };
    const exact = await score("float32"), rounded = await score("int8");
    assert(exact > 0.3);
    assertLess(Math.abs(exact - rounded), 0.02);
  },
});

Deno.test({
  name: `segment in int8 is refused where the device lacks it${skipped}`,
  ignore: absent !== null,
  async fn() {
    const ended = await place.unet([
      ...["segment", "drawn", "--model", "run", "--device", "wasm"],
      ...["--precision", "int8", "--out", "masks"],
    ]);
    assert(ended.code !== 0);
    assert(ended.stderr.includes("wasm, which lacks it"), ended.stderr);
  },
});

Deno.test({
  name:
    `segment in int8 gives nearly the class maps that it gives in float32${skipped}`,
  ignore: absent !== null,
  async fn() {
    assertDone(
      await place.unet([
        ...["train", "--data", "drawn", "--out", "classes"],
        ...["--classes", "background=0,nucleus=255", "--tile", "64"],
        ...["--width", "0.125", "--epochs", "24", "--batch", "4"],
        ...["--lr", "0.01", "--scheduler", "constant", "--augment", "flips"],
        ...["--device", "wasm", "--workers", "0"],
      ]),
    );
    const named = ["--model", "classes"];
    assertDone(
      await place.unet([
        ...["calibrate", ...named, "--data", "drawn", "--device", "wasm"],
      ]),
    );
    const name = "fluorescence-0000";
    const mapOf = async (precision: string): Promise<ArrayLike<number>> => {
      assertDone(
        await place.unet([
          ...["segment", `drawn/${name}/images/${name}.png`, ...named],
          ...["--format", "tiff", "--out", precision, "--device", "onednn"],
          ...["--precision", precision],
        ], { env }),
      );
      await using image = await openImage(place.at(precision, `${name}.tif`));
      return (await image.read(0, 0, image.width, image.height)).data;
    };
    const exact = await mapOf("float32"), rounded = await mapOf("int8");
    const differs = [...Array(exact.length).keys()]
      .filter((at) => exact[at] !== rounded[at]).length;
    const nuclei = [...Array(exact.length).keys()]
      .filter((at) => exact[at] === 1).length;
    assert(nuclei > 0 && nuclei < exact.length, `${nuclei} pixels of nuclei`);
    assertLess(differs, 0.02 * exact.length);
  },
});
