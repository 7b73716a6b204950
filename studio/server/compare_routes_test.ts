import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, encodePng, synthesize } from "@unet/data";
import { faultOf, openPlace } from "../fixtures/place.ts";
import type { Visitor } from "../fixtures/visitor.ts";

const size = { width: 96, height: 64 };
const [drawn] = synthesize({ count: 1, ...size, seed: 3 });
const image = await encodePng(drawn!.image);
const mask = await encodePng({
  ...{ ...size, channels: 1, depth: 16 },
  data: Uint16Array.from(drawn!.labels.data),
});

/** The job that was started, when it has ended. */
async function ended(visitor: Visitor) {
  for (;;) {
    const job = await (await visitor.get("/api/job")).json();
    if (job.state !== "running") return job;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

Deno.test("/api/compare predicts by models, scores them by a person's mask, and leaves that as it is", async () => {
  await using here = await openPlace({ "a.png": image, "masks/a.png": mask });
  const { visitor, folder } = here;
  const query = "name=a.png&model=nuclei&model=nuclei";
  const before = await visitor.get(`/api/comparison?${query}`);
  assertEquals(await before.json(), [null, null]);
  const missing = await visitor.get(
    "/api/comparison/labels?name=a.png&model=nuclei&level=0&x=0&y=0",
  );
  assertMatch(await faultOf(missing, 404), /compare the image/);
  const models = ["nuclei", "nuclei"];
  await (await visitor.post("/api/compare", { name: "a.png", models })).json();
  const job = await ended(visitor);
  assertEquals([job.state, job.done, job.faults], ["ended", 2, []]);
  const found = await (await visitor.get(`/api/comparison?${query}`)).json();
  assertEquals(found[0], found[1]);
  assertEquals(found[0].maskOf, null);
  const { objectF1, ap50, pixelF1 } = found[0].scores;
  for (const score of [objectF1, ap50, pixelF1]) {
    assert(score > 0.3 && score <= 1, String(score));
  }
  const tile = await visitor.get(
    "/api/comparison/labels?name=a.png&model=nuclei&level=0&x=0&y=0",
  );
  assertEquals(tile.headers.get("x-size"), "98 66");
  const labels = new Uint32Array(await tile.arrayBuffer());
  assert(new Set(labels).size > 1);
  const path = join(folder, "masks", "a.png");
  const { data } = await decodeImage(await Deno.readFile(path), path);
  assertEquals(data, Uint16Array.from(drawn!.labels.data));
  assertEquals([...Deno.readDirSync(join(folder, "masks"))].length, 1);
});

Deno.test("/api/comparison says whose prediction an accepted mask is", async () => {
  await using here = await openPlace({ "a.png": image });
  const { visitor } = here, name = "a.png", models = ["nuclei", "nuclei"];
  const post = async (path: string, body: unknown) =>
    await (await visitor.post(path, body)).json();
  await post("/api/predict", { name, model: "nuclei" });
  await ended(visitor);
  await post("/api/accept", { name, accepted: true });
  await post("/api/compare", { name, models });
  await ended(visitor);
  const query = "name=a.png&model=nuclei";
  const [found] = await (await visitor.get(`/api/comparison?${query}`)).json();
  assertEquals([found.maskOf, found.scores.pixelF1], ["nuclei", 1]);
});

Deno.test("/api/compare and /api/comparison refuse unknown images and models", async () => {
  await using here = await openPlace({ "a.png": image });
  const { visitor } = here;
  const models = ["nuclei"];
  for (const name of ["b.png", "../a.png"]) {
    const response = await visitor.post("/api/compare", { name, models });
    assertMatch(await faultOf(response, 404), /no such image/);
  }
  const cases = [[], ["none"], ["nuclei", "/etc"], "nuclei", null];
  for (const models of [...cases, ["nuclei", "nuclei", "nuclei"]]) {
    const response = await visitor.post("/api/compare", {
      name: "a.png",
      models,
    });
    assertMatch(await faultOf(response, 400), /found models/);
  }
  const named = await visitor.post("/api/compare", { name: 3, models });
  assertMatch(await faultOf(named, 400), /found name/);
  for (const query of ["name=a.png", "name=a.png&model=%2Fetc"]) {
    const response = await visitor.get(`/api/comparison?${query}`);
    assertMatch(await faultOf(response, 400), /found models/);
  }
});
