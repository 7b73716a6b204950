import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { encodePng, synthesize } from "@unet/data";
import { infoOf, writeFile } from "@unet/files";
import { LabelTiff } from "@unet/infer/outputs";
import { openPlace } from "../fixtures/place.ts";
import { visit, type Visitor } from "../fixtures/visitor.ts";
import type { EditAnswer, MaskState } from "../masks/mask_state.ts";
import { openStudio } from "../open_studio.ts";

const size = { width: 60, height: 40 };
const [drawn] = synthesize({ count: 1, ...size, seed: 3 });
const image = await encodePng(drawn!.image);
const brush = { tool: "brush", size: 5, as: "object", over: true };

/** Edits a mask one step after the other, as a page does. */
async function editorOf({ get, post }: Visitor) {
  let known: MaskState = await (await get("/api/mask?name=a.png")).json();
  return async (edit: unknown): Promise<void> => {
    const { mask, edit: number } = known;
    const body = { name: "a.png", mask, number, edit };
    const answer = await post("/api/edit", body);
    if (!answer.ok) throw new Error(await answer.text());
    known = await answer.json() as EditAnswer;
  };
}

/** The state of the image once its mask's file holds all edits. */
async function stateOf({ get }: Visitor, wanted: string): Promise<string> {
  for (let tries = 0;; tries++) {
    const { images } = await (await get("/api/folder")).json();
    if (images[0].state === wanted || tries > 200) return images[0].state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** How many objects the list says that the image has. */
async function objectsOf({ get }: Visitor): Promise<number | undefined> {
  const { images } = await (await get("/api/folder")).json();
  return images[0].objects;
}

/** A mask of drawn objects that counts as predicted. */
async function predictedIn(folder: string): Promise<void> {
  const path = join(folder, "masks", "a.tif");
  {
    await using tiff = await LabelTiff.open(path, size);
    await tiff.writeRows(drawn!.labels.data);
    await tiff.finish();
  }
  const info = (await infoOf(path))!;
  const mark = { size: info.size, modified: info.mtime!.getTime() };
  const note = { image: "a.png", state: "predicted", mask: mark, model: "m" };
  await writeFile(
    join(folder, ".studio", "states.jsonl"),
    `${JSON.stringify(note)}\n`,
  );
}

Deno.test("a stroke that is undone leaves the image as it was: predicted, accepted, or without a mask", async () => {
  const folder = join(await Deno.makeTempDir(), "images");
  await writeFile(join(folder, "a.png"), image);
  await predictedIn(folder);
  {
    await using studio = await openStudio(folder);
    const visitor = await visit(studio);
    const edit = await editorOf(visitor);
    assertEquals(await stateOf(visitor, "predicted"), "predicted");
    for (const x of [10, 30]) {
      await edit({ ...brush, points: [x, 20] });
      assertEquals(await stateOf(visitor, "corrected"), "corrected");
      await edit({ tool: "undo" });
      assertEquals(await stateOf(visitor, "predicted"), "predicted");
    }
    // A class is a person's work, too.
    await edit({ tool: "class", points: [0, 0, 59, 39], name: "big" });
    assertEquals(await stateOf(visitor, "corrected"), "corrected");
    await edit({ tool: "undo" });
    assertEquals(await stateOf(visitor, "predicted"), "predicted");
    await edit({ ...brush, points: [10, 20] });
    await stateOf(visitor, "corrected");
    const accept = { name: "a.png", accepted: true };
    await (await visitor.post("/api/accept", accept)).json();
    await edit({ ...brush, points: [40, 20] });
    assertEquals(await stateOf(visitor, "corrected"), "corrected");
  }
  // The next day.
  await using studio = await openStudio(folder);
  const visitor = await visit(studio);
  const edit = await editorOf(visitor);
  await edit({ tool: "undo" });
  assertEquals(await stateOf(visitor, "accepted"), "accepted");
  await edit({ tool: "undo" });
  assertEquals(await stateOf(visitor, "corrected"), "corrected");
});

Deno.test("an image without a mask has none after all strokes are undone, and redo makes it again", async () => {
  await using here = await openPlace({ "a.png": image });
  const { visitor, folder } = here;
  const path = join(folder, "masks", "a.tif");
  const edit = await editorOf(visitor);
  await edit({ ...brush, points: [10, 20] });
  assertEquals(await stateOf(visitor, "corrected"), "corrected");
  assertEquals(await objectsOf(visitor), 1);
  await edit({ tool: "undo" });
  assertEquals(await stateOf(visitor, "none"), "none");
  assertEquals(await objectsOf(visitor), undefined);
  assertEquals(await infoOf(path), null);
  await edit({ tool: "redo" });
  assertEquals(await stateOf(visitor, "corrected"), "corrected");
  // An object that is deleted is no stroke that is taken back: nothing is
  // there, and a person says so.
  await edit({ tool: "delete", points: [10, 20] });
  assertEquals(await stateOf(visitor, "corrected"), "corrected");
  await edit({ tool: "undo" });
  await edit({ tool: "undo" });
  assertEquals(await stateOf(visitor, "none"), "none");
  // A mask of another program is not removed.
  await edit({ ...brush, points: [10, 20] });
  await stateOf(visitor, "corrected");
  await writeFile(path, "another program's");
  const { images } = await (await visitor.get("/api/folder")).json();
  assertEquals(images[0].state, "corrected");
  assertEquals(await Deno.readTextFile(path), "another program's");
});
