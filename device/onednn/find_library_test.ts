import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DeviceError } from "@unet/errors";
import { sha256Of } from "@unet/files";
import {
  findOnednn,
  type OnednnPlaces,
  searchOnednn,
  whyNoOnednn,
  whyNotThisPlatform,
} from "./find_library.ts";
import { onednnWheel } from "./_wheel.ts";

const ignore = whyNotThisPlatform() !== null;

/** What a library of Linux x64 starts with. */
const library = new Uint8Array(64);
library.set([0x7f, 0x45, 0x4c, 0x46, 2]);
library[18] = 62;

type At = (...names: string[]) => string;

/** Works in a folder, of which `own`, `cache` and `system` are the places. */
async function withPlace(
  work: (at: At, places: OnednnPlaces) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const at: At = (...names) => join(folder, ...names);
  const system = [at("none"), at("system")];
  for (const name of ["cache", "system"]) await Deno.mkdir(at(name));
  await work(at, { cache: at("cache"), system, sha256: await wholeSha256() });
  await Deno.remove(folder, { recursive: true });
}

async function writeWhole(path: string): Promise<void> {
  await Deno.writeFile(path, library);
  await Deno.truncate(path, onednnWheel.libraryBytes);
}

let checksum: string | undefined;

/** The checksum of what {@linkcode writeWhole} writes. */
async function wholeSha256(): Promise<string> {
  if (checksum !== undefined) return checksum;
  const path = await Deno.makeTempFile();
  await writeWhole(path);
  checksum = await sha256Of(path);
  await Deno.remove(path);
  return checksum;
}

const remedy = "; get it with `installDevice onednn`, or set " +
  "UNET_ONEDNN to a libdnnl.so.3";

Deno.test(
  "searchOnednn() takes the system's libdnnl.so.3",
  { ignore },
  () =>
    withPlace(async (at, places) => {
      const path = at("system", "libdnnl.so.3");
      await Deno.writeFile(path, library);
      assertEquals(await searchOnednn(places), { path, source: "system" });
    }),
);

Deno.test(
  "searchOnednn() prefers the cache, where it is whole",
  { ignore },
  () =>
    withPlace(async (at, places) => {
      const path = at("cache", onednnWheel.library);
      await Deno.writeFile(path, library);
      assertEquals(await searchOnednn(places), {
        reason: `a damaged library (${path}) of 64 bytes${remedy}`,
      });
      const other = at("system", "libdnnl.so.3");
      await Deno.writeFile(other, library);
      assertEquals(await searchOnednn(places), {
        path: other,
        source: "system",
      });
      await writeWhole(path);
      assertEquals(await searchOnednn(places), { path, source: "cache" });
    }),
);

Deno.test(
  "searchOnednn() takes no library in the cache that was changed, whatever its size",
  { ignore },
  () =>
    withPlace(async (at, places) => {
      const path = at("cache", onednnWheel.library);
      await writeWhole(path);
      assertEquals(await searchOnednn(places), { path, source: "cache" });
      using file = await Deno.open(path, { write: true });
      await file.seek(1000, Deno.SeekMode.Start);
      await file.write(Uint8Array.of(0xcc));
      await file.sync();
      await Deno.utime(path, new Date(), new Date(1000));
      assertEquals(await searchOnednn(places), {
        reason:
          `another library (${path}) than the one that was installed${remedy}`,
      });
    }),
);

Deno.test(
  "searchOnednn() does not look into the library that a person names",
  { ignore },
  () =>
    withPlace(async (at, places) => {
      await Deno.mkdir(at("own"));
      const path = at("own", "libdnnl.so.3");
      await writeWhole(path);
      assertEquals(
        await searchOnednn({ ...places, own: path, sha256: "another" }),
        { path, source: "UNET_ONEDNN" },
      );
    }),
);

Deno.test(
  "searchOnednn() says what is missing and how to get it",
  { ignore },
  () =>
    withPlace(async (_, places) => {
      assertEquals(await searchOnednn(places), {
        reason: `no oneDNN library (libdnnl.so.3)${remedy}`,
      });
    }),
);

Deno.test(
  "searchOnednn() refuses the system's oneDNN 2.x",
  { ignore },
  () =>
    withPlace(async (at, places) => {
      const path = at("system", "libdnnl.so.2");
      await Deno.writeFile(path, library);
      assertEquals(await searchOnednn(places), {
        reason: `oneDNN 2.x alone (${path}), which is too old${remedy}`,
      });
    }),
);

Deno.test("searchOnednn() takes the file or folder that a person names first", {
  ignore,
}, () =>
  withPlace(async (at, places) => {
    await writeWhole(at("cache", onednnWheel.library));
    await Deno.mkdir(at("own"));
    const path = at("own", "libdnnl.so");
    await Deno.writeFile(path, library);
    for (const own of [at("own"), path]) {
      assertEquals(await searchOnednn({ ...places, own }), {
        path,
        source: "UNET_ONEDNN",
      });
    }
  }));

const wrong: [
  what: string,
  found: string,
  make: (at: At) => Promise<void>,
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
  Deno.test(`searchOnednn() takes nothing else where a person names ${what}`, {
    ignore,
  }, () =>
    withPlace(async (at, places) => {
      await writeWhole(at("cache", onednnWheel.library));
      await make(at);
      await assertRejects(
        () => searchOnednn({ ...places, own: at("own") }),
        DeviceError,
        `Cannot use UNET_ONEDNN "${at("own")}": found ${found}`,
      );
    }));
}

Deno.test("findOnednn() finds a library exactly where whyNoOnednn() has no reason", async () => {
  assertEquals(await findOnednn() === null, await whyNoOnednn() !== null);
});

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
