import { assertEquals, assertRejects } from "@std/assert";
import { OpenFiles } from "./open_files.ts";

/** Opens what notes when it is closed. */
function opener(closed: string[]) {
  return (name: string) => () =>
    Promise.resolve({
      name,
      [Symbol.asyncDispose]: () => Promise.resolve(void closed.push(name)),
    });
}

Deno.test("OpenFiles opens a file once, and closes the one that was not used for longest", async () => {
  const closed: string[] = [], open = opener(closed);
  const files = new OpenFiles<{ name: string } & AsyncDisposable>(2);
  const nameOf = (key: string, name = key) =>
    files.use(key, open(name), (file) => Promise.resolve(file.name));
  assertEquals(await nameOf("a"), "a");
  assertEquals(await nameOf("b"), "b");
  assertEquals(await nameOf("a", "again"), "a");
  assertEquals(closed, []);
  assertEquals(await nameOf("c"), "c");
  assertEquals(closed, ["b"]);
  await files[Symbol.asyncDispose]();
  assertEquals(closed, ["b", "a", "c"]);
});

Deno.test("OpenFiles closes a file in use when its use ends", async () => {
  const closed: string[] = [], open = opener(closed);
  const files = new OpenFiles<{ name: string } & AsyncDisposable>(1);
  const { promise, resolve } = Promise.withResolvers<void>();
  const used = files.use("a", open("a"), () => promise);
  await files.use("b", open("b"), () => Promise.resolve());
  assertEquals(closed, []);
  resolve();
  await used;
  assertEquals(closed, ["a"]);
  await files[Symbol.asyncDispose]();
});

Deno.test("OpenFiles tries again to open what could not be opened", async () => {
  const closed: string[] = [];
  const files = new OpenFiles<{ name: string } & AsyncDisposable>(1);
  const broken = () => Promise.reject(new Error("broken"));
  const work = (file: { name: string }) => Promise.resolve(file.name);
  await assertRejects(() => files.use("a", broken, work), Error, "broken");
  assertEquals(await files.use("a", opener(closed)("a"), work), "a");
  await files[Symbol.asyncDispose]();
});
