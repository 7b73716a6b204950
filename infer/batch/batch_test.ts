import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readManifest } from "./read_manifest.ts";

const onUnix = { ignore: Deno.build.os === "windows" };
const program = [
  ...[Deno.execPath(), "run", "--no-check", "--allow-read", "--allow-write"],
  fromFileUrl(import.meta.resolve("./fixtures/write_batch.ts")),
];

/** A folder `in` with texts for images, and a folder `out`. */
async function inPlace(
  names: readonly string[],
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await Deno.mkdir(`${folder}/in`);
    await Deno.mkdir(`${folder}/out`);
    for (const name of names) {
      await Deno.writeTextFile(`${folder}/in/${name}`, name);
    }
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function spawn(words: readonly string[]): Deno.ChildProcess {
  const [command = "", ...args] = words;
  const piped = { stdout: "piped", stderr: "piped" } as const;
  return new Deno.Command(command, { args, ...piped }).spawn();
}

/** Runs a batch to its end, and gives the lines it printed. */
async function run(folder: string, repeated = 1): Promise<string[]> {
  const words = [`${folder}/in`, `${folder}/out`, String(repeated)];
  const { code, stdout, stderr } = await spawn([...program, ...words]).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return linesOf(stdout);
}

function linesOf(bytes: Uint8Array): string[] {
  return new TextDecoder().decode(bytes).split("\n").slice(0, -1);
}

/** Kills a process, unless it has ended. */
function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
  }
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => !name.startsWith(".manifest")).sort();
}

Deno.test(
  "a batch that is killed again and again comes to its end",
  onUnix,
  async () => {
    const names = Array.from({ length: 60 }, (_, at) => String(at));
    await inPlace(names, async (folder) => {
      const path = `${folder}/out/manifest.jsonl`;
      let runs = 0, isEnded = false;
      while (!isEnded) {
        const child = spawn([...program, `${folder}/in`, `${folder}/out`]);
        const errors = new Response(child.stderr).text();
        // At another step each time.
        let steps = 20 + runs % 3, printed = "";
        for await (const chunk of child.stdout) {
          const isKilled = steps <= 0, text = new TextDecoder().decode(chunk);
          printed += text;
          steps -= text.split("\n").length - 1;
          if (steps <= 0 && !isKilled) kill(child);
        }
        const { code } = await child.status;
        assert(code === 0 || code === 137, await errors + printed);
        await errors;
        // Never refused for what it had begun itself.
        assert(!/Cannot/.test(printed), printed);
        runs++;
        const content = await readManifest(path);
        assertEquals(content.faults, []);
        isEnded = content.ended;
      }
      assert(runs > 3, `it ended in ${runs} runs`);
      const { files } = await readManifest(path);
      assertEquals([...files.values()].filter(({ done }) => done).length, 60);
      for (const name of names) {
        assertEquals(
          await Deno.readTextFile(`${folder}/out/${name}.png`),
          name,
        );
      }
    });
  },
);

Deno.test(
  "a batch continues after files that fail, and does only these again",
  onUnix,
  async () => {
    await inPlace(["a", "b", "c", "d"], async (folder) => {
      // No text, and a place where no mask can be put.
      await Deno.writeFile(`${folder}/in/b`, new Uint8Array([255]));
      await Deno.mkdir(`${folder}/out/c.png`);
      const lines = await run(folder);
      assertEquals(lines.filter((line) => line.startsWith("Cannot")), [
        `Cannot read image "${folder}/in/b": found bytes that are not text, expected UTF-8`,
        `Cannot write output "${folder}/out/c.png": found a file of that name; use \`force\` to replace it`,
      ]);
      assertEquals(namesIn(`${folder}/out`), [
        ...["a.png", "a_overlay.png", "c.png", "d.png", "d_overlay.png"],
        "manifest.jsonl",
      ]);
      await Deno.writeTextFile(`${folder}/in/b`, "b");
      await Deno.remove(`${folder}/out/c.png`);
      const started = (await run(folder)).filter((line) =>
        /^started/.test(line)
      );
      assertEquals(started, ["started b", "started c"]);
      assertEquals(await run(folder), []);
    });
  },
);

Deno.test(
  "a batch ends on a full disk after three files in a row, and continues once there is room",
  {
    ignore: Deno.build.os !== "linux",
  },
  async () => {
    const names = Array.from({ length: 9 }, (_, at) => String(at));
    await inPlace(names, async (folder) => {
      const out = `${folder}/out`;
      // Room for three files of two outputs, and a part of the next.
      const script = `mount -t tmpfs -o size=700k none "$0" || exit 99
      "$@"; code=$?; cp -r "$0" "$0-kept" && exit $code`;
      const { code, stdout, stderr } = await spawn([
        ...["unshare", "-Urm", "bash", "-c", script, out, ...program],
        ...[`${folder}/in`, out, "100000"],
      ]).output();
      const errors = new TextDecoder().decode(stderr);
      if (code === 99 || /unshare/.test(errors)) {
        // deno-lint-ignore no-console
        console.log(`skipped: no small disk can be mounted here (${errors})`);
        return;
      }
      assertEquals(code, 0, errors);
      const lines = linesOf(stdout).filter((line) => !/^(sta|wro)/.test(line));
      // One more may have been segmented by then, and is tried.
      const count = lines.length - 1;
      assert(count === 3 || count === 4, lines.join("\n"));
      for (const line of lines.slice(0, count)) {
        assertMatch(
          line,
          /^Cannot write mask ".*\.png": found a full disk$/,
        );
      }
      assertEquals(
        lines[count],
        `ended: Cannot continue writing into output folder "${out}": found a full ` +
          "disk, 3 files in a row; free some space; the same command then segments the rest",
      );
      await Deno.remove(out, { recursive: true });
      await Deno.rename(`${out}-kept`, out);
      // Whole files alone.
      for (const name of namesIn(out).filter((name) => name.endsWith("g"))) {
        assertEquals((await Deno.stat(`${out}/${name}`)).size, 100000);
      }
      const again = await run(folder, 100000);
      assertEquals(again.filter((line) => /^started/.test(line)).length, 6);
      assertEquals(namesIn(out).length, 19);
      const { files, ended, faults } = await readManifest(
        `${out}/manifest.jsonl`,
      );
      assertEquals([ended, faults], [true, []]);
      for (const { done, failed } of files.values()) assert(done && !failed);
    });
  },
);
