import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { encodePng, type Image, synthesize, toRgb8 } from "@unet/data";
import { TiffWriter } from "@unet/infer/outputs";
import { faultOf, openPlace, type Place } from "../fixtures/place.ts";
import type { JobState } from "../jobs/jobs.ts";

const size = { width: 120, height: 90 };
const drawn = [...synthesize({ count: 2, ...size, seed: 6 })]
  .map(({ image }) => toRgb8(image));

/** The first channel of color. */
const grayOf = ({ data }: Image): Uint8Array =>
  Uint8Array.from(data.filter((_, at) => at % 3 === 0));

/** A studio with an image of two planes, and each of them as an image. */
async function openStack(): Promise<Place> {
  const here = await openPlace({});
  await using tiff = await TiffWriter.open(join(here.folder, "stack.tif"), {
    ...{ ...size, type: "uint8" as const },
    stack: { axis: "plane", count: 2 },
  });
  for (const image of drawn) await tiff.writeRows(grayOf(image));
  await tiff.finish();
  for (const [at, image] of drawn.entries()) {
    const data = grayOf(image);
    await Deno.writeFile(
      join(here.folder, `plane${at}.png`),
      await encodePng({ ...size, channels: 1, depth: 8, data }),
    );
  }
  await (await here.visitor.get("/api/folder")).json();
  return here;
}

async function predict(
  { visitor: { get, post } }: Place,
  body: unknown,
): Promise<JobState> {
  const begun = await post("/api/predict", body);
  if (!begun.ok) throw new Error(await begun.text());
  for (;;) {
    const state: JobState = await (await get("/api/job")).json();
    if (state.state !== "running") return state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function labelsOf({ visitor: { get } }: Place, name: string) {
  const tile = await get(`/api/labels?name=${name}&level=0&x=0&y=0`);
  return new Uint32Array(await tile.arrayBuffer());
}

Deno.test("/api/predict takes the plane that it is asked for, and says so", async () => {
  await using here = await openStack();
  const model = "nuclei";
  for (const plane of [0, 1]) {
    const reading = { plane };
    const job = await predict(here, { model, name: "stack.tif", reading });
    assertEquals([job.failed, job.choices], [
      ...[0, { model, reading, settings: null }],
    ]);
    const kept = await (await here.visitor.get(
      "/api/prediction?name=stack.tif",
    )).json();
    assertEquals(kept.reading, reading);
    await predict(here, { model, name: `plane${plane}.png` });
    const found = await labelsOf(here, "stack.tif");
    assert(new Set(found).size > 3);
    assertEquals(found, await labelsOf(here, `plane${plane}.png`));
  }
});

Deno.test("/api/predict of all images takes plane and settings for each, and refuses in words where there is no such plane", async () => {
  await using here = await openStack();
  const settings = {
    ...{ threshold: 0.5, minimalArea: 1e6, maximalHole: 0 },
    ...{ depth: 1, smoothing: 1, borderWeight: 1 },
  };
  const reading = { plane: 1 };
  const job = await predict(here, { model: "nuclei", reading, settings });
  assertEquals([job.total, job.failed], [3, 2]);
  assertEquals(job.choices, { model: "nuclei", reading, settings });
  for (const fault of job.faults) assertMatch(fault, /plane\d\.png.* plane 1/);
  assertEquals(new Set(await labelsOf(here, "stack.tif")).size, 1);
});

Deno.test("/api/predict takes one channel of color, and refuses channels that are not there or cannot be", async () => {
  await using here = await openPlace({ "a.png": await encodePng(drawn[0]!) });
  const one = { model: "nuclei", name: "a.png" };
  const green = await predict(here, { ...one, reading: { channel: "green" } });
  assertEquals(green.failed, 0);
  const none = await predict(here, { ...one, reading: { channel: "DAPI" } });
  assertEquals(none.failed, 1);
  assertMatch(none.faults[0]!, /DAPI/);
  const cases: [reading: unknown, found: RegExp][] = [
    [null, /found reading "null"/],
    ["plane 1", /found reading/],
    [{ plane: -1 }, /found plane "-1"/],
    [{ plane: 1.5 }, /found plane "1.5"/],
    [{ time: "1" }, /found time/],
    [{ channel: "" }, /found channel/],
    [{ channel: "x".repeat(201) }, /found channel/],
    [{ channel: ["a"] }, /found channel/],
    [{ level: 2 }, /found reading "level"/],
  ];
  for (const [reading, found] of cases) {
    const body = { ...one, reading };
    const response = await here.visitor.post("/api/predict", body);
    assertMatch(await faultOf(response, 400), found);
  }
});
