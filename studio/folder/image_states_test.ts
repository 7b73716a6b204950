import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ImageStates, markOf, type Note } from "./image_states.ts";

const mask = { size: 10, modified: 5 };
const note: Note = {
  image: "a.png",
  state: "predicted",
  mask,
  model: "nuclei",
};

Deno.test("ImageStates gives what was noted last, also when opened again", async () => {
  const home = await Deno.makeTempDir();
  const states = await ImageStates.open(home);
  assertEquals(states.stateOf("a.png", undefined), "none");
  await states.add(note);
  await states.add({ ...note, image: "b.png", state: "accepted" });
  await states.add({ ...note, objects: 3 });
  for (const one of [states, await ImageStates.open(home)]) {
    assertEquals(one.stateOf("a.png", mask), "predicted");
    assertEquals(one.stateOf("b.png", mask), "accepted");
    assertEquals(one.note("a.png")?.objects, 3);
  }
  await Deno.remove(home, { recursive: true });
});

Deno.test("ImageStates counts objects of a mask as it was, and leaves the note as it is", async () => {
  const home = await Deno.makeTempDir();
  const states = await ImageStates.open(home);
  const edited = { ...mask, modified: 6 };
  await states.add({ ...note, objects: 3 });
  await states.addCount({ image: "a.png", mask: edited, objects: 4 });
  for (const one of [states, await ImageStates.open(home)]) {
    assertEquals(one.objectsOf("a.png", mask), 3);
    assertEquals(one.objectsOf("a.png", edited), 4);
    assertEquals(one.objectsOf("a.png", { ...mask, size: 11 }), undefined);
    assertEquals(one.stateOf("a.png", edited), "corrected");
    assertEquals(one.stateOf("a.png", mask), "predicted");
  }
  await Deno.remove(home, { recursive: true });
});

Deno.test("ImageStates takes a mask of unknown origin for a person's work", async () => {
  const home = await Deno.makeTempDir();
  const states = await ImageStates.open(home);
  assertEquals(states.stateOf("a.png", mask), "corrected");
  await states.add(note);
  for (const other of [{ ...mask, size: 11 }, { ...mask, modified: 6 }]) {
    assertEquals(states.stateOf("a.png", other), "corrected");
  }
  await Deno.remove(home, { recursive: true });
});

Deno.test("ImageStates skips a line that a kill cut off, and lines of others", async () => {
  const home = await Deno.makeTempDir();
  const lines = ['{"image":"a.png","sta', "null", "[1]", '{"image":"a.png"}'];
  for (const line of lines) {
    await Deno.writeTextFile(join(home, "states.jsonl"), line);
    const states = await ImageStates.open(home);
    assertEquals(states.note("a.png"), undefined);
    await states.add(note);
    const again = await ImageStates.open(home);
    assertEquals(again.stateOf("a.png", mask), "predicted");
  }
  await Deno.remove(home, { recursive: true });
});

Deno.test("markOf() marks a file, and nothing where there is none", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "abc");
  assertEquals((await markOf(path))?.size, 3);
  await Deno.remove(path);
  assertEquals(await markOf(path), undefined);
});
