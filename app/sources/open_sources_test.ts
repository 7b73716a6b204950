import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { synthesize, writeKaggle } from "@unet/data";
import { FileError } from "@unet/errors";
import { openSources } from "./open_sources.ts";
import type { Roles } from "./read_roles.ts";

Deno.test("openSources() chooses images of each source by role or by id", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const drawn = [...synthesize({ count: 3, width: 32, height: 32, seed: 0 })];
    const sources = ["a", "b"].map((name) => ({
      name,
      path: join(folder, name),
    }));
    for (const { path } of sources) await writeKaggle(drawn, path);
    const [x, y, z] = drawn.map(({ id }) => id).sort();
    const idsOf = async (choice?: Parameters<typeof openSources>[1]) => {
      using open = await openSources(sources, choice);
      return open.sources.map(({ ids }) => [...ids].sort());
    };
    assertEquals(await idsOf(), [[x, y, z], [x, y, z]]);
    const ids = new Set([`a/${x}`, `b/${z}`]);
    assertEquals(await idsOf({ ids }), [[x], [z]]);

    const own = new Map([[x!, "train"], [y!, "watched"]]);
    const of: Roles = {
      ...{ path: "roles.json", fingerprint: "0" },
      sources: new Map([["a", own], ["b", own]]),
    };
    const notes: string[] = [];
    const roles = { of, wanted: ["train"] };
    const onLeftOut = (line: string) => void notes.push(line);
    assertEquals(await idsOf({ roles, onLeftOut }), [[x], [x]]);
    assertEquals(notes.length, 2);
    assert(notes[0]!.includes("2 watched") && notes[1]!.includes("2 images"));

    await assertRejects(
      () => openSources([...sources, { name: "c", path: join(folder, "c") }]),
      FileError,
      "no such file or folder",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
