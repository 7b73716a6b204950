import { assertEquals } from "@std/assert";
import { giveFile, givenFiles } from "./given_files.ts";

Deno.test("giveFile() replaces the file of a path", async () => {
  for (const text of ["before", "after"]) {
    giveFile("a.png", {
      ...{ name: "a.png", folder: "" },
      content: () => Promise.resolve(new Blob([text])),
    });
  }
  const content = await givenFiles.get("a.png")!.content();
  assertEquals(await content.text(), "after");
  givenFiles.clear();
});
