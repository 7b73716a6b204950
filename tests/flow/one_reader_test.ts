import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { type CheckReport, decodeImage, encodePng } from "@unet/data";
import { readModel } from "@unet/model";
import {
  assertDone,
  assertPlain,
  createPlace,
  faultOf,
  type Place,
} from "./_unet.ts";

let place: Place;

/** Images of two channels that are no color, and of three planes. */
const images = ["contig-two.tif", "planar-two.tif", "shaped-cyx.tif"];
const width = 13, height = 11;

const fixture = (name: string): URL =>
  new URL(`../../data/fixtures/series/${name}`, import.meta.url);

/** A mask of two objects. */
async function mask(): Promise<Uint8Array> {
  const data = new Uint8Array(width * height);
  for (const at of [28, 29, 41, 42, 80, 81, 93, 94]) data[at] = 255;
  return await encodePng({ width, height, channels: 1, depth: 8, data });
}

/** Sets the first pixels of all pages, so that no two images are the same. */
function mark(tiff: Uint8Array, number: number): Uint8Array {
  if (number === 0) return tiff;
  const view = new DataView(tiff.buffer), bytesOfPixels = 8;
  let page = view.getUint32(4, true);
  while (page !== 0) {
    const fields = view.getUint16(page, true), end = page + 2 + fields * 12;
    for (let at = page + 2; at < end; at += 12) {
      const isStrips = view.getUint16(at, true) === 273;
      const count = view.getUint32(at + 4, true);
      const value = view.getUint32(at + 8, true);
      for (let strip = 0; isStrips && strip < count; strip++) {
        const start = count === 1
          ? value
          : view.getUint32(value + strip * 4, true);
        tiff.fill(20 * number, start, start + bytesOfPixels);
      }
    }
    page = view.getUint32(end, true);
  }
  return tiff;
}

async function makeDataset(
  name: string,
  files: readonly string[],
): Promise<void> {
  for (const part of ["images", "masks"]) {
    await Deno.mkdir(place.at(name, part), { recursive: true });
  }
  for (const [index, file] of files.entries()) {
    const id = file.replace(/\.tif$/, "");
    const bytes = await Deno.readFile(fixture(file));
    await Deno.writeFile(place.at(name, "images", file), mark(bytes, index));
    await Deno.writeFile(place.at(name, "masks", `${id}.png`), await mask());
  }
}

const onWasm = ["--device", "wasm"];

const tiny = [
  ...["--epochs", "1", "--tile", "32", "--width", "0.02", "--batch", "2"],
  ...["--device", "wasm", "--workers", "0"],
];

Deno.test.beforeAll(async () => {
  place = await createPlace();
  await makeDataset("two", images);
  await makeDataset("stack", ["shaped-2yx.tif", "shaped-tzcyx.tif"]);
  assertDone(
    await place.unet([
      ...["train", "--data", "two", "--out", "run", "--channel", "1", ...tiny],
    ]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

Deno.test("check, train, evaluate and segment refuse channels that are no color in the same words", async () => {
  const words =
    /found 2 channels \(0 "channel 0", 1 "channel 1"\), expected color or gray; choose one by --channel: /g;
  const commands: readonly (readonly [readonly string[], number])[] = [
    [["check", "two"], 1],
    [["train", "--data", "two", "--out", "refused", ...tiny], 2],
    [["evaluate", "--model", "nuclei", "--data", "two", ...onWasm], 2],
    [
      ["segment", "two/images", "--model", "nuclei", "--out", "no", ...onWasm],
      1,
    ],
  ];
  for (const [args, code] of commands) {
    const ended = await place.unet(args);
    assertPlain(ended);
    assertEquals(ended.code, code, args.join(" "));
    assertEquals(
      ended.stderr.match(words)?.length,
      images.length,
      ended.stderr,
    );
  }
});

Deno.test("check takes the channel that is chosen", async () => {
  const ended = await place.unet(["check", "two", "--channel", "1", "--json"]);
  const report = JSON.parse(ended.stdout) as CheckReport;
  assertEquals([report.usable, report.errors, ended.code], [3, 0, 0]);
});

Deno.test("the channel of a training is kept in its run and its model, and a resumed run reads it", async () => {
  const { settings } = JSON.parse(
    await Deno.readTextFile(place.at("run/config.json")),
  );
  assertEquals([settings.channel, settings.plane], [1, null]);
  const { card } = await readModel(place.at("run/best"));
  assertEquals(card.reading, { channel: 1 });
  assertDone(
    await place.unet([
      ...["train", "--resume", "run", "--epochs", "2", "--device", "wasm"],
    ]),
  );
  assertMatch(
    faultOf(await place.unet(["train", "--resume", "run", "--channel", "0"])),
    /Cannot use flag "--channel": found --resume/,
  );
});

Deno.test("segment, evaluate and calibrate read what the model was trained on, and say so", async () => {
  const said =
    "Reading channel 1, as the model was trained (--channel to change it)\n";
  const segment = async (out: string, ...flags: string[]) => {
    const ended = await place.unet([
      ...["segment", "two/images/contig-two.tif", "--model", "run"],
      ...["--out", out, "--device", "wasm", "--format", "probability"],
      ...flags,
    ]);
    assertDone(ended);
    const path = place.at(out, "contig-two_probability.tif");
    const { data } = await decodeImage(await Deno.readFile(path), path);
    return { data, isSaid: ended.stdout.includes(said) };
  };
  const byCard = await segment("by-card");
  const byFlag = await segment("by-flag", "--channel", "1");
  const other = await segment("other", "--channel", "0");
  assertEquals([byCard.isSaid, byFlag.isSaid], [true, false]);
  assertEquals(byCard.data, byFlag.data);
  assert(byCard.data.some((value, at) => value !== other.data[at]));
  for (
    const args of [
      ["evaluate", "--run", "run"],
      ["calibrate", "--model", "run", "--data", "two"],
    ]
  ) {
    const ended = await place.unet([...args, "--device", "wasm"]);
    assertDone(ended);
    assert(ended.stdout.includes(said), ended.stdout);
  }
});

Deno.test("every command says which plane and time point it took, in a line for all images", async () => {
  const planes =
    "planes: plane 0 taken; --plane N takes another, --plane max projects, " +
    "segment --plane all takes each";
  const checked = await place.unet(["check", "stack", "--channel", "0"]);
  assertEquals(checked.code, 0);
  for (
    const line of [
      `warning: images/shaped-2yx.tif: 2 ${planes}`,
      `warning: images/shaped-tzcyx.tif: 3 ${planes}`,
      "warning: images/shaped-tzcyx.tif: 2 time points: time 0 taken; --time N takes another, segment --time all takes each",
    ]
  ) assert(checked.stderr.split("\n").includes(line), checked.stderr);
  for (
    const args of [
      ["train", "--data", "stack", "--out", "planes", ...tiny],
      [
        ...["segment", "stack/images", "--model", "nuclei", "--out", "planes2"],
        ...["--device", "wasm"],
      ],
      [
        ...["evaluate", "--model", "nuclei", "--data", "stack"],
        ...["--device", "wasm"],
      ],
    ]
  ) {
    const ended = await place.unet([...args, "--channel", "0"]);
    assertPlain(ended);
    assertEquals(ended.code, 0, ended.stderr);
    const lines = ended.stderr.trimEnd().split("\n");
    assertEquals(lines.length, 3, ended.stderr);
    assertMatch(lines[0]!, /shaped-2yx\.tif: 2 planes: plane 0 taken; --plane/);
    assertMatch(lines[1]!, /tzcyx\.tif: 2 time points: time 0 taken; --time/);
    assertEquals(lines[2], "warning: the same of 1 more image (planes)");
  }
  const chosen = await place.unet([
    ...["check", "stack", "--channel", "0", "--plane", "max", "--time", "0"],
  ]);
  assertDone(chosen);
});

Deno.test("segment with all planes or times decides against the plane of the model's card, and for its channel", async () => {
  assertDone(
    await place.unet([
      ...["train", "--data", "stack", "--out", "projected", ...tiny],
      ...["--channel", "0", "--plane", "max", "--time", "0"],
    ]),
  );
  const segment = async (out: string, ...flags: string[]) =>
    await place.unet([
      ...["segment", "stack/images/shaped-tzcyx.tif", "--model", "projected"],
      ...["--out", out, "--device", "wasm", "--format", "tiff", ...flags],
    ]);
  const card = await segment("p1");
  assertStringIncludes(card.stdout, "Reading channel 0, plane max, time 0, as");
  const planes = await segment("p2", "--plane", "all");
  assertDone(planes);
  assertStringIncludes(planes.stdout, "Reading channel 0, time 0, as the");
  assertStringIncludes(planes.stdout, " px, 3 planes, ");
  const times = await segment("p3", "--time", "all");
  assertDone(times);
  assertStringIncludes(times.stdout, "Reading channel 0, plane max, as the");
  assertStringIncludes(times.stdout, " px, 2 time points, ");
});
