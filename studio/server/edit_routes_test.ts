import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { encodePng, readLabels, synthesize } from "@unet/data";
import { unlabeled } from "@unet/data/class-target";
import { LabelTiff, TiffWriter } from "@unet/infer/outputs";
import { faultOf, openPlace, type Place } from "../fixtures/place.ts";
import { visit } from "../fixtures/visitor.ts";
import type { EditAnswer, MaskState } from "../masks/mask_state.ts";
import { openStudio } from "../open_studio.ts";

const width = 60, height = 40;
const png = await encodePng({
  ...{ width, height, channels: 1, depth: 8 } as const,
  data: new Uint8Array(width * height),
});

const dot = (x: number, y: number, size = 9) => ({
  ...{ tool: "brush", points: [x, y], size, as: "object", over: false },
});

/** A page that has an image's mask open. */
class Editor {
  readonly #place: Pick<Place, "visitor">;
  readonly #name: string;
  state: MaskState;

  private constructor(
    place: Pick<Place, "visitor">,
    name: string,
    state: MaskState,
  ) {
    this.#place = place;
    this.#name = name;
    this.state = state;
  }

  static async open(place: Pick<Place, "visitor">, name = "a.png") {
    const response = await place.visitor.get(`/api/mask?name=${name}`);
    if (!response.ok) throw new Error((await response.json()).error);
    return new Editor(place, name, await response.json());
  }

  send(edit: unknown): Promise<Response> {
    const { mask, edit: number } = this.state;
    const known = { name: this.#name, mask, number };
    return this.#place.visitor.post("/api/edit", { ...known, edit });
  }

  async edit(edit: unknown): Promise<EditAnswer> {
    const response = await this.send(edit);
    if (!response.ok) throw new Error((await response.json()).error);
    const answer = await response.json();
    this.state = answer;
    return answer;
  }
}

/** Waits until a file has what is expected; a test's own limit ends it. */
async function until(isThere: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 10_000; tries++) {
    if (await isThere()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("waited for what never came");
}

const labelsOf = async (path: string) => (await readLabels(path, 1e6)).data;

const isWritten = (path: string, isAs: (labels: Uint32Array) => boolean) =>
  until(async () => {
    try {
      return isAs(await labelsOf(path));
    } catch {
      // It is not there yet.
      return false;
    }
  });

const at = (x: number, y: number) => y * width + x;

Deno.test("an image without a mask is painted, and its mask is on the disk right after", async () => {
  await using place = await openPlace({ "a.png": png });
  const editor = await Editor.open(place);
  assertEquals(editor.state.edit, 1);
  const first = await editor.edit(dot(10, 10));
  assertEquals(first.changed, { x: 6, y: 6, width: 9, height: 9 });
  assertEquals([first.objects, first.canUndo, first.canRedo], [1, true, false]);
  const second = await editor.edit(dot(30, 10));
  assertEquals([second.objects, second.edit], [2, first.edit + 1]);
  const path = join(place.folder, "masks", "a.tif");
  await isWritten(path, (labels) => labels[at(30, 10)] === 2);
  assertEquals((await labelsOf(path))[at(10, 10)], 1);
  const undone = await editor.edit({ tool: "undo" });
  assertEquals(undone.changed, second.changed);
  assertEquals([undone.objects, undone.canRedo], [1, true]);
  await editor.edit({ tool: "redo" });
  const nothing = await editor.edit({ tool: "redo" });
  assertEquals(nothing.note, "There is nothing to redo.");
  assertEquals(nothing.changed, null);
  await isWritten(path, (labels) => labels[at(30, 10)] === 2);
  const { images } = await (await place.visitor.get("/api/folder")).json();
  assertEquals(images[0].state, "corrected");
});

Deno.test("undo reaches back to the first edit, also after the studio ended", async () => {
  const place = await openPlace({ "a.png": png });
  const editor = await Editor.open(place);
  for (let x = 5; x < 50; x += 5) await editor.edit(dot(x, 20, 3));
  await editor.edit({ tool: "rest", as: "unlabeled" });
  const copy = join(await Deno.makeTempDir(), "copy");
  const path = join(place.folder, "masks", "a.tif");
  await isWritten(path, (labels) => labels[0] === unlabeled);
  await Deno.mkdir(join(copy, "masks"), { recursive: true });
  for (const file of ["a.png", "masks/a.tif", "masks/a.edits.jsonl"]) {
    await Deno.copyFile(join(place.folder, file), join(copy, file));
  }
  await place[Symbol.asyncDispose]();
  await using studio = await openStudio(copy);
  const again = await Editor.open({ visitor: await visit(studio) });
  for (let count = 0; count < 10; count++) await again.edit({ tool: "undo" });
  assertEquals([again.state.objects, again.state.canUndo], [0, false]);
  for (let count = 0; count < 10; count++) await again.edit({ tool: "redo" });
  assertEquals([again.state.objects, again.state.canRedo], [9, false]);
  const mask = join(copy, "masks", "a.tif");
  await isWritten(mask, (labels) => labels[0] === unlabeled);
});

Deno.test("edits that did not reach the mask's file come from the log", async () => {
  const place = await openPlace({ "a.png": png });
  const editor = await Editor.open(place);
  await editor.edit(dot(10, 10));
  const path = join(place.folder, "masks", "a.tif");
  await isWritten(path, (labels) => labels[at(10, 10)] === 1);
  const before = await Deno.readFile(path);
  await editor.edit(dot(30, 10));
  await editor.edit({ tool: "delete", points: [10, 10] });
  // As after a kill: the log has what the file lacks, and a line cut off.
  const log = await Deno.readTextFile(
    join(place.folder, "masks/a.edits.jsonl"),
  );
  await place[Symbol.asyncDispose]();
  const cut = log.slice(0, log.lastIndexOf('"tool":"delete"'));
  for (const [text, objects] of [[log, 1], [cut, 2]] as const) {
    await using after = await openPlace({
      ...{ "a.png": png, "masks/a.tif": before },
      "masks/a.edits.jsonl": withoutSaves(text),
    });
    const again = await Editor.open(after);
    assertEquals(again.state.objects, objects);
    assertMatch(again.state.note!, /^The studio ended before the mask was/);
    await again.edit({ tool: "undo" });
    await isWritten(
      join(after.folder, "masks", "a.tif"),
      (labels) => labels[at(10, 10)] === 1,
    );
  }
});

/** A log whose last saves never happened. */
function withoutSaves(text: string): string {
  let saved = 0;
  return text.split("\n")
    .filter((line) => !/^\{"sav/.test(line) || saved++ < 2).join("\n");
}

Deno.test("an edit by a page that does not know the last one is refused", async () => {
  await using place = await openPlace({ "a.png": png });
  const one = await Editor.open(place), other = await Editor.open(place);
  await one.edit(dot(10, 10));
  const message = await faultOf(await other.send(dot(30, 10)), 409);
  assertMatch(message, /found it changed elsewhere meanwhile/);
  const after = await Editor.open(place);
  assertEquals(after.state.objects, 1);
  assertEquals((await after.edit(dot(30, 10))).objects, 2);
});

Deno.test("a mask that another program saved is taken, and not replaced", async () => {
  await using place = await openPlace({ "a.png": png });
  const editor = await Editor.open(place);
  await editor.edit(dot(10, 10));
  const path = join(place.folder, "masks", "a.tif");
  await isWritten(path, (labels) => labels[at(10, 10)] === 1);
  const data = new Uint32Array(width * height);
  data[at(50, 30)] = 77;
  {
    await using tiff = await LabelTiff.open(path, { width, height });
    await tiff.writeRows(data);
    await tiff.finish();
  }
  await faultOf(await editor.send(dot(30, 10)), 409);
  assertEquals(await labelsOf(path), data);
  const taken = await Editor.open(place);
  assertEquals([taken.state.objects, taken.state.canUndo], [1, false]);
  await taken.edit(dot(30, 10));
  await isWritten(path, (labels) => labels[at(30, 10)] === 78);
  assertEquals((await labelsOf(path))[at(50, 30)], 77);
  await taken.edit({ tool: "undo" });
  assertEquals(taken.state.canUndo, false);
});

Deno.test("masks that another program saves while somebody paints are never overwritten", async () => {
  await using place = await openPlace({ "a.png": png });
  const path = join(place.folder, "masks", "a.tif");
  const saves = 12;
  let editor = await Editor.open(place), isPainting = true, painted = 0;
  const painting = (async () => {
    for (let step = 0; isPainting; step++) {
      const x = step * 7 % width, y = 10 + step * 11 % (height - 20);
      const response = await editor.send(dot(x, y, 3));
      const body = await response.json();
      if (response.ok) {
        editor.state = body;
        painted++;
      } else {
        assertMatch(body.error, /changed elsewhere/);
        editor = await Editor.open(place);
      }
    }
  })();
  await isWritten(path, () => true);
  for (let save = 0; save < saves; save++) {
    await new Promise((resolve) => setTimeout(resolve, save * 37 % 110));
    const data = (await labelsOf(path)).slice();
    // In a row that nobody paints.
    data[save] = 50_000 + save;
    const own = join(place.folder, "masks", "other.tmp");
    await using tiff = await LabelTiff.open(own, { width, height });
    await tiff.writeRows(data);
    await tiff.finish();
    Deno.renameSync(own, path);
  }
  isPainting = false;
  await painting;
  const accepted = { name: "a.png", accepted: true };
  await (await place.visitor.post("/api/accept", accepted)).body?.cancel();
  assertEquals(
    [...(await labelsOf(path)).subarray(0, saves)],
    Array.from({ length: saves }, (_, save) => 50_000 + save),
  );
  assert(painted > 0);
});

Deno.test("a mask that was removed is not brought back", async () => {
  await using place = await openPlace({ "a.png": png });
  const editor = await Editor.open(place);
  await editor.edit(dot(10, 10));
  const path = join(place.folder, "masks", "a.tif");
  await isWritten(path, (labels) => labels[at(10, 10)] === 1);
  await until(async () =>
    /"saved"/.test(
      await Deno.readTextFile(join(place.folder, "masks/a.edits.jsonl")),
    )
  );
  await Deno.remove(path);
  const after = await Editor.open(place);
  assertEquals([after.state.objects, after.state.canUndo], [0, false]);
});

Deno.test("an accepted mask that is edited is corrected again", async () => {
  await using place = await openPlace({ "a.png": png });
  const editor = await Editor.open(place);
  await editor.edit(dot(10, 10));
  const accept = async () =>
    (await (await place.visitor.post("/api/accept", {
      ...{ name: "a.png", accepted: true },
    })).json()).state;
  assertEquals(await accept(), "accepted");
  await editor.edit(dot(30, 10));
  await until(async () => {
    const { images } = await (await place.visitor.get("/api/folder")).json();
    return images[0].state === "corrected";
  });
  assertEquals(await accept(), "accepted");
});

Deno.test("tiles and pixels show what is painted, unlabeled regions too", async () => {
  await using place = await openPlace({ "a.png": png });
  const editor = await Editor.open(place);
  await editor.edit(dot(10, 10));
  await editor.edit({ ...dot(30, 10), as: "unlabeled" });
  const tile = await place.visitor.get(
    "/api/labels?name=a.png&level=0&x=0&y=0",
  );
  const labels = new Uint32Array(await tile.arrayBuffer());
  assertEquals(labels[11 * (width + 2) + 11], 1);
  assertEquals(labels[11 * (width + 2) + 31], unlabeled);
  assertEquals(editor.state.objects, 1);
  const pixel = await place.visitor.get("/api/pixel?name=a.png&x=10&y=10");
  assertEquals((await pixel.json()).label, 1);
  const path = join(place.folder, "masks", "a.tif");
  await isWritten(path, (labels) => labels[at(30, 10)] === unlabeled);
});

Deno.test("classes of objects are in the table of the data set, follow parts, and can be undone", async () => {
  const table = "image,id,class\nother,1,stroma\n";
  await using place = await openPlace({ "a.png": png, "classes.csv": table });
  const editor = await Editor.open(place);
  await editor.edit({ ...dot(10, 20), points: [10, 20, 40, 20] });
  await editor.edit(dot(50, 30));
  const give = (name: string) => ({ tool: "class", points: [10, 20], name });
  const given = await editor.edit(give(" tumor "));
  assertEquals(given.changed, null);
  assertEquals(given.classes, [
    { name: "stroma", objects: 0 },
    { name: "tumor", objects: 1 },
  ]);
  await editor.edit({ tool: "split", points: [25, 0, 25, 39] });
  const file = join(place.folder, "classes.csv");
  const isTable = (text: string) =>
    until(async () =>
      await Deno.readTextFile(file).catch(() => "") === table + text
    );
  await isTable("a,1,tumor\na,3,tumor\n");
  const same = await editor.edit(give("tumor"));
  assertEquals(same.note, "No object has another class there.");
  await editor.edit({ tool: "delete", points: [10, 20] });
  await isTable("a,3,tumor\n");
  await editor.edit({ tool: "undo" });
  await isTable("a,1,tumor\na,3,tumor\n");
  for (let count = 0; count < 2; count++) await editor.edit({ tool: "undo" });
  await isTable("");
  for (const name of ["background", "a,b", "=1", "x".repeat(65), 7]) {
    const edit = { ...give(""), name };
    await faultOf(await editor.send(edit), 400);
  }
  await editor.edit({ tool: "redo" });
  await isTable("a,1,tumor\n");
  const again = await openStudioAgain(place);
  assertEquals(again.classes[1], { name: "tumor", objects: 1 });
});

/** The state of the mask in a new studio with a copy of the folder. */
async function openStudioAgain({ folder }: Place): Promise<MaskState> {
  const copy = await Deno.makeTempDir();
  await Deno.mkdir(join(copy, "masks"));
  for (const file of ["a.png", "classes.csv", "masks/a.tif"]) {
    await Deno.copyFile(join(folder, file), join(copy, file));
  }
  await using studio = await openStudio(copy);
  return (await Editor.open({ visitor: await visit(studio) })).state;
}

Deno.test("a mask that is predicted is not edited meanwhile, and can be corrected then", async () => {
  const [sample] = synthesize({ count: 1, width: 160, height: 120, seed: 4 });
  await using place = await openPlace({
    "a.png": await encodePng(sample!.image),
  });
  const editor = await Editor.open(place);
  const job = { name: "a.png", model: "nuclei" };
  await (await place.visitor.post("/api/predict", job)).body?.cancel();
  assertMatch(
    await faultOf(await editor.send(dot(10, 10)), 409),
    /found a prediction of it under way/,
  );
  await until(async () => {
    const { state } = await (await place.visitor.get("/api/job")).json();
    return state !== "running";
  });
  await faultOf(await editor.send(dot(10, 10)), 409);
  const after = await Editor.open(place);
  const { objects } = after.state;
  assert(objects > 0);
  await after.edit({ tool: "delete", points: [0, 0, 159, 119] });
  assert(after.state.objects < objects);
  assertEquals((await after.edit({ tool: "undo" })).objects, objects);
});

Deno.test("a mask of another size than its image, or of numbers too large, is refused and stays", async () => {
  await using place = await openPlace({ "a.png": png });
  const path = join(place.folder, "masks", "a.tif");
  for (
    const [size, label, why] of [
      [{ width: 5, height: 4 }, 1, /found 5 × 4 pixels, expected the image's/],
      [{ width, height }, 2 ** 32 - 2, /found the object number 4294967294/],
    ] as const
  ) {
    {
      await using tiff = await LabelTiff.open(path, size);
      const data = new Uint32Array(size.width * size.height).fill(label);
      data[0] = 3;
      await tiff.writeRows(data);
      await tiff.finish();
    }
    const before = await Deno.readFile(path);
    await (await place.visitor.get("/api/folder")).body?.cancel();
    const response = await place.visitor.get("/api/mask?name=a.png");
    assertMatch(await faultOf(response, 409), why);
    assertEquals(await Deno.readFile(path), before);
  }
});

Deno.test("a mask of more pixels than fit into memory is refused in words", async () => {
  await using place = await openPlace({ "a.png": png });
  await using tiff = await TiffWriter.open(join(place.folder, "b.tif"), {
    ...{ width: 9000, height: 8000, type: "uint8" },
  });
  const rows = new Uint8Array(9000 * 500);
  for (let count = 0; count < 16; count++) await tiff.writeRows(rows);
  await tiff.finish();
  await (await place.visitor.get("/api/folder")).body?.cancel();
  const response = await place.visitor.get("/api/mask?name=b.tif");
  assertMatch(
    await faultOf(response, 413),
    /found 9000 × 8000 pixels, expected at most 67108864, as of 8192 × 8192; draw a region/,
  );
});

Deno.test("a mask of black and white becomes one of objects, which the page says", async () => {
  const data = new Uint8Array(width * height);
  for (const place of [at(5, 5), at(20, 20)]) data[place] = 255;
  await using place = await openPlace({ "a.png": png });
  const path = join(place.folder, "masks", "a.tif");
  {
    await using tiff = await TiffWriter.open(path, {
      ...{ width, height, type: "uint8" },
    });
    await tiff.writeRows(data);
    await tiff.finish();
  }
  await (await place.visitor.get("/api/folder")).body?.cancel();
  const editor = await Editor.open(place);
  assertEquals(editor.state.objects, 2);
  assertMatch(editor.state.note!, /^The mask was black and white/);
});

Deno.test("edits of what is no image, leads elsewhere or belongs to another program are refused", async () => {
  await using place = await openPlace({
    ...{ "a.png": png, "b.png": png, "b.jpg": png, "c.png": png },
    ...{ "masks/c.png": png, "d.png": png, "secret.txt": "secret" },
  });
  const open = (name: string) =>
    place.visitor.get(`/api/mask?name=${encodeURIComponent(name)}`);
  for (const name of ["../a.png", "none.png", "/etc/passwd", "secret.txt"]) {
    await faultOf(await open(name), 404);
  }
  assertMatch(await faultOf(await open("b.png"), 409), /which share it/);
  assertMatch(
    await faultOf(await open("c.png"), 409),
    /found "c.png" of another program, expected "c.tif"/,
  );
  const secret = join(place.folder, "..", "secret.jsonl");
  await Deno.writeTextFile(secret, "secret");
  await Deno.symlink(secret, join(place.folder, "masks", "d.edits.jsonl"));
  assertMatch(await faultOf(await open("d.png"), 422), /found a link/);
  assertEquals(await Deno.readTextFile(secret), "secret");
});

Deno.test("a log that is damaged is refused, and stays", async () => {
  const lines = ['{"number":1,"taken":"x"}', '{"number":3,"undo":1}'];
  await using place = await openPlace({
    ...{ "a.png": png, "masks/a.edits.jsonl": lines.join("\n") },
  });
  const response = await place.visitor.get("/api/mask?name=a.png");
  const message = await faultOf(response, 422);
  assertMatch(message, /found 3 after 1, expected no gap; move the file away/);
});

Deno.test("a log of changes that cannot be made is refused, and a line that was cut off alone is left out", async () => {
  const painted = await openPlace({ "a.png": png });
  await (await Editor.open(painted)).edit(dot(10, 10));
  const log = withoutSaves(
    await Deno.readTextFile(join(painted.folder, "masks/a.edits.jsonl")),
  );
  await painted[Symbol.asyncDispose]();
  const operation = '"operation":{"tool":"fill"}';
  const lineOf = (change: string) =>
    `{"number":3,${operation},"change":${change}}`;
  const answerOf = async (end: string) => {
    await using place = await openPlace({
      ...{ "a.png": png, "masks/a.edits.jsonl": `${log}${end}` },
    });
    const response = await place.visitor.get("/api/mask?name=a.png");
    return response.ok ? "taken" : await faultOf(response, 422);
  };
  for (
    const [change, found] of [
      ["[49000,100000000,0,1]", /found a change of pixels 49000 to 100049000/],
      ["[2399,2,0,1]", /pixels 2399 to 2401 in line 3, expected pixels of a/],
      ["[100,5,77,99999999999]", /found a change to label 99999999999 in/],
      ["[100,5,77,9]", /found label 0 at pixel 100 in line 3, expected 77/],
      ["[-5,5,0,1]", /found the line ".*, expected an edit; move the file/],
      ["[0,1,0,1.5]", /found the line/],
      ["[0,1,0,1", /found the line/],
    ] as const
  ) assertMatch(await answerOf(`${lineOf(change)}\n`), found);
  assertEquals(await answerOf(`${lineOf("[0,5,0,9]")}\n`), "taken");
  assertEquals(await answerOf(lineOf("[0,5,0,9").slice(0, -1)), "taken");
  assertEquals(
    await answerOf(
      `${lineOf("[0,5,0").slice(0, -1)}\n${lineOf("[0,5,0,9]")}\n`,
    ),
    "taken",
  );
});

Deno.test("a change that cannot be taken back is refused before it is noted", async () => {
  await using place = await openPlace({ "a.png": png });
  const editor = await Editor.open(place);
  await editor.edit(dot(10, 10));
  const path = join(place.folder, "masks/a.edits.jsonl");
  const text = await Deno.readTextFile(path);
  // Of the same length: the log is read by its places.
  const other = text.replace(
    /("change":\[)(\d)/,
    (_, start, digit) => `${start}${digit === "9" ? 8 : Number(digit) + 1}`,
  );
  await Deno.writeTextFile(path, other);
  assertMatch(
    await faultOf(await editor.send({ tool: "undo" }), 422),
    /found label 0 at pixel \d+ in line 2, expected 1 before the change/,
  );
  assert(!(await Deno.readTextFile(path)).includes('"undo"'));
});

Deno.test("a mask that was closed to make room is edited again, unless it changed", async () => {
  const names = ["a.png", "b.png", "c.png"];
  await using place = await openPlace(
    Object.fromEntries(names.map((name) => [name, png])),
  );
  const editors: Editor[] = [];
  for (const name of names) editors.push(await Editor.open(place, name));
  // Each closes the one that is edited next, before and after its first edit.
  for (const x of [10, 30]) {
    for (const editor of editors) await editor.edit(dot(x, 10));
  }
  for (const editor of editors) await editor.edit({ tool: "undo" });
  const [first, second, third] = editors;
  const other = await Editor.open(place, "a.png");
  await other.edit(dot(50, 10));
  for (const editor of [second!, third!]) await editor.edit(dot(20, 20));
  await faultOf(await first!.send(dot(40, 10)), 409);
});

Deno.test("invalid edits and oversized ones are refused before they change anything", async () => {
  await using place = await openPlace({ "a.png": png });
  const editor = await Editor.open(place);
  const far = Array.from(
    { length: 20_000 },
    (_, at) => at % 4 < 2 ? 1e6 : -1e6,
  );
  const bad = [
    null,
    7,
    {},
    { tool: "unknown" },
    { tool: "constructor" },
    { ...dot(1, 1), points: [] },
    { ...dot(1, 1), points: [1] },
    { ...dot(1, 1), points: "1,1" },
    { ...dot(1, 1), points: [null, 1] },
    { ...dot(1, 1), points: [0.5, 1] },
    { ...dot(1, 1), points: [1e300, 1] },
    { ...dot(1, 1), points: [[1, 1]] },
    { ...dot(1, 1), size: 0 },
    { ...dot(1, 1), size: 1e9 },
    { ...dot(1, 1), size: "9" },
    { ...dot(1, 1), as: "__proto__" },
    { ...dot(1, 1), points: far },
    { tool: "split", points: far },
    { tool: "polygon", as: "object", points: far },
    { tool: "rest", as: "object" },
    { ...dot(1, 1), points: new Array(40_002).fill(1) },
  ];
  for (const edit of bad) {
    const message = await faultOf(await editor.send(edit), 400);
    assertMatch(message, /^Cannot (edit mask|answer request)/);
  }
  // What JSON cannot hold, written by hand.
  for (const text of ['{"edit":{"points":[NaN,1]}}', "[]", ""]) {
    await faultOf(await place.visitor.post("/api/edit", text), 400);
  }
  const known = { name: "a.png", mask: editor.state.mask };
  for (const number of [undefined, "1", 1.5, null]) {
    const body = { ...known, number, edit: dot(1, 1) };
    await faultOf(await place.visitor.post("/api/edit", body), 400);
  }
  await faultOf(
    await place.visitor.post("/api/edit", "x".repeat(2 ** 21)),
    413,
  );
  const { edit, objects } = (await Editor.open(place)).state;
  assertEquals([edit, objects], [1, 0]);
  assert(!await exists(join(place.folder, "masks")));
});

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
