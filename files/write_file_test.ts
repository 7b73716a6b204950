import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { killAfterLine } from "./fixtures/kill_after_line.ts";
import { FileWriter } from "./file_writer.ts";
import { flushFolder } from "./flush_folder.ts";
import { writeFile } from "./write_file.ts";

const isWindows = Deno.build.os === "windows";

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("writeFile() writes text, bytes, and pieces in order", async () => {
  const folder = await Deno.makeTempDir();
  await writeFile(`${folder}/text`, "細胞\n");
  assertEquals(await Deno.readTextFile(`${folder}/text`), "細胞\n");
  await writeFile(`${folder}/bytes`, new Uint8Array([0, 255]));
  assertEquals(
    await Deno.readFile(`${folder}/bytes`),
    new Uint8Array([0, 255]),
  );
  function* pieces(): Generator<Uint8Array> {
    for (let i = 0; i < 300; i++) yield new Uint8Array(1000).fill(i);
  }
  await writeFile(`${folder}/pieces`, pieces());
  const whole = await Deno.readFile(`${folder}/pieces`);
  assertEquals(whole.length, 300_000);
  assert(whole.every((value, at) => value === Math.floor(at / 1000) % 256));
  await writeFile(`${folder}/empty`, []);
  assertEquals((await Deno.stat(`${folder}/empty`)).size, 0);
  assertEquals(namesIn(folder), ["bytes", "empty", "pieces", "text"]);
});

Deno.test("writeFile() writes the part of a buffer that it is given", async () => {
  const path = `${await Deno.makeTempDir()}/part`;
  await writeFile(path, new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
  assertEquals(await Deno.readFile(path), new Uint8Array([2, 3]));
});

Deno.test("writeFile() replaces a longer file and makes missing folders", async () => {
  const path = `${await Deno.makeTempDir()}/a/b/note.txt`;
  await writeFile(path, "a long line\n");
  await writeFile(path, "short\n");
  assertEquals(await Deno.readTextFile(path), "short\n");
});

Deno.test("writeFile() takes a name as long as the system allows", {
  ignore: isWindows,
}, async () => {
  const path = `${await Deno.makeTempDir()}/${"x".repeat(255)}`;
  await writeFile(path, "x");
  assertEquals(await Deno.readTextFile(path), "x");
});

Deno.test("writeFile() keeps the old file and leaves nothing when a piece cannot be made", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/model`;
  await writeFile(path, "old");
  function* pieces(): Generator<Uint8Array> {
    yield new Uint8Array(1000);
    throw new RangeError("Cannot encode");
  }
  await assertRejects(
    () => writeFile(path, pieces()),
    RangeError,
    "Cannot encode",
  );
  assertEquals(await Deno.readTextFile(path), "old");
  assertEquals(namesIn(folder), ["model"]);
});

Deno.test(
  "writeFile() keeps the old file and leaves nothing when the system stops it midway",
  {
    ignore: isWindows,
  },
  async () => {
    const folder = await Deno.makeTempDir(), path = `${folder}/model`;
    await writeFile(path, "old");
    // A limit on the size of files is a disk that is full for one process.
    const script =
      'trap "" XFSZ; ulimit -f 64; exec "$0" run --no-check --allow-read --allow-write "$@"';
    const { stdout, success } = await new Deno.Command("sh", {
      args: [
        "-c",
        script,
        Deno.execPath(),
        new URL("fixtures/write_once.ts", import.meta.url).pathname,
        path,
        String(2 ** 20),
      ],
      stderr: "inherit",
    }).output();
    assert(success);
    assertEquals(
      new TextDecoder().decode(stdout).trim(),
      `Cannot write file "${path}": found "File too large"`,
    );
    assertEquals(await Deno.readTextFile(path), "old");
    assertEquals(namesIn(folder), ["model"]);
  },
);

Deno.test("writeFile() leaves a whole file whenever it is killed", {
  ignore: isWindows,
}, async () => {
  const path = `${await Deno.makeTempDir()}/model`;
  for (let run = 0; run < 4; run++) {
    const printed = Number(
      await killAfterLine("write_forever.ts", [path], 7 * run),
    );
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assertEquals(new Set(lines).size, 1);
    assertEquals(lines.length, 20_000);
    const version = Number(lines[0]);
    assert(version === printed || version === printed + 1);
  }
});

Deno.test(
  "writeFile() refuses a folder's place and a file above, and leaves nothing",
  {
    ignore: isWindows,
  },
  async () => {
    const folder = await Deno.makeTempDir();
    await Deno.mkdir(`${folder}/taken`);
    await Deno.writeTextFile(`${folder}/file`, "");
    const onFolder = await assertRejects(
      () => writeFile(`${folder}/taken`, "x", "mask"),
      FileError,
    );
    assertEquals(
      onFolder.message,
      `Cannot write mask "${folder}/taken": found a folder`,
    );
    const underFile = await assertRejects(
      () => writeFile(`${folder}/file/x`, "x"),
      FileError,
    );
    assertEquals(
      underFile.message,
      `Cannot write file "${folder}/file/x": found a file of that name`,
    );
    assertEquals(namesIn(folder), ["file", "taken"]);
  },
);

/** The two ways to write a file. */
const ways: [name: string, (path: string, text: string) => Promise<void>][] = [
  ["writeFile()", (path, text) => writeFile(path, text)],
  ["FileWriter", async (path, text) => {
    await using file = await FileWriter.open(path);
    await file.write(new TextEncoder().encode(text));
    await file.finish();
  }],
];

for (const [way, write] of ways) {
  Deno.test(`${way} replaces a link, and leaves what it leads to`, {
    ignore: isWindows,
  }, async () => {
    const folder = await Deno.makeTempDir(), path = `${folder}/link`;
    await Deno.writeTextFile(`${folder}/original`, "mine");
    for (const target of ["original", "nowhere"]) {
      await Deno.symlink(target, path);
      await write(path, "new");
      assert(Deno.lstatSync(path).isFile);
      assertEquals(await Deno.readTextFile(path), "new");
      await Deno.remove(path);
    }
    assertEquals(await Deno.readTextFile(`${folder}/original`), "mine");
    assertEquals(namesIn(folder), ["original"]);
  });

  Deno.test(`${way} refuses a read-only file, which a rename would replace`, {
    ignore: isWindows,
  }, async () => {
    const folder = await Deno.makeTempDir(), path = `${folder}/corrected.png`;
    await Deno.writeTextFile(path, "mine");
    await Deno.chmod(path, 0o444);
    await assertRejects(
      () => write(path, "new"),
      FileError,
      `Cannot write file "${path}": found a read-only file; make it writable ` +
        "(chmod u+w), or choose another name",
    );
    assertEquals(await Deno.readTextFile(path), "mine");
    assertEquals(namesIn(folder), ["corrected.png"]);
    await Deno.chmod(path, 0o644);
    await write(path, "new");
    assertEquals(await Deno.readTextFile(path), "new");
  });

  Deno.test(
    `${way} says where a file is mounted, and on a read-only file system`,
    {
      ignore: Deno.build.os !== "linux",
    },
    async () => {
      const folder = await Deno.makeTempDir(), path = `${folder}/mounted`;
      for (const name of ["mounted", "elsewhere"]) {
        await Deno.writeTextFile(`${folder}/${name}`, name);
      }
      await Deno.mkdir(`${folder}/frozen`);
      const script =
        new URL("fixtures/write_each.ts", import.meta.url).pathname;
      const { stdout, stderr } = await new Deno.Command("unshare", {
        args: [
          ...["-Urm", "bash", "-c"],
          `mount --bind "$0/elsewhere" "$0/mounted" &&
         mount -t tmpfs -o ro none "$0/frozen" || exit 99; "$@"`,
          ...[folder, Deno.execPath(), "run", "-q", "--no-check"],
          ...["--allow-read", "--allow-write", script, way],
          ...[path, `${folder}/frozen/a`, `${folder}/frozen/b/c`],
        ],
      }).output();
      const said = new TextDecoder().decode(stdout);
      if (said === "") {
        // deno-lint-ignore no-console
        console.log(
          `skipped: nothing can be mounted here (${
            new TextDecoder().decode(stderr)
          })`,
        );
        return;
      }
      assertEquals(said.trimEnd().split("\n"), [
        `Cannot write file "${path}": found a file or folder in use, as one ` +
        "that is mounted there",
        ...["a", "b/c"].map((name) =>
          `Cannot write file "${folder}/frozen/${name}": found a read-only file system`
        ),
      ]);
      assertEquals(await Deno.readTextFile(`${folder}/elsewhere`), "elsewhere");
      assertEquals(namesIn(folder), ["elsewhere", "frozen", "mounted"]);
    },
  );
}

Deno.test("flushFolder() throws where there is no folder", {
  ignore: isWindows,
}, async () => {
  await assertRejects(
    async () => await flushFolder(`${await Deno.makeTempDir()}/none`),
    Deno.errors.NotFound,
  );
});
