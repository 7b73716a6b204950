import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DeviceError } from "@unet/errors";
import {
  findOnednn,
  searchOnednn,
  whyNoOnednn,
  whyNotThisPlatform,
} from "./find_library.ts";
import { onednnWheel } from "./_wheel.ts";

const names = ["UNET_ONEDNN", "UNET_CACHE"] as const;
const ignore = whyNotThisPlatform() !== null;

/** What a library of Linux x64 starts with. */
const library = new Uint8Array(64);
library.set([0x7f, 0x45, 0x4c, 0x46, 2]);
library[18] = 62;

/** A folder with a cache in it, the environment saying so. */
async function withPlace(
  variables: Readonly<Record<string, string>>,
  work: (at: (...names: string[]) => string) => Promise<void>,
): Promise<void> {
  const place = await Deno.realPath(await Deno.makeTempDir());
  const at = (...names: string[]): string => join(place, ...names);
  const before = names.map((name) => [name, Deno.env.get(name)] as const);
  const set = (name: string, value: string | undefined): void =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  try {
    await Deno.mkdir(at("system"));
    set("UNET_CACHE", at("cache"));
    const own = variables.UNET_ONEDNN;
    set("UNET_ONEDNN", own === undefined ? undefined : at(own));
    await work(at);
  } finally {
    for (const [name, value] of before) set(name, value);
    await Deno.remove(place, { recursive: true });
  }
}

Deno.test(
  "searchOnednn() takes the system's libdnnl.so.3",
  { ignore },
  () =>
    withPlace({}, async (at) => {
      const path = at("system", "libdnnl.so.3");
      await Deno.writeFile(path, library);
      assertEquals(await searchOnednn([at("none"), at("system")]), {
        path,
        source: "system",
      });
    }),
);

Deno.test(
  "searchOnednn() prefers the cache, where it is whole",
  { ignore },
  () =>
    withPlace({}, async (at) => {
      await Deno.writeFile(at("system", "libdnnl.so.3"), library);
      const folder = at("cache", "devices", onednnWheel.folder);
      const path = join(folder, onednnWheel.library);
      await Deno.mkdir(folder, { recursive: true });
      await Deno.writeFile(path, library);
      const partly = await searchOnednn([at("system")]);
      assert("source" in partly);
      assertEquals(partly.source, "system");
      assertEquals(await searchOnednn([]), {
        reason: `a damaged library (${path}) of 64 bytes; get it with deno ` +
          "task unet devices --install onednn, or set UNET_ONEDNN to a libdnnl.so.3",
      });
      await Deno.truncate(path, onednnWheel.libraryBytes);
      assertEquals(await searchOnednn([at("system")]), {
        path,
        source: "cache",
      });
      assertEquals(await findOnednn(), { path, source: "cache" });
      assertEquals(await whyNoOnednn(), null);
    }),
);

Deno.test(
  "searchOnednn() says what is missing and how to get it",
  { ignore },
  () =>
    withPlace({}, async (at) => {
      assertEquals(await searchOnednn([at("system"), at("none")]), {
        reason:
          "no oneDNN library (libdnnl.so.3); get it with deno task unet " +
          "devices --install onednn, or set UNET_ONEDNN to a libdnnl.so.3",
      });
    }),
);

Deno.test(
  "searchOnednn() refuses the system's oneDNN 2.x",
  { ignore },
  () =>
    withPlace({}, async (at) => {
      const path = at("system", "libdnnl.so.2");
      await Deno.writeFile(path, library);
      const found = await searchOnednn([at("system")]);
      assert("reason" in found);
      assert(
        found.reason.startsWith(
          `oneDNN 2.x alone (${path}), which is too old; get it with `,
        ),
      );
    }),
);

Deno.test("findOnednn() takes the file or folder that UNET_ONEDNN names", {
  ignore,
}, () =>
  withPlace({ UNET_ONEDNN: "own" }, async (at) => {
    await Deno.mkdir(at("own"));
    const path = at("own", "libdnnl.so");
    await Deno.writeFile(path, library);
    assertEquals(await findOnednn(), { path, source: "UNET_ONEDNN" });
    Deno.env.set("UNET_ONEDNN", path);
    assertEquals(await findOnednn(), { path, source: "UNET_ONEDNN" });
  }));

const wrong: [
  what: string,
  found: string,
  make: (at: (...names: string[]) => string) => Promise<void>,
][] = [
  ["nothing", "no such file or folder", () => Promise.resolve()],
  ["a folder without it", "a folder without it", (at) => Deno.mkdir(at("own"))],
  [
    "a text",
    "a file that is no library of Linux x64",
    (at) =>
      Deno.writeTextFile(at("own"), "no library, but long enough for one"),
  ],
  [
    "an empty file",
    "a file that is no library of Linux x64",
    (at) => Deno.writeFile(at("own"), new Uint8Array()),
  ],
  ["a folder with 2.x", "a folder with oneDNN 2.x alone", async (at) => {
    await Deno.mkdir(at("own"));
    await Deno.writeFile(at("own", "libdnnl.so.2"), library);
  }],
  ["a link to 2.x", "version 2.x (", async (at) => {
    await Deno.mkdir(at("own"));
    await Deno.writeFile(at("libdnnl.so.2.6"), library);
    await Deno.symlink(at("libdnnl.so.2.6"), at("own", "libdnnl.so"));
  }],
];

for (const [what, found, make] of wrong) {
  Deno.test(`findOnednn() takes nothing else where UNET_ONEDNN names ${what}`, {
    ignore,
  }, () =>
    withPlace({ UNET_ONEDNN: "own" }, async (at) => {
      const folder = at("cache", "devices", onednnWheel.folder);
      await Deno.mkdir(folder, { recursive: true });
      const cached = join(folder, onednnWheel.library);
      await Deno.writeFile(cached, library);
      await Deno.truncate(cached, onednnWheel.libraryBytes);
      await make(at);
      for (const look of [findOnednn, whyNoOnednn]) {
        await assertRejects(
          look,
          DeviceError,
          `Cannot use UNET_ONEDNN "${at("own")}": found ${found}`,
        );
      }
    }));
}

Deno.test("whyNotThisPlatform() names the platform and what it would need", () => {
  assertEquals(whyNotThisPlatform("x86_64-unknown-linux-gnu"), null);
  for (
    const target of [
      "aarch64-unknown-linux-gnu",
      "aarch64-apple-darwin",
      "x86_64-apple-darwin",
      "x86_64-pc-windows-msvc",
    ]
  ) {
    assert(
      whyNotThisPlatform(target)!.startsWith(
        `platform ${target}, which needs a `,
      ),
    );
  }
});
