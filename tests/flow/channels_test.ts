import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import { decodeImage, encodePng } from "@unet/data";
import { TiffWriter } from "@unet/infer/outputs";
import { readModel } from "@unet/model";
import type { Task } from "@unet/task";
import { contentOf } from "./_run_content.ts";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

let place: Place;

const width = 48, height = 40;
const names = ["DAPI", "phase", "actin"];

/** Writes an OME-TIFF of 16 bits, with a bright square in each channel. */
async function writeChannels(
  path: string,
  seed: number,
  channels: readonly string[] = names,
): Promise<void> {
  const listed = channels.map((name, at) =>
    `<Channel ID="Channel:0:${at}" Name="${name}" SamplesPerPixel="1"/>`
  );
  await using tiff = await TiffWriter.open(path, {
    ...{ width, height, type: "uint16", planes: channels.length, tile: 16 },
    description: `<?xml version="1.0"?><OME xmlns="http://www.` +
      `openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels ` +
      `ID="Pixels:0" DimensionOrder="XYCZT" Type="uint16" SizeX="${width}" ` +
      `SizeY="${height}" SizeC="${channels.length}" SizeZ="1" SizeT="1">` +
      `${listed.join("")}<TiffData/></Pixels></Image></OME>`,
  });
  const rows = Uint16Array.from(
    { length: width * height * channels.length },
    (_, at) => {
      const channel = at % channels.length;
      const pixel = Math.floor(at / channels.length);
      const x = pixel % width, y = Math.floor(pixel / width);
      const left = 4 + 8 * channel + seed;
      const isIn = x >= left && x < left + 16 && y >= 8 && y < 28;
      return 100 * (channel + 1) + (pixel * 31 + seed) % 17 +
        (isIn ? 3000 * (channel + 1) : 0);
    },
  );
  await tiff.writeRows(rows);
  await tiff.finish();
}

async function writeMask(path: string, seed: number): Promise<void> {
  const data = new Uint8Array(width * height);
  for (let y = 8; y < 28; y++) {
    data.fill(255, y * width + 20 + seed, y * width + 28 + seed);
  }
  const mask = { width, height, channels: 1, depth: 8, data } as const;
  await Deno.writeFile(path, await encodePng(mask));
}

const tiny = [
  ...["--tile", "32", "--width", "0.02", "--batch", "2", "--device", "wasm"],
  ...["--scheduler", "constant"],
];

const two = ["train", "--data", "cells", "--channels", "DAPI,actin", ...tiny];

const model = ["--model", "run", "--device", "wasm"];

Deno.test.beforeAll(async () => {
  place = await createPlace();
  for (const part of ["images", "masks"]) {
    await Deno.mkdir(place.at("cells", part), { recursive: true });
  }
  for (let number = 0; number < 4; number++) {
    await writeChannels(place.at(`cells/images/${number}.ome.tif`), number);
    await writeMask(place.at(`cells/masks/${number}.png`), number);
  }
  await writeChannels(place.at("other.ome.tif"), 0, ["GFP", "DAPI"]);
  assertDone(
    await place.unet([...two, "--epochs", "2", "--out", "run"]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

Deno.test("train --channels stores the channels in settings, task and card, and draws them", async () => {
  const config = JSON.parse(Deno.readTextFileSync(place.at("run/config.json")));
  assertEquals(config.settings.channels, ["DAPI", "actin"]);
  const { plan, card } = await readModel(place.at("run/best"));
  assertEquals(plan.task.input, {
    channels: [{ name: "DAPI" }, { name: "actin" }],
    normalization: "percentiles",
  });
  assertEquals(card.reading, { channels: ["DAPI", "actin"] });
  const path = place.at("run/samples/01.png");
  const sample = await decodeImage(await Deno.readFile(path), path);
  // Magenta and green: where one channel alone is bright, the other is not.
  const colors = new Set<string>();
  for (let at = 0; at < sample.data.length; at += 3) {
    const [red, green, blue] = sample.data.subarray(at, at + 3);
    if (red! > 200 && green! < 80 && blue! > 200) colors.add("magenta");
    if (red! < 80 && green! > 200 && blue! < 80) colors.add("green");
  }
  assertEquals([...colors].sort(), ["green", "magenta"]);
});

Deno.test("train --channels gives the same run with workers, and resumes to the same bits", async () => {
  for (
    const [out, ...flags] of [
      ["workers", "--epochs", "2", "--workers", "2"],
      ["stopped", "--epochs", "1"],
    ]
  ) {
    assertDone(await place.unet([...two, "--out", out!, ...flags]));
  }
  assertEquals(contentOf(place.at("workers")), contentOf(place.at("run")));
  assertDone(
    await place.unet(["train", "--resume", "stopped", "--epochs", "2"]),
  );
  assertEquals(contentOf(place.at("stopped")), contentOf(place.at("run")));
});

Deno.test("evaluate, segment, calibrate, export and summary take the model's channels by name", async () => {
  const done = await Promise.all([
    place.unet(["evaluate", ...model, "--data", "cells"]),
    place.unet([
      ...["segment", "cells/images/0.ome.tif", ...model, "--out", "out"],
      ...["--format", "png,csv,overlay"],
    ]),
    place.unet(["calibrate", ...model, "--data", "cells"]),
    place.unet(["export", ...model.slice(0, 2), "--format", "onnx"]),
    place.unet(["summary", "run", "--size", "64"]),
  ]);
  done.forEach(assertDone);
  const [scores, masks, , exported, summary] = done;
  assertMatch(scores!.stdout, /4 images/);
  const note =
    /Reading channels DAPI,actin, as the model was trained \(--channels to change it\)/;
  assertMatch(scores!.stdout, note);
  assertMatch(masks!.stdout, note);
  const [header] = Deno.readTextFileSync(place.at("out/0.csv")).split("\n");
  for (const name of names) assert(header!.includes(`mean_${name}`), header);
  assertMatch(exported!.stdout, /It takes the channels DAPI, actin, /);
  assertMatch(summary!.stdout, /^Input: DAPI, actin; normalization perc/m);
});

Deno.test("segment finds channels wherever a file has them, and by numbers if asked", async () => {
  const renamed = place.at("swapped.ome.tif");
  await writeChannels(renamed, 0, ["actin", "phase", "DAPI"]);
  const segment = (file: string, out: string, ...flags: string[]) =>
    place.unet([
      ...["segment", file, ...model, "--out", out, ...flags],
      ...["--format", "probability"],
    ]);
  const first = "cells/images/0.ome.tif";
  const outcomes = await Promise.all([
    segment(first, "by-name"),
    segment(first, "by-number", "--channels", "0,2"),
    segment(first, "turned", "--channels", "2,0"),
    segment("swapped.ome.tif", "swapped"),
  ]);
  outcomes.forEach(assertDone);
  const swapped = place.at("swapped/swapped_probability.tif");
  const [byName, byNumber, turned] = await Promise.all(
    ["by-name", "by-number", "turned"].map((out) =>
      Deno.readFile(place.at(out, "0_probability.tif"))
    ),
  );
  assertEquals(byNumber, byName);
  // Channel 2 is "DAPI" there, as it is the first of "2,0".
  assertEquals(await Deno.readFile(swapped), turned);
  assertNotEquals(turned, byName);
});

Deno.test("train keeps the names of channels that were chosen by number, where all files name them alike", async () => {
  const numbered = [...two.with(two.indexOf("DAPI,actin"), "0,2")];
  const trained = await place.unet([
    ...[...numbered, "--epochs", "2", "--out", "numbered"],
  ]);
  assertDone(trained);
  assertMatch(
    trained.stdout,
    /^Channels 0, 2 are DAPI, actin in all images: the model finds them by these names$/m,
  );
  // Calibration in another test may have changed the card of `run`.
  const [byNumber, byName] = [place.at("numbered"), place.at("run")];
  const rows = (run: string) => contentOf(run)["metrics.csv"];
  assertEquals(rows(byNumber), rows(byName));
  const [numberedModel, namedModel] = [
    await readModel(place.at("numbered/best")),
    await readModel(place.at("run/best")),
  ];
  assertEquals(numberedModel.plan, namedModel.plan);
  assertEquals(numberedModel.card.reading, { channels: ["DAPI", "actin"] });
  const resumed = ["train", "--resume", "numbered", "--epochs", "3"];
  assertDone(await place.unet(resumed));

  for (const part of ["images", "masks"]) {
    await Deno.mkdir(place.at("mixed", part), { recursive: true });
  }
  for (let number = 0; number < 4; number++) {
    const order = number === 2 ? names.toReversed() : names;
    await writeChannels(
      place.at(`mixed/images/${number}.ome.tif`),
      number,
      order,
    );
    await writeMask(place.at(`mixed/masks/${number}.png`), number);
  }
  const mixed = await place.unet([
    ...numbered.with(numbered.indexOf("cells"), "mixed"),
    ...["--epochs", "1", "--out", "mixed-run"],
  ]);
  assertDone(mixed);
  assertMatch(
    mixed.stdout,
    /^Channels 0, 2 are DAPI, actin in some images, actin, DAPI in others: taken by number; --channels DAPI,actin takes them by name$/m,
  );
  const { card } = await readModel(place.at("mixed-run/best"));
  assertEquals(card.reading, { channels: [0, 2] });
});

Deno.test("commands refuse channels that a file or a model does not have, and say what to do", async () => {
  const cases: readonly (readonly [string[], string])[] = [
    [
      [...two, "--out", "no", "--channel", "0"],
      'Cannot use flag "--channels": found --channel beside it, expected one of the two',
    ],
    [
      ["check", "cells", "--channels", "DAPI,dapi"],
      'found channel 0 "DAPI" chosen twice, as "DAPI" and "dapi", expected each channel once',
    ],
    [
      ["check", "cells", "--channels", "DAPI,GFP"],
      'found 3 channels (0 "DAPI", 1 "phase", 2 "actin"), expected a channel "GFP"',
    ],
    [
      ["train", "--data", "cells", "--channels", "0,3", ...tiny],
      "expected channel 3",
    ],
    [
      ["segment", "other.ome.tif", ...model, "--out", "no"],
      'found 2 channels (0 "GFP", 1 "DAPI"), expected a channel "actin"',
    ],
    [
      ["segment", "other.ome.tif", ...model, "--channel", "0", "--out", "no"],
      'Cannot use flag "--channel": found a model of the channels DAPI,actin, expected --channels with 2 channels',
    ],
    [
      ["segment", "other.ome.tif", ...model, "--channels", "0", "--out", "no"],
      'Cannot use flag "--channels": found 0, for a model of the channels DAPI,actin, expected 2 channels in this order',
    ],
    [
      [
        ...["segment", "other.ome.tif", "--model", "nuclei", "--out", "no"],
        ...["--channels", "DAPI", "--device", "wasm"],
      ],
      'Cannot use flag "--channels": found a model of red, green and blue, expected --channel for one of them, or none',
    ],
    [
      ["train", "--channels", "0,1", ...tiny],
      'Cannot use flag "--channels": found images that the program draws, expected those of --data',
    ],
    [
      [
        ...["train", "--data", "cells", "--channel", "0", "--weights", "run"],
        ...["--tile", "32", "--device", "wasm", "--out", "no"],
      ],
      'Cannot use flag "--weights": found model.safetensors, a model of the channels DAPI,actin, expected --channels with as many, as in --channels DAPI,actin',
    ],
  ];
  for (const [args, message] of cases) {
    const run = await place.unet(args);
    const text = run.stdout + run.stderr;
    assert(text.includes(message), `${args.join(" ")}\n${text}`);
    assert(run.code !== 0 && !/\n {4}at /.test(text), text);
  }
});

Deno.test("train --weights adapts a model of color to channels, and says how", async () => {
  assertDone(
    await place.unet([
      ...["train", "--data", "cells", "--channel", "0", ...tiny],
      ...["--epochs", "1", "--out", "color"],
    ]),
  );
  const start = async (out: string, channels: string, weights: string) => {
    const run = await place.unet([
      ...["train", "--data", "cells", "--channels", channels, "--out", out],
      ...["--weights", weights, "--epochs", "1", "--tile", "32"],
      ...["--device", "wasm"],
    ]);
    assertDone(run);
    return run.stdout;
  };
  assertMatch(
    await start("from-color", "DAPI,actin", "color"),
    /First convolution: DAPI, actin take red, green and blue in turn, scaled by 3\/2/,
  );
  assertMatch(
    await start("from-color-1", "actin", "color"),
    /First convolution: actin takes the sum over red, green and blue/,
  );
  assertMatch(
    await start("from-color-3", "0,1,2", "color"),
    /Channels: DAPI, phase, actin in place of red, green, blue/,
  );
  assertMatch(
    await start("from-two", "phase,actin", "run"),
    /Channels: phase, actin in place of DAPI, actin/,
  );
  const { plan } = await readModel(place.at("from-color/best"));
  assertEquals((plan.task as Task).input.channels.length, 2);
});

Deno.test("summary describes a network of any classes and channels", async () => {
  const run = await place.unet([
    ...["summary", "--network", "resnet34", "--classes", "3"],
    ...["--channels", "2", "--width", "0.125", "--json"],
  ]);
  assertDone(run);
  const { plan, rows } = JSON.parse(run.stdout);
  assertEquals((plan.task as Task).input.channels, [
    { name: "channel 0" },
    { name: "channel 1" },
  ]);
  assertEquals(plan.task.heads[0].classes, [
    "background",
    "class 1",
    "class 2",
  ]);
  // 7×7 pixels of two channels, and a scale and an offset.
  assertEquals(rows[0].parameters, 8 * (7 * 7 * 2 + 2));
  assertEquals(rows.at(-1).output, [256, 256, 3]);
  const refused = await place.unet(["summary", "--channels", "0"]);
  assertMatch(faultOf(refused), /--channels": found "0", expected a number/);
});
