import { assertEquals } from "@std/assert";
import { greetChild, parentGone } from "./watch_parent.ts";

const encoder = new TextEncoder();

/** Whether the promise is settled a moment after the input has ended. */
async function isGone(pieces: readonly string[]): Promise<boolean> {
  const input = ReadableStream.from(
    pieces.map((piece) => encoder.encode(piece)),
  );
  let isSettled = false;
  parentGone(input).then(() => isSettled = true);
  await new Promise((resolve) => setTimeout(resolve, 20));
  return isSettled;
}

Deno.test("parentGone() reacts to the end of an input that a parent greeted on, and of no other", async () => {
  assertEquals(await isGone(["a parent that stays\n"]), true);
  assertEquals(await isGone(["a parent ", "that stays\n"]), true);
  assertEquals(await isGone([]), false);
  assertEquals(await isGone(["a parent"]), false);
  assertEquals(
    await isGone(["somebody types\n", "a parent that stays\n"]),
    false,
  );
});

Deno.test("greetChild() keeps a child's input open until this process ends it, and minds no child that is gone", async () => {
  const child = new Deno.Command("cat", { stdin: "piped", stdout: "piped" })
    .spawn();
  await greetChild(child);
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  assertEquals(new TextDecoder().decode(value), "a parent that stays\n");
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  const gone = new Deno.Command("true", { stdin: "piped" }).spawn();
  await gone.status;
  await greetChild(gone);
});
