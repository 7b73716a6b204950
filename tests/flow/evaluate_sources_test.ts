import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodePng } from "@unet/data";
import { writeFile } from "@unet/files";
import { createPlace, done, faultOf, type Place } from "./_unet.ts";

let place: Place;

/** Two data sets of drawn images, whose ids are the same, and their roles. */
Deno.test.beforeAll(async () => {
  place = await createPlace();
  const roles: Record<string, unknown> = {};
  for (const [seed, name] of ["cells", "tissue"].entries()) {
    await done(place.unet([
      ...["synth", name, "--count", "5", "--size", "64"],
      ...["--seed", String(seed)],
    ]));
    const entries = await Array.fromAsync(Deno.readDir(place.at(name)));
    const [a, b, c, d, e] = entries.filter((one) => one.isDirectory)
      .map((one) => one.name).sort();
    roles[name] = { train: [a, b], validation: [c, d], watched: [e] };
  }
  await Deno.writeTextFile(place.at("roles.json"), JSON.stringify(roles));
  await done(place.unet([
    ...["train", "--data", "cells", "--data", "tissue", "--out", "run"],
    ...["--roles", "roles.json", "--width", "0.02", "--tile", "32"],
    ...["--batch", "2", "--epochs", "1", "--device", "wasm", "--workers", "0"],
  ]));
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** Writes an image with a bright square, its mask and the names of classes. */
async function writePair(
  name: string,
  { stored: [dark, bright], names, level = 230, isDamaged = false }: {
    readonly stored: readonly [number, number];
    readonly names?: Readonly<Record<string, number>>;
    readonly level?: number;
    readonly isDamaged?: boolean;
  },
): Promise<void> {
  const isSquare = (at: number) => at % 64 < 24 && at < 24 * 64;
  const png = (inside: number, outside: number) =>
    encodePng({
      ...{ width: 64, height: 64, channels: 1, depth: 8 },
      data: Uint8Array.from(
        { length: 64 * 64 },
        (_, at) => isSquare(at) ? inside : outside,
      ),
    });
  const image = await png(level, 20);
  await writeFile(
    place.at(name, "images", "pair.png"),
    isDamaged ? image.slice(0, 40) : image,
  );
  await writeFile(
    place.at(name, "masks", "pair.png"),
    await png(bright, dark),
  );
  if (!names) return;
  await writeFile(place.at(name, "classes.json"), JSON.stringify(names));
}

const evaluate = (...flags: string[]) =>
  place.unet(["evaluate", "--device", "wasm", ...flags]);

/** The scores as JSON. */
async function scoresOf(...flags: string[]) {
  const { stdout, stderr } = await evaluate(...flags, "--json");
  return { ...JSON.parse(stdout), stderr };
}

const validation = ["--run", "run", "--part", "validation"];

Deno.test("evaluate --run finds the data sets of a run, and scores each apart", async () => {
  const scores = await scoresOf(...validation, "--worst", "9");
  assertEquals(scores.images, 4);
  assertEquals(Object.keys(scores.sources), ["cells", "tissue"]);
  const { cells, tissue } = scores.sources;
  assertEquals([cells.images, tissue.images], [2, 2]);
  const mean = (cells.perImage.f1 + tissue.perImage.f1) / 2;
  assert(Math.abs(scores.perImage.f1 - mean) < 1e-12, scores.perImage.f1);
  const split = JSON.parse(await Deno.readTextFile(place.at("run/split.json")));
  assertEquals(
    scores.worst.map(({ id }: { readonly id: string }) => id).sort(),
    split.validation,
  );
  const { stdout } = await done(evaluate(...validation));
  assertMatch(stdout, /^Pixels +Images[^]*^cells +2 [^]*^tissue +2 /m);
});

Deno.test("evaluate scores one data set of a run as it does beside the others, also once it has moved", async () => {
  const both = await scoresOf(...validation);
  const { stderr: _, threshold: __, ...alone } = await scoresOf(
    ...[...validation, "--data", "tissue"],
  );
  assertEquals(alone.sources, undefined);
  assertEquals(alone.pixels, both.sources.tissue.pixels);
  assertEquals(alone.instances, both.sources.tissue.instances);
  await Deno.mkdir(place.at("new"));
  await Deno.rename(place.at("cells"), place.at("new", "plates"));
  try {
    assertMatch(
      faultOf(await evaluate(...validation, "--data", "new/plates")),
      /found data set "plates" \(new\/plates\), expected those of the run: cells, tissue; --data NAME=PATH/,
    );
    const moved = await scoresOf(
      ...[...validation, "--data", "cells=new/plates"],
    );
    assertEquals(moved.pixels, both.sources.cells.pixels);
  } finally {
    await Deno.rename(place.at("new", "plates"), place.at("cells"));
  }
});

Deno.test("evaluate --data twice scores any model on both data sets, all images or those of a role", async () => {
  const data = ["--model", "run", "--data", "tissue", "--data", "b=cells"];
  const { sources, images } = await scoresOf(...data);
  assertEquals(images, 10);
  assertEquals([sources.tissue.images, sources.b.images], [5, 5]);
  const alone = await scoresOf("--model", "run", "--data", "cells");
  assertEquals(alone.pixels, sources.b.pixels);
  assertEquals(alone.sources, undefined);

  const roles = ["--roles", "roles.json", "--role", "watched"];
  assertMatch(
    faultOf(await evaluate(...data, ...roles)),
    /no roles of data set "b"/,
  );
  const same = ["--model", "run", "--data", "tissue", "--data", "cells"];
  const watched = await scoresOf(...same, ...roles);
  assertEquals(watched.images, 2);
  assertEquals(Object.keys(watched.sources), ["tissue", "cells"]);
  assertMatch(watched.stderr, /Left out by roles\.json: 4 train, 4 validation/);
});

Deno.test("evaluate refuses a data set twice, and a name twice", async () => {
  const data = (...paths: string[]) =>
    evaluate("--model", "run", ...paths.flatMap((one) => ["--data", one]));
  assertMatch(faultOf(await data("cells", "./cells")), /twice, expected each/);
  assertMatch(
    faultOf(await data("cells", "cells=tissue")),
    /"cells" as the name of .*--data NAME=PATH/,
  );
});

Deno.test("evaluate says which data set has no image that is scored", async () => {
  await writePair("broken", { stored: [0, 1], isDamaged: true });
  const ended = await evaluate(
    ...["--model", "run", "--data", "cells", "--data", "broken"],
  );
  assertEquals(ended.code, 1);
  assertMatch(ended.stderr, /case "broken\/pair"|broken.*pair\.png/);
  assertMatch(ended.stdout, /^No image of data set "broken" is scored$/m);
  assertMatch(ended.stdout, /^cells +5 /m);
});

Deno.test("evaluate scores classes on two data sets, and refuses those with other numbers", async () => {
  const pair = { stored: [0, 7], names: { background: 0, bright: 7 } } as const;
  await writePair("a", pair);
  await writePair("b", { ...pair, level: 180 });
  await done(place.unet([
    ...["train", "--data", "a", "--data", "b", "--out", "classes"],
    ...["--width", "0.02", "--tile", "32", "--batch", "2", "--epochs", "1"],
    ...["--validation", "0.5", "--device", "wasm", "--workers", "0"],
  ]));
  const data = ["--model", "classes", "--data", "a", "--data", "b"];
  const { sources, images, confusion } = await scoresOf(...data);
  assertEquals([images, sources.a.images, sources.b.images], [2, 1, 1]);
  const sum = (one: readonly (readonly number[])[]) => one.flat();
  const [a, b] = [sum(sources.a.confusion), sum(sources.b.confusion)];
  assertEquals(sum(confusion), a.map((own, at) => own + b[at]!));
  const { stdout } = await done(evaluate(...data));
  assertMatch(stdout, /^F1 +Images[^]*^a +1 [^]*^b +1 /m);

  // A model's file, unlike its run, does not say how masks are read.
  const file = place.at("classes", "best", "model.safetensors");
  const names = { background: 0, bright: 9 };
  await writePair("b", { stored: [0, 9], names });
  assertMatch(
    faultOf(await evaluate("--model", file, ...data.slice(2))),
    /bright 7 in "a", background 0, bright 9 in "b", expected the same in all data sets; name what .* --classes/,
  );
});
