import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, encodePng, synthesize } from "@unet/data";
import { infoOf, writeFile } from "@unet/files";
import { faultOf, openPlace } from "../fixtures/place.ts";
import type { Visitor } from "../fixtures/visitor.ts";
import type { JobState } from "../jobs/jobs.ts";

const drawn = [...synthesize({ count: 2, width: 160, height: 120, seed: 4 })];
const [first, second] = await Promise.all(
  drawn.map(({ image }) => encodePng(image)),
);
const files = { "a.png": first!, "b.png": second! };
const settings = {
  ...{ threshold: 0.5, minimalArea: 20, maximalHole: 20 },
  ...{ depth: 1, smoothing: 1, borderWeight: 5 },
};

/** The job once it has ended. */
async function ended({ get }: Visitor): Promise<JobState> {
  for (;;) {
    const state: JobState = await (await get("/api/job")).json();
    if (state.state !== "running") return state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function statesOf({ get }: Visitor) {
  const { images } = await (await get("/api/folder")).json();
  return images.map((image: { state: string }) => image.state);
}

const labelsOf = async (path: string) =>
  new Set((await decodeImage(await Deno.readFile(path), path)).data).size - 1;

Deno.test("/api/predict finds objects, and /api/save finds them anew by other settings", async () => {
  const table = "image,id,class\nz,1,stroma\n";
  await using here = await openPlace({
    ...{ ...files, "c.png": "no image" },
    // Of objects that were there before.
    "classes.csv": table + "a,1,tumor\n",
  });
  const { visitor, folder } = here;
  const offered = await (await visitor.get("/api/models")).json();
  assert(offered.includes("nuclei"));
  // It gives each pixel a class, which the studio does not show.
  assert(!offered.includes("axons"));
  const started = await visitor.post("/api/predict", { model: "nuclei" });
  assertEquals((await started.json()).total, 3);
  const busy = await visitor.post("/api/predict", { model: "nuclei" });
  assertMatch(await faultOf(busy, 409), /found another one under way/);
  const job = await ended(visitor);
  assertEquals([job.state, job.done, job.failed], ["ended", 3, 1]);
  assertMatch(job.faults.join(), /^Cannot read image .*c\.png"/);
  assertEquals(await statesOf(visitor), ["predicted", "predicted", "none"]);
  const mask = join(folder, "masks", "a.tif");
  const { objects } =
    (await (await visitor.get("/api/image?name=a.png")).json())
      .listed;
  assertEquals(await labelsOf(mask), objects);
  assertEquals(await Deno.readTextFile(join(folder, "classes.csv")), table);
  const { heads, saved } = await (await visitor.get(
    "/api/prediction?name=a.png",
  )).json();
  assert(heads.includes("object") && saved.threshold > 0);
  const probabilities = new Float32Array(
    await (await visitor.get(
      "/api/probabilities?name=a.png&head=object&x=10&y=20&width=30&height=40",
    )).arrayBuffer(),
  );
  assertEquals(probabilities.length, 1200);
  assert(probabilities.every((value) => value >= 0 && value <= 1));
  const heat = await visitor.get("/api/heat?name=a.png&level=0&x=0&y=0");
  assertEquals(heat.headers.get("x-size"), "160 120");
  assertEquals((await heat.arrayBuffer()).byteLength, 160 * 120);
  const strict = { ...settings, minimalArea: 1e6 };
  const name = "a.png";
  await (await visitor.post("/api/save", { name, settings: strict })).json();
  assertEquals((await ended(visitor)).failed, 0);
  assertEquals(await labelsOf(mask), 0);
  const again = await visitor.get("/api/prediction?name=a.png");
  assertEquals((await again.json()).saved, strict);
});

Deno.test("a mask that a person made or accepted is not replaced", async () => {
  await using here = await openPlace(files);
  const { visitor, folder } = here;
  const post = (path: string, body: unknown) => visitor.post(path, body);
  await (await post("/api/predict", { name: "a.png", model: "nuclei" })).json();
  assertEquals((await ended(visitor)).failed, 0);
  const accept = { name: "a.png", accepted: true };
  assertEquals(
    (await (await post("/api/accept", accept)).json()).state,
    "accepted",
  );
  // Another program makes a mask of the other image.
  await writeFile(join(folder, "masks", "b.png"), second!);
  assertEquals(await statesOf(visitor), ["accepted", "corrected"]);
  for (const [name, found] of [["a.png", "accepted"], ["b.png", "another"]]) {
    for (const path of ["/api/predict", "/api/save"]) {
      const response = await post(path, { name, model: "nuclei", settings });
      assertMatch(await faultOf(response, 409), new RegExp(found!));
    }
  }
  const all = await (await post("/api/predict", { model: "nuclei" })).json();
  assertEquals(all.total, 0);
  await ended(visitor);
  assertEquals(await infoOf(join(folder, "masks", "b.tif")), null);
  const back = { name: "a.png", accepted: false };
  assertEquals(
    (await (await post("/api/accept", back)).json()).state,
    "predicted",
  );
});

Deno.test("/api/predict of all images takes a bad name for a fault of that image, and the others run", async () => {
  await using here = await openPlace(files);
  const { visitor, folder } = here;
  const outside = join(folder, "..", "secret.png");
  await writeFile(outside, first!);
  await Deno.symlink(outside, join(folder, "out.png"));
  await Deno.symlink(join(folder, "nothing"), join(folder, "dangling.png"));
  const isLinux = Deno.build.os === "linux";
  if (isLinux) {
    // A name that is not UTF-8, which a script of the shell alone can write.
    const script = `cp a.png "$(printf 'no\\377utf8.png')"`;
    const { success } = await new Deno.Command("sh", {
      args: ["-c", script],
      cwd: folder,
    }).output();
    assert(success);
  }
  await (await visitor.post("/api/predict", { model: "nuclei" })).json();
  const job = await ended(visitor);
  const bad = isLinux ? 3 : 2;
  assertEquals(
    [job.state, job.total, job.done, job.failed, job.faults.length],
    ["ended", 2 + bad, 2 + bad, bad, bad],
  );
  const faults = job.faults.join("\n");
  assertMatch(
    faults,
    /^Cannot open file "out.png": found a path that leads out/m,
  );
  assertMatch(faults, /^Cannot open file "dangling.png": found no such file/m);
  if (isLinux) assertMatch(faults, /^Cannot open file "no.utf8.png"/m);
  for (const name of ["a.tif", "b.tif"]) {
    assert(await infoOf(join(folder, "masks", name)), name);
  }
  assertEquals(await infoOf(join(folder, "masks", "out.tif")), null);
  // Asked for by its name, it is refused as before.
  const one = { model: "nuclei", name: "out.png" };
  await faultOf(await visitor.post("/api/predict", one), 403);
});

Deno.test("/api/accept takes the names of the list alone", async () => {
  await using here = await openPlace({
    ...files,
    "masks/a.tif": "a mask",
    "masks/gone.tif": "the mask of an image that is no more",
  });
  const { visitor, folder } = here;
  const outside = join(folder, "..", "secret.png");
  await writeFile(outside, first!);
  await Deno.symlink(outside, join(folder, "out.png"));
  await (await visitor.get("/api/folder")).json();
  for (
    const [name, status] of [
      ["gone.png", 404],
      ["../images/a.png", 404],
      ["./a.png", 404],
      ["out.png", 403],
    ] as const
  ) {
    const body = { name, accepted: true };
    await faultOf(await visitor.post("/api/accept", body), status);
  }
  assertEquals(await infoOf(join(folder, ".studio", "states.jsonl")), null);
  const good = { name: "a.png", accepted: true };
  const accepted = await (await visitor.post("/api/accept", good)).json();
  assertEquals(accepted.state, "accepted");
});

Deno.test("masks of one nucleus each get no mask of the image among them", async () => {
  const image = "ID/images/ID.png", id = join("ID", "masks");
  await using here = await openPlace({
    [image]: first!,
    "ID/masks/1.png": "a nucleus",
    "ID/masks/2.png": "a nucleus",
    "a.png": second!,
  });
  const { visitor, folder } = here;
  const wanted =
    `Cannot save mask of image "${image}": found 2 masks of one nucleus each; ` +
    "copy the image into a folder without masks to predict it";
  for (const path of ["/api/predict", "/api/save"]) {
    const body = { name: image, model: "nuclei", settings, replace: true };
    assertEquals(await faultOf(await visitor.post(path, body), 409), wanted);
  }
  await (await visitor.post("/api/predict", { model: "nuclei" })).json();
  const job = await ended(visitor);
  assertEquals([job.total, job.done, job.failed], [2, 2, 1]);
  assertEquals(job.faults, [wanted]);
  assertEquals(await infoOf(join(folder, id, "ID.tif")), null);
  assert(await infoOf(join(folder, "masks", "a.tif")));
});

Deno.test("images that share a mask are neither predicted, saved nor accepted", async () => {
  await using here = await openPlace({
    "same.png": first!,
    "same.jpg": second!,
  });
  const { visitor, folder } = here;
  const refused = async (path: string) => {
    for (const name of ["same.png", "same.jpg"]) {
      const body = { name, model: "nuclei", settings, accepted: true };
      const found = await faultOf(await visitor.post(path, body), 409);
      assertMatch(found, /^Cannot use mask ".*same\.tif": found the images /);
      assert(found.includes('"same.jpg" and "same.png", which share it'));
    }
  };
  await refused("/api/predict");
  await refused("/api/save");
  await writeFile(join(folder, "masks", "same.tif"), "a mask");
  await (await visitor.get("/api/folder")).json();
  await refused("/api/accept");
  assertEquals(await infoOf(join(folder, ".studio", "states.jsonl")), null);
});

Deno.test("a job is canceled, and what was saved stays", async () => {
  await using here = await openPlace(files);
  const { visitor } = here;
  await (await visitor.post("/api/predict", { model: "nuclei" })).json();
  await (await visitor.post("/api/cancel", {})).json();
  const job = await ended(visitor);
  assertEquals(job.state, "canceled");
  const states = await statesOf(visitor);
  assertEquals(
    states.filter((state: string) => state === "predicted").length,
    job.done,
  );
  // The next one begins anew.
  const one = { name: "a.png", model: "nuclei" };
  await (await visitor.post("/api/predict", one)).json();
  assertEquals((await ended(visitor)).state, "ended");
});

Deno.test("a prediction of a file that has changed since is not shown", async () => {
  await using here = await openPlace(files);
  const { visitor, folder } = here;
  const one = { name: "a.png", model: "nuclei" };
  await (await visitor.post("/api/predict", one)).json();
  await ended(visitor);
  await writeFile(join(folder, "a.png"), second!);
  const shown = await visitor.get("/api/prediction?name=a.png");
  assertEquals(await shown.json(), null);
});

Deno.test("bodies that cannot be are refused by name, before anything begins", async () => {
  await using here = await openPlace(files);
  const { visitor } = here;
  const good = { name: "a.png", settings };
  const cases: [path: string, body: unknown, status: number, found: string][] =
    [
      ["predict", {}, 400, "found model nothing"],
      ["predict", { model: "../x" }, 400, "found model"],
      ["predict", { model: "nuclei", name: 3 }, 400, "found name"],
      ["predict", { model: "nuclei", name: "../a.png" }, 404, "no such image"],
      ["predict", { model: "nuclei", diameter: 0 }, 400, "found diameter"],
      ["predict", { model: "nuclei", settings: {} }, 400, "found threshold"],
      ["save", { ...good, settings: { ...settings, depth: -1 } }, 400, "depth"],
      ["save", { ...good, settings: null }, 400, "found settings"],
      ["accept", { name: "a.png", accepted: true }, 409, "found no mask"],
      ["predict", "[1]", 400, "expected a JSON object"],
      ["predict", "{", 400, "Cannot read request"],
      ["predict", `{"model": "${"x".repeat(2 ** 20)}"}`, 413, "bytes"],
    ];
  for (const [path, body, status, found] of cases) {
    const message = await faultOf(
      await visitor.post(`/api/${path}`, body),
      status,
    );
    assert(message.includes(found), `${path}: ${message}`);
  }
  const text = { "content-type": "text/plain" };
  await faultOf(await visitor.post("/api/predict", good, text), 415);
  const foreign = { origin: "http://evil.example" };
  await faultOf(await visitor.post("/api/predict", good, foreign), 403);
  assertEquals(await (await visitor.get("/api/job")).json(), null);
  // Nothing to save without a prediction.
  await (await visitor.post("/api/save", good)).json();
  assertMatch((await ended(visitor)).faults.join(), /found no prediction/);
});
