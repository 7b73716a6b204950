import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { openslideInstaller } from "@unet/data/openslide-installer";
import { libraryFolder } from "@unet/native";
import { createPlace, done, faultOf, type Place } from "./_unet.ts";

const slides = fromFileUrl(
  new URL("../../data/openslide/fixtures/", import.meta.url),
);
const isThere = await openslideInstaller.isFound();
const library = Deno.env.get("UNET_OPENSLIDE") ??
  libraryFolder(openslideInstaller);
if (!isThere) {
  // deno-lint-ignore no-console
  console.log(
    "Skipping commands on slides: no OpenSlide; unet install openslide",
  );
}

/** The environment of a command that finds OpenSlide in its own cache. */
const withLibrary = { env: { UNET_OPENSLIDE: library } };

Deno.test("commands on a slide say what OpenSlide is for and how to get it, where it is missing", async () => {
  await using place = await createPlace();
  for (
    const [name, words] of [
      ["hamamatsu.ndpi", "a Hamamatsu NDPI slide"],
      ["leica.scn", "a Leica SCN slide"],
      ["philips.tiff", "a Philips slide"],
      ["zeiss.czi", "a Zeiss CZI slide"],
      ["dicom.dcm", "a DICOM file"],
    ] as const
  ) {
    await Deno.copyFile(join(slides, name), place.at(name));
    const ended = await place.unet(
      ["segment", name, "--model", "nuclei", "--out", "out"],
    );
    const lines = ended.stderr.split("\n");
    assert(
      lines.includes(
        `Cannot read image "${name}": found ${words}, which OpenSlide reads, ` +
          "and no OpenSlide library; get it with unet install openslide",
      ),
      ended.stderr,
    );
  }
});

Deno.test("UNET_OPENSLIDE that names no library is refused", async () => {
  await using place = await createPlace();
  await Deno.copyFile(join(slides, "zeiss.czi"), place.at("a.czi"));
  const ended = await place.unet(
    ["segment", "a.czi", "--model", "nuclei", "--out", "out"],
    { env: { UNET_OPENSLIDE: place.at("none") } },
  );
  assert(ended.stderr.includes('Cannot use UNET_OPENSLIDE "'), ended.stderr);
  assert(ended.stderr.includes("no such file or folder"), ended.stderr);
});

Deno.test("install takes the names of libraries, and removes what is not there without a fault", async () => {
  await using place = await createPlace();
  const install = (args: readonly string[]) =>
    place.unet(["install", ...args], { permissions: "install" });
  assertEquals(
    faultOf(await install(["abacus"])),
    'Cannot install library "abacus": found no library of that name, expected openslide, mpi; devices are installed by unet devices --install NAME',
  );
  assertEquals(
    faultOf(await install(["openslide", "--to", "here"])),
    'Cannot use flag "--to": found the library openslide beside it, expected it alone; set UNET_CACHE to another folder',
  );
  const { stdout } = await done(install(["openslide", "--remove"]));
  assert(stdout.startsWith("Nothing to remove: OpenSlide 4.0.1 was not"));
});

Deno.test(
  "install openslide refuses a package with another checksum, and leaves nothing",
  {
    ignore: Deno.build.os === "windows",
  },
  async () => {
    await using place = await createPlace();
    const bin = place.at("bin");
    await Deno.mkdir(bin);
    await Deno.writeTextFile(
      join(bin, "python3"),
      '#!/bin/sh\n[ "$3" = --version ] && exit 0\nfor dest; do :; done\n' +
        'while [ "$1" != --dest ]; do shift; done\n' +
        'echo another > "$2/openslide.whl"\n',
      { mode: 0o755 },
    );
    const fault = faultOf(
      await place.unet(["install", "openslide"], {
        permissions: "install",
        env: { PATH: `${bin}:/usr/bin:/bin` },
      }),
    );
    assert(
      fault.startsWith(
        'Cannot install library "openslide": found openslide.whl of SHA-256',
      ),
      fault,
    );
    const left = [...Deno.readDirSync(place.at(".cache", "libraries"))]
      .filter(({ name }) => !name.endsWith(".lock"));
    assertEquals(left, []);
  },
);

/** A mask's bytes. */
function maskOf(place: Place, folder: string, name: string): Uint8Array {
  return Deno.readFileSync(place.at(folder, name));
}

Deno.test("segment and check read slides like other images", {
  ignore: !isThere,
}, async () => {
  await using place = await createPlace();
  const names = ["zeiss.czi", "hamamatsu.ndpi", "philips.tiff"];
  for (const name of names) {
    await Deno.copyFile(join(slides, name), place.at(name));
  }
  const model = ["--model", "nuclei", "--device", "wasm"];
  const { code, stdout } = await place.unet(
    ["segment", ...names, ...model, "--out", "out"],
    withLibrary,
  );
  assertEquals(code, 0);
  assertEquals(stdout.match(/96×64 px/g)?.length, 3);
  // The same JPEG in two formats.
  assertEquals(
    maskOf(place, "out", "hamamatsu.png"),
    maskOf(place, "out", "philips.png"),
  );
  const level = await place.unet(
    ["segment", names[1]!, ...model, "--level", "1", "--out", "small"],
    withLibrary,
  );
  assert(level.stdout.includes("48×32 px"), level.stdout);

  await Deno.mkdir(place.at("data", "images"), { recursive: true });
  await Deno.mkdir(place.at("data", "masks"));
  await Deno.copyFile(join(slides, "zeiss.czi"), place.at("data/images/a.czi"));
  await Deno.copyFile(
    join(slides, "hamamatsu.ndpi"),
    place.at("data/images/b.ndpi"),
  );
  await Deno.copyFile(place.at("out/zeiss.png"), place.at("data/masks/a.png"));
  await Deno.copyFile(place.at("out/zeiss.png"), place.at("data/masks/b.png"));
  const checked = await place.unet(["check", "data"], withLibrary);
  assertEquals(checked.code, 0, checked.stderr + checked.stdout);
  assert(/\b2 images/.test(checked.stdout), checked.stdout);
});
