import { join } from "@std/path";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import { segment } from "./segment.ts";
import { StackMembers } from "./stack_members.ts";
import { red } from "../fixtures/red.ts";

Deno.test("StackMembers refuses files of a stack that was segmented, by any path", () => {
  const members = new StackMembers();
  members.add("cells/t0.ome.tif", [{ name: "t1.ome.tif" }]);
  members.check("cells/t0.ome.tif");
  members.check("t1.ome.tif");
  assertThrows(
    () => members.check("./cells/../cells/t1.ome.tif"),
    FileError,
    'found a part of the stack that "cells/t0.ome.tif" stands for',
  );
});

Deno.test("segment() writes a series in several files once, also where it was written before", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const names = ["both-t0.ome.tif", "both-t1.ome.tif"];
    for (const name of names) {
      const fixture = new URL(
        `../../data/fixtures/series/${name}`,
        import.meta.url,
      );
      await Deno.copyFile(fromFileUrl(fixture), join(folder, name));
    }
    const options = {
      ...{ predict: red, out: join(folder, "out") },
      settings: { tile: 32, margin: 0, channel: 0, time: "all" },
    } as const;
    for (const isAgain of [false, true]) {
      const { files } = await segment([folder], options);
      const [first, second] = files;
      assert(first && second && "error" in second);
      assertEquals("skipped" in first, isAgain);
      assert(second.error.message.includes("a part of the stack that"));
    }
    const alone = { ...options.settings, time: 1 };
    const { failed } = await segment([folder], {
      ...{ ...options, settings: alone, out: join(folder, "alone") },
    });
    assertEquals(failed, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
