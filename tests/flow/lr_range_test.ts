import { assert, assertEquals, assertMatch } from "@std/assert";
import { assertDone, createPlace, type Ended, faultOf } from "./_unet.ts";

Deno.test("lr-range suggests a rate between those it tried, and draws the curve", async () => {
  await using place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "6", "--size", "32"]),
  );
  const args = [
    ...["lr-range", "--data", "drawn", "--tile", "32", "--width", "0.05"],
    ...["--batch", "4", "--steps", "40", "--device", "wasm", "--workers", "0"],
  ];
  const ended = await place.unet(args);
  assertDone(ended);
  const svg = await Deno.readTextFile(place.at("lr-range.svg"));
  assertMatch(svg, /^<svg [\s\S]*<\/svg>\s*$/);
  const names = [...Deno.readDirSync(place.path)].map(({ name }) => name);
  assertEquals(names.sort(), [".cache", "drawn", "lr-range.svg"]);
  const [, suggested] = /Steepest descent at ([\d.e+-]+);/.exec(ended.stdout)!;
  assert(Number(suggested) > 1e-4 && Number(suggested) < 10, suggested);
  // The first line has the device's speed, which nothing decides.
  const tableOf = ({ stdout }: Ended): string =>
    stdout.split("\n").slice(1, -2).join("\n");
  const again = await place.unet([...args, "--out", "again.svg"]);
  assertEquals(tableOf(again), tableOf(ended));
  assertEquals(await Deno.readTextFile(place.at("again.svg")), svg);
  const other = await place.unet([...args, "--seed", "5"]);
  assert(tableOf(other) !== tableOf(ended));
  assertMatch(
    faultOf(await place.unet([...args, "--from", "1", "--to", "0.1"])),
    /^Cannot use flag/,
  );
});
