import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { fromFileUrl } from "@std/path";
import type { BatchFile, Verdict } from "./batch_file.ts";
import { Manifest, type ManifestOptions } from "./manifest.ts";
import { manifestName } from "./manifest_name.ts";
import { readManifest } from "./read_manifest.ts";
import { hashFile } from "./source.ts";

const isWindows = Deno.build.os === "windows";
const setup = { settings: { threshold: 0.5 }, model: "0123", files: 2 };

/** A folder with inputs and an output folder, and a batch that writes there. */
interface Place {
  readonly out: string;
  /** The file of an input, with a mask and an overlay to be made. */
  file(name: string): BatchFile;
  open(options?: Partial<ManifestOptions>): Promise<Manifest>;
  /** Makes the outputs of a file. */
  write(file: BatchFile, content?: string): Promise<void>;
  /** Does a file from its check to its line. */
  segment(manifest: Manifest, file: BatchFile): Promise<void>;
  /** Checks a file with a manifest that is opened for it. */
  check(name: string, options?: Partial<ManifestOptions>): Promise<Verdict>;
  input(name: string, content: string, seconds?: number): Promise<void>;
}

async function inPlace(work: (place: Place) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const out = `${folder}/out`;
  const place: Place = {
    out,
    file: (name) => ({
      name,
      input: `${folder}/${name}`,
      outputs: [`${name}.png`, `${name}_overlay.png`],
    }),
    open: (options) => Manifest.open(out, { ...setup, ...options }),
    async write({ outputs }, content = "a mask") {
      for (const output of outputs) {
        await Deno.writeTextFile(`${out}/${output}`, content);
      }
    },
    async segment(manifest, file) {
      assert(!(await manifest.check(file)).done);
      await manifest.start(file);
      await place.write(file);
      const { hash, ...stamp } = await hashFile(file.input);
      const counts = { nuclei: 3 };
      await manifest.finish(file, { stamp, hash, counts, seconds: 1.5 });
    },
    async check(name, options) {
      using manifest = await place.open(options);
      return await manifest.check(place.file(name));
    },
    async input(name, content, seconds = 1000) {
      await Deno.writeTextFile(`${folder}/${name}`, content);
      await Deno.utime(`${folder}/${name}`, seconds, seconds);
    },
  };
  try {
    await Deno.mkdir(out);
    await place.input("a", "image a");
    await place.input("b", "image b");
    await work(place);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A place where the file `a` is done. */
function afterA(work: (place: Place) => Promise<void>): Promise<void> {
  return inPlace(async (place) => {
    {
      using manifest = await place.open();
      await place.segment(manifest, place.file("a"));
      await manifest.end();
    }
    await work(place);
  });
}

async function refusalOf(checking: Promise<Verdict>): Promise<string> {
  return (await assertRejects(() => checking, FileError)).message;
}

Deno.test("Manifest notes what a rerun skips", async () => {
  await afterA(async (place) => {
    const verdict = await place.check("a");
    assert(verdict.done);
    const { at, ...record } = verdict.record;
    assert(Math.abs(Date.parse(at) - Date.now()) < 3_600_000);
    assertEquals(record, {
      event: "done",
      name: "a",
      input: place.file("a").input,
      size: 7,
      modified: 1_000_000,
      hash: (await hashFile(place.file("a").input)).hash,
      setup: record.setup,
      outputs: [{ path: "a.png", size: 6 }, { path: "a_overlay.png", size: 6 }],
      counts: { nuclei: 3 },
      seconds: 1.5,
    });
    assertEquals(verdict.changed, []);
    assert(!(await place.check("b")).done);
  });
});

Deno.test("Manifest takes a touched file for done by its hash, and notes its new time", async () => {
  await afterA(async (place) => {
    await place.input("a", "image a", 2000);
    assert((await place.check("a")).done);
    const { files } = await readManifest(`${place.out}/manifest.jsonl`);
    assertEquals(files.get("a")?.done?.modified, 2_000_000);
  });
});

Deno.test("Manifest refuses to replace masks of an image that changed, unless forced", async () => {
  await afterA(async (place) => {
    for (
      const [content, seconds] of [
        ["image A", 2000],
        ["a longer one", 2000],
        // At the same time, as a clock may have it.
        ["a longer one", 1000],
      ] as const
    ) {
      await place.input("a", content, seconds);
      assertEquals(
        await refusalOf(place.check("a")),
        `Cannot write output "${place.out}/a.png": found one made before the ` +
          "image changed; use `force` to replace it",
      );
    }
    assert(!(await place.check("a", { force: true })).done);
  });
});

Deno.test("Manifest refuses to replace masks of other settings or another model, names them, unless forced", async () => {
  await afterA(async (place) => {
    for (
      const [other, found] of [
        [
          { settings: { threshold: 0.7, views: 4 } },
          "threshold 0.5, views not set, expected threshold 0.7, views 4",
        ],
        [{ model: "4567" }, "model 0123, expected model 4567"],
      ] as const
    ) {
      assertEquals(
        await refusalOf(place.check("a", other)),
        `Cannot write output "${place.out}/a.png": found one made with ` +
          `${found}; use \`force\` to replace it`,
      );
      assert(!(await place.check("a", { ...other, force: true })).done);
      // Those of files that were not done yet are made.
      assert(!(await place.check("b", other)).done);
    }
    assert((await place.check("a")).done);
  });
});

Deno.test("Manifest has only the missing outputs written where more are asked for, and keeps note of the others", async () => {
  await afterA(async (place) => {
    const more = { ...place.file("a"), outputs: ["a.png", "a.csv"] };
    {
      using manifest = await place.open();
      const verdict = await manifest.check(more);
      assert(!verdict.done);
      assertEquals([verdict.missing, verdict.stale], [["a.csv"], []]);
      assertEquals(verdict.record?.counts, { nuclei: 3 });
      await manifest.start(more, verdict.missing);
      // The others are not given up to be replaced.
      assertEquals(manifest.stateOf("a")?.begun, ["a.csv"]);
      await place.write({ ...more, outputs: verdict.missing }, "a table");
      const { stamp, hash = "" } = verdict;
      await manifest.finish(more, { stamp, hash, counts: {}, seconds: 1 });
    }
    const all = ["a.png", "a.csv", "a_overlay.png"];
    using manifest = await place.open();
    const verdict = await manifest.check({ ...more, outputs: all });
    assert(verdict.done);
    assertEquals(verdict.record.outputs, [
      { path: "a.png", size: 6 },
      { path: "a.csv", size: 7 },
      { path: "a_overlay.png", size: 6 },
    ]);
  });
});

Deno.test("Manifest keeps the outputs of a file whose run was killed while it added one", async () => {
  await afterA(async (place) => {
    const more = { ...place.file("a"), outputs: ["a.png", "a.csv"] };
    {
      using manifest = await place.open();
      await manifest.start(more, ["a.csv"]);
      await place.write({ ...more, outputs: ["a.csv"] }, "a table");
    }
    using manifest = await place.open();
    const verdict = await manifest.check(more);
    assert(!verdict.done);
    assertEquals(verdict.missing, ["a.csv"]);
    assert((await manifest.check(place.file("a"))).done);
  });
});

Deno.test("Manifest adds no output to those of another model, other settings or another content, unless forced", async () => {
  await afterA(async (place) => {
    const more = { ...place.file("a"), outputs: ["a.csv"] };
    const check = async (options?: Partial<ManifestOptions>) => {
      using manifest = await place.open(options);
      return await manifest.check(more);
    };
    assertEquals(
      await refusalOf(check({ model: "4567" })),
      `Cannot write output "${place.out}/a.csv": found "a.png" beside it made ` +
        "with model 0123, expected model 4567; choose another output folder, " +
        "or use `force`",
    );
    const forced = await check({ model: "4567", force: true });
    assert(!forced.done);
    assertEquals(forced.stale, ["a.png", "a_overlay.png"]);
    await place.input("a", "image A", 2000);
    assertEquals(
      await refusalOf(check()),
      `Cannot write output "${place.out}/a.csv": found "a.png" beside it made ` +
        "before the image changed; choose another output folder, or use `force`",
    );
    // With its outputs removed, the file is free.
    await Deno.remove(`${place.out}/a.png`);
    await Deno.remove(`${place.out}/a_overlay.png`);
    assert(!(await check()).done);
  });
});

Deno.test("Manifest forgets outputs of another model once others were made by force", async () => {
  await afterA(async (place) => {
    const more = { ...place.file("a"), outputs: ["a.csv"] };
    const options = { model: "4567", force: true };
    {
      using manifest = await place.open(options);
      await manifest.start(more);
      await place.write(more);
      const { hash, ...stamp } = await hashFile(more.input);
      await manifest.finish(more, { stamp, hash, counts: {}, seconds: 1 });
    }
    using manifest = await place.open({ model: "4567" });
    assert((await manifest.check(more)).done);
    assertEquals(
      await refusalOf(manifest.check(place.file("a"))),
      `Cannot write output "${place.out}/a.png": found a file of that name; ` +
        "use `force` to replace it",
    );
  });
});

Deno.test("Manifest reports outputs that were written in another way than asked for, and keeps them", async () => {
  await afterA(async (place) => {
    using manifest = await place.open();
    const kinds = { "a.png": "pyramid" };
    const verdict = await manifest.check({ ...place.file("a"), kinds });
    assert(verdict.done);
    assertEquals(verdict.otherKind, ["a.png"]);
  });
});

Deno.test("Manifest.expects() goes by the manifests alone", async () => {
  await afterA(async (place) => {
    const [a, b] = [place.file("a"), place.file("b")];
    const expects = async (options?: Partial<ManifestOptions>) => {
      using manifest = await place.open(options);
      return [a, b, { ...a, outputs: ["a.csv"] }].map((file) =>
        manifest.expects(file)
      );
    };
    assertEquals(await expects(), [true, false, false]);
    assertEquals(await expects({ force: true }), [false, false, false]);
    assertEquals(await expects({ model: "4567" }), [false, false, false]);
  });
});

Deno.test("Manifest refuses to replace files that it does not know, unless forced", async () => {
  await inPlace(async (place) => {
    await place.write(place.file("a"), "drawn by hand");
    assertEquals(
      await refusalOf(place.check("a")),
      `Cannot write output "${place.out}/a.png": found a file of that name; ` +
        "use `force` to replace it",
    );
    assert(!(await place.check("a", { force: true })).done);
  });
});

Deno.test("Manifest leaves outputs alone that were changed by hand, and reports them", async () => {
  await afterA(async (place) => {
    await Deno.writeTextFile(`${place.out}/a.png`, "corrected by hand");
    const verdict = await place.check("a");
    assert(verdict.done);
    assertEquals(verdict.changed, ["a.png"]);
  });
});

Deno.test("Manifest has a file done anew whose outputs were removed, if only some", async () => {
  await afterA(async (place) => {
    await Deno.remove(`${place.out}/a.png`);
    const verdict = await place.check("a");
    assert(!verdict.done);
    assertEquals(verdict.hash, (await hashFile(place.file("a").input)).hash);
    await Deno.remove(`${place.out}/a_overlay.png`);
    assert(!(await place.check("a")).done);
  });
});

Deno.test("Manifest lets a run replace outputs that a killed one had begun, and nothing else", async () => {
  await inPlace(async (place) => {
    {
      using manifest = await place.open();
      await manifest.start(place.file("a"));
      // Killed here, after some outputs.
      await Deno.writeTextFile(`${place.out}/a_overlay.png`, "an overlay");
    }
    await place.write(place.file("b"));
    assert(!(await place.check("a")).done);
    await refusalOf(place.check("b"));
    {
      using manifest = await place.open();
      await place.segment(manifest, place.file("a"));
    }
    assert((await place.check("a")).done);
    // Now that it is done, it is nobody's to replace.
    await refusalOf(place.check("a", { settings: {} }));
  });
});

Deno.test("Manifest tries a failed file again, and remembers earlier results", async () => {
  await afterA(async (place) => {
    {
      using manifest = await place.open();
      await manifest.fail(place.file("b"), new FileError("Cannot read b"));
      // As when it is refused with other settings.
      await manifest.fail(place.file("a"), new FileError("Cannot write a"));
      assertEquals(manifest.stateOf("b")?.failed?.error, "Cannot read b");
    }
    assert(!(await place.check("b")).done);
    assert((await place.check("a")).done);
    const { files } = await readManifest(`${place.out}/manifest.jsonl`);
    assertEquals(files.get("a")?.failed, undefined);
    assertEquals(files.get("b")?.failed?.error, "Cannot read b");
  });
});

Deno.test("Manifest of a shard reads the others' and writes its own", async () => {
  await afterA(async (place) => {
    const first = { shard: { index: 1, count: 2 } };
    const second = { shard: { index: 2, count: 2 } };
    using one = await place.open(first);
    using two = await place.open(second);
    assertEquals(
      [one.path, two.path],
      [
        `${place.out}/manifest-1-of-2.jsonl`,
        `${place.out}/manifest-2-of-2.jsonl`,
      ],
    );
    assert((await two.check(place.file("a"))).done);
    await place.segment(one, place.file("b"));
    // Read while the other still writes.
    using again = await place.open();
    assert((await again.check(place.file("b"))).done);
  });
});

Deno.test("Manifest is written by one process at a time", async () => {
  await inPlace(async (place) => {
    {
      using manifest = await place.open();
      assertEquals(manifest.lockWarning, null);
      const error = await assertRejects(() => place.open(), FileError);
      assertMatch(
        error.message.replace(manifest.path, "PATH"),
        new RegExp(
          `^Cannot write manifest "PATH": found process ${Deno.pid} on ` +
            `${Deno.hostname()} writing there since [-\\d]+ [:\\d]+, expected ` +
            "one process per manifest; give each process a `shard` of its own, " +
            `wait for it to end, or end it with: kill ${Deno.pid}$`,
        ),
      );
      await manifest.start(place.file("a"));
    }
    using manifest = await place.open();
    assertEquals(manifest.stateOf("a")?.begun.length, 2);
  });
});

Deno.test("Manifest removes a line that a kill cut off, wherever it was cut", async () => {
  await afterA(async (place) => {
    const path = `${place.out}/manifest.jsonl`;
    const whole = await Deno.readTextFile(path);
    const line = whole.trimEnd().split("\n").findLast((each) =>
      each.includes('"done"')
    )!;
    const before = whole.slice(0, whole.indexOf(line));
    for (const length of [1, 9, 20, line.length - 1, line.length]) {
      await Deno.writeTextFile(path, before + line.slice(0, length));
      using manifest = await place.open();
      assertEquals(manifest.faults, []);
      assertEquals(manifest.stateOf("a")?.begun, ["a.png", "a_overlay.png"]);
      const text = await Deno.readTextFile(path);
      assert(text.startsWith(before + '{"event":"run"'), text);
    }
    // What a file system leaves after a power cut.
    await Deno.writeTextFile(path, whole + "\0\0\0\0");
    using manifest = await place.open();
    assertEquals(manifest.faults, []);
  });
});

Deno.test("Manifest refuses a foreign file of its name, and leaves it alone", async () => {
  await afterA(async (place) => {
    const path = `${place.out}/manifest.jsonl`;
    const whole = await Deno.readTextFile(path);
    for (
      const [text, found] of [
        ['{"files": 3}\n', "no event of a manifest in its first line"],
        ["[1, 2]\n", "no object in its first line"],
        ["name,size\na,3\n", "text that is not JSON in its first line"],
        ["a note without an end", "no whole line in its first line"],
        [
          whole.replace('"version":1', '"version":2'),
          "version 2 of the format, which is not version 1 in its first line",
        ],
        [
          whole.slice(whole.indexOf("\n") + 1),
          'an event "start" in its first line',
        ],
        [whole + "a note", "a last line that is not part of a manifest"],
      ] as const
    ) {
      await Deno.writeTextFile(path, text);
      const error = await assertRejects(() => place.open(), FileError);
      assert(
        error.message.includes(`manifest "${path}": found ${found}, expected `),
        error.message,
      );
      assertEquals(await Deno.readTextFile(path), text);
    }
  });
});

Deno.test("Manifest reports foreign lines in it, and goes by the others", async () => {
  await afterA(async (place) => {
    const path = `${place.out}/manifest.jsonl`;
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    lines.splice(2, 0, "<<<<<<< HEAD", '{"event":"done","name":"b"}');
    await Deno.writeTextFile(path, lines.join("\n") + "\n");
    using manifest = await place.open();
    assertEquals(manifest.faults, [
      `Cannot read line "${path}:3": found text that is not JSON, expected an ` +
      "event of a manifest",
      `Cannot read line "${path}:4": found an event "done" with a wrong "at", ` +
      "expected an event of a manifest",
    ]);
    assert((await manifest.check(place.file("a"))).done);
    assertEquals(manifest.stateOf("b"), undefined);
  });
});

Deno.test(
  "Manifest keeps names that hold line breaks, quotes, other letters or names of Object's",
  {
    ignore: isWindows,
  },
  async () => {
    const names = [
      'a\n{"event":"end"}',
      '"',
      "細胞 é",
      "__proto__",
      "constructor",
    ];
    await inPlace(async (place) => {
      {
        using manifest = await place.open();
        for (const name of names) {
          await place.input(name, name);
          await place.segment(manifest, place.file(name));
        }
      }
      using manifest = await place.open();
      assertEquals(manifest.faults, []);
      for (const name of names) {
        assert((await manifest.check(place.file(name))).done, name);
      }
    });
  },
);

Deno.test("Manifest refuses to finish a file whose outputs are not there", async () => {
  await inPlace(async (place) => {
    using manifest = await place.open();
    const file = place.file("a");
    const { hash, ...stamp } = await hashFile(file.input);
    const error = await assertRejects(
      () => manifest.finish(file, { stamp, hash, counts: {}, seconds: 1 }),
      FileError,
    );
    assertEquals(
      error.message,
      `Cannot finish output "${place.out}/a.png": found no file of that name, ` +
        "expected it as it was just written",
    );
    assertEquals(manifest.stateOf("a"), undefined);
  });
});

Deno.test("Manifest refuses an input that is gone, and an output folder that is not one", async () => {
  await inPlace(async (place) => {
    const { input } = place.file("gone");
    assertEquals(
      await refusalOf(place.check("gone")),
      `Cannot read image "${input}": found no such file or folder`,
    );
    await Deno.remove(place.out, { recursive: true });
    await assertRejects(
      () => place.open(),
      FileError,
      `Cannot write manifest "${place.out}/manifest.jsonl": found no such file`,
    );
  });
});

Deno.test("Manifest leaves nothing of a line that the disk has no room for", {
  ignore: isWindows,
}, async () => {
  await inPlace(async (place) => {
    using manifest = await place.open();
    const before = await Deno.readTextFile(manifest.path);
    const file = { ...place.file("a"), outputs: ["x".repeat(5000)] };
    // A limit on the size of files is a disk that is full for one process.
    const program = `
      import { Manifest } from ${
      JSON.stringify(import.meta.resolve("./mod.ts"))
    };
      const [out, options, file] = Deno.args.map((each) => JSON.parse(each));
      const manifest = await Manifest.open(out, options);
      try {
        await manifest.start(file);
      } catch (error) {
        console.log(error.name + ": " + error.message);
      }
      await manifest.end();`;
    const script = `${place.out}/../program.ts`;
    await Deno.writeTextFile(script, program);
    const options = { ...setup, shard: { index: 1, count: 2 } };
    const { stdout, stderr } = await new Deno.Command("bash", {
      args: [
        ...["-c", 'trap "" XFSZ; ulimit -f 4; exec "$0" "$@"', Deno.execPath()],
        ...["run", "--no-check", "--allow-read", "--allow-write", "--config"],
        ...[fromFileUrl(import.meta.resolve("../../deno.json")), script],
        ...[place.out, options, file].map((each) => JSON.stringify(each)),
      ],
    }).output();
    const path = `${place.out}/${manifestName(options.shard)}`;
    assertEquals(
      new TextDecoder().decode(stdout),
      `FileError: Cannot write manifest "${path}": found "File too large"\n`,
      new TextDecoder().decode(stderr),
    );
    const { faults, torn, ended, files } = await readManifest(path);
    assertEquals([faults, torn, ended, files.size], [[], "", true, 0]);
    assertEquals(await Deno.readTextFile(manifest.path), before);
  });
});

Deno.test("manifestName() names a shard's apart from the whole's", () => {
  assertEquals(manifestName(), "manifest.jsonl");
  assertEquals(
    manifestName({ index: 2, count: 8 }),
    "manifest-2-of-8.jsonl",
  );
});

Deno.test("Manifest writes nothing once it is closed", async () => {
  await inPlace(async (place) => {
    const manifest = await place.open();
    manifest[Symbol.dispose]();
    await assertRejects(() => manifest.end());
  });
});
