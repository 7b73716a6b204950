import { assert, assertEquals, assertMatch } from "@std/assert";
import sharp from "sharp";
import { decodeImage } from "@unet/data";
import { createRandom } from "@unet/random";
import { contentOf } from "../flow/_run_content.ts";
import {
  assertDone,
  assertPlain,
  createPlace,
  faultOf,
  type Place,
} from "../flow/_unet.ts";

const isWindows = Deno.build.os === "windows";

let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "8", "--size", "32"]),
  );
  assertDone(await place.unet(train("run")));
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

function train(out: string, ...flags: string[]): string[] {
  return [
    ...["train", "--data", "drawn", "--out", out, "--epochs", "3"],
    ...["--tile", "32", "--width", "0.02", "--batch", "2", "--device", "wasm"],
    ...["--workers", "0", "--optimizer", "adam", ...flags],
  ];
}

const segment = ["segment", "drawn", "--model", "run", "--device", "wasm"];

/** Every file and folder below a folder. */
function namesBelow(folder: string): string[] {
  return [...Deno.readDirSync(place.at(folder))].flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    return entry.isDirectory ? [name, ...namesBelow(name)] : [name];
  });
}

for (
  const [where, out, found] of [
    [
      "below a file",
      "drawn.txt/run",
      /^Cannot (write|open) .*drawn\.txt.*": found a file (as a folder|of that name)$/,
    ],
    [
      "in a place of the system's own",
      "/proc/run",
      /^Cannot .*"\/proc\/run.*": found no permission of Deno /,
    ],
  ] as const
) {
  Deno.test(`commands that write ${where} say so`, {
    ignore: Deno.build.os !== "linux",
  }, async () => {
    await Deno.writeTextFile(place.at("drawn.txt"), "a file");
    for (
      const args of [
        train(out),
        [...segment, "--out", out],
        ["synth", out, "--count", "2", "--size", "32"],
      ]
    ) {
      assertMatch(faultOf(await place.unet(args)), found);
    }
    assertEquals(await Deno.readTextFile(place.at("drawn.txt")), "a file");
  });
}

/**
 * Runs a command with a disk of some kilobytes under a folder, and copies what
 * is left there out of it.
 *
 * @returns Null where the system does not let a test make a disk.
 */
async function onSmallDisk(
  folder: string,
  kilobytes: number,
  args: readonly string[],
) {
  const disk = place.at(folder), kept = place.at(`${folder}-kept`);
  await Deno.mkdir(disk, { recursive: true });
  const inside = `mount -t tmpfs -o size=${kilobytes}k none "$0" || exit 99
    "$@"; code=$?; cp -r "$0" "${kept}" && exit $code`;
  const ended = await place.unet(args, {
    shell: `unshare -Urm bash -c '${inside}' "${disk}" "$@"`,
  });
  if (ended.code === 99 || /unshare/.test(ended.stderr)) {
    // deno-lint-ignore no-console
    console.log(`skipped: no small disk can be mounted here (${ended.stderr})`);
    return null;
  }
  return { ended, kept: `${folder}-kept` };
}

const onLinux = { ignore: Deno.build.os !== "linux" };

Deno.test(
  "train on a full disk says so, and what it saved before continues elsewhere",
  onLinux,
  async () => {
    assertDone(await place.unet(train("whole")));
    // Room for one checkpoint, for the best, and not for the next one.
    const result = await onSmallDisk("disk", 850, train("disk/run"));
    if (!result) return;
    const { ended, kept } = result;
    assertMatch(
      faultOf(ended),
      /^Cannot write .*disk[/\\]run[/\\].*": found a full disk$/,
    );
    const names = namesBelow(`${kept}/run`);
    assert(
      names.every((name) => !/\.(part|new|old)$/.test(name)),
      names.join("\n"),
    );
    for (const folder of ["last", "best"]) {
      const files = names.filter((name) => name.includes(`/${folder}/`));
      assert([0, 3].includes(files.length), names.join("\n"));
    }
    assert(names.some((name) => name.endsWith("/best/model.safetensors")));
    assertDone(await place.unet(["train", "--resume", `${kept}/run`]));
    assertEquals(
      contentOf(place.at(kept, "run")),
      contentOf(place.at("whole")),
    );
  },
);

Deno.test(
  "segment on a full disk says so for each image, and leaves no part of one",
  onLinux,
  async () => {
    const random = createRandom(0);
    const data = Uint8Array.from(
      { length: 300 * 300 * 3 },
      () => Math.floor(random.next() * 256),
    );
    await Deno.mkdir(place.at("noise"));
    for (const name of ["a", "b"]) {
      await sharp(data, { raw: { width: 300, height: 300, channels: 3 } }).png()
        .toFile(place.at("noise", `${name}.png`));
    }
    const result = await onSmallDisk("masks", 300, [
      ...["segment", "noise", "--out", "masks", "--overlay"],
      ...["--model", "run", "--device", "wasm"],
    ]);
    if (!result) return;
    const { ended, kept } = result;
    assertPlain(ended);
    assertEquals(ended.code, 1, ended.stderr);
    const lines = ended.stderr.trimEnd().split("\n");
    assert(
      lines.every((line) =>
        /^Cannot write (mask|overlay) "masks[/\\].*": found a full disk$/
          .test(line)
      ),
      ended.stderr,
    );
    for (const name of namesBelow(kept)) {
      if (name.includes("manifest")) continue;
      assert(/\.png$/.test(name) && !/\/\./.test(name), name);
      const path = place.at(name);
      const { width } = await decodeImage(await Deno.readFile(path), path);
      assertEquals(width, 300);
    }
  },
);

Deno.test(
  "a full disk under the cache is reported before training starts",
  onLinux,
  async () => {
    const result = await onSmallDisk(".cache", 8, train("uncached"));
    if (!result) return;
    assertMatch(
      faultOf(result.ended),
      /^Cannot write .*\.cache[/\\].*": found a full disk$/,
    );
    assert(
      namesBelow(result.kept).every((name) => !name.endsWith(".part")),
      namesBelow(result.kept).join("\n"),
    );
  },
);

Deno.test(
  "synth on a full disk says so, and leaves whole images alone",
  onLinux,
  async () => {
    const result = await onSmallDisk("half", 60, [
      ...["synth", "half/drawn", "--count", "40", "--size", "64"],
    ]);
    if (!result) return;
    assertMatch(faultOf(result.ended), /^Cannot write .*": found a full disk$/);
    const check = await place.unet(["check", `${result.kept}/drawn`]);
    assertDone(check);
  },
);

Deno.test("a file that takes no more ends train as a full disk does", {
  ignore: isWindows,
}, async () => {
  // A limit on the size of files, for where no disk can be mounted.
  const ended = await place.unet(train("limited"), {
    shell: 'trap "" XFSZ; ulimit -f 64; "$@"',
  });
  assertMatch(
    faultOf(ended),
    /^Cannot write .*limited.*": found "File too lar/,
  );
  assertEquals(
    namesBelow("limited").filter((name) => /\.(part|new|old)$/.test(name)),
    [],
  );
  assertDone(await place.unet(["train", "--resume", "limited"]));
});
