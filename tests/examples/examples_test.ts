import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { decodeImage, encodePng, synthesize, writeKaggle } from "@unet/data";
import { readModel } from "@unet/model";
import { isRun, openRun } from "@unet/train";

const examples = fromFileUrl(new URL("../../examples", import.meta.url));
const config = join(examples, "deno.json");

/** Settings that train within seconds. */
const tiny = JSON.stringify({
  ...{ epochs: 1, tile: 32, width: 0.02, device: "wasm", workers: 0 },
});

let folder = "", image = "";

Deno.test.beforeAll(async () => {
  folder = await Deno.realPath(await Deno.makeTempDir());
  const drawn = [
    ...synthesize({ count: 4, width: 64, height: 64, seed: 1 }),
  ];
  await writeKaggle(drawn, join(folder, "drawn"));
  image = join(folder, "cells.png");
  await Deno.writeFile(image, await encodePng(drawn[0]!.image));
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

/** The command of an example, with its own permission set. */
function commandOf(
  permissions: string,
  [program = "", ...args]: readonly string[],
  before: readonly string[] = [Deno.execPath()],
): Deno.Command {
  const [first = "", ...rest] = [
    ...before,
    ...["run", "--quiet", `-P=${permissions}`, "--config", config],
    ...[join(examples, program), ...args],
  ];
  return new Deno.Command(first, {
    args: rest,
    cwd: folder,
    env: {
      UNET_CACHE: join(folder, ".cache"),
      ...{ UNET_OFFLINE: "1", NO_COLOR: "1" },
      // Open MPI refuses the user of a container otherwise.
      OMPI_ALLOW_RUN_AS_ROOT: "1",
      OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
      PRTE_ALLOW_RUN_AS_ROOT: "1",
      PRTE_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
    },
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs an example to its end; gives what it printed. */
async function run(permissions: string, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await commandOf(permissions, words).output();
  const decoder = new TextDecoder();
  assertEquals([code, decoder.decode(stderr)], [0, ""]);
  return decoder.decode(stdout);
}

Deno.test("segment.ts writes a mask, outlines and measurements of an image", async () => {
  const printed = await run("local", "segment.ts", image, "masks");
  assertMatch(printed, /: [1-9]\d* nuclei/);
  for (const ending of [".png", ".geojson", ".csv"]) {
    assert((await Deno.stat(join(folder, `masks/cells${ending}`))).size > 0);
  }
});

Deno.test("train.ts trains on a folder, and continues where it ended", async () => {
  const words = ["train.ts", "drawn", "run", tiny];
  assertMatch(await run("local", ...words), /epoch 1: F1 [\d.]+ on/);
  assert(await isRun(join(folder, "run")));
  assertMatch(await run("local", ...words), /best model, of epoch 1/);
});

Deno.test("custom_loss.ts trains with its own loss", async () => {
  const [line = ""] = (await run("local", "custom_loss.ts", "1")).split("\n");
  const [, loss] = /^epoch 1: loss ([\d.]+)/.exec(line) ?? [];
  // A share, unlike a cross entropy.
  assert(Number(loss) > 0 && Number(loss) < 1, line);
});

Deno.test("custom_head.ts trains a second head on its own ground truth", async () => {
  assertMatch(
    await run("local", "custom_head.ts", "1"),
    /^epoch 1: F1 [\d.e-]+, of cores [\d.e-]+\n$/,
  );
});

Deno.test("custom_encoder.ts saves a model that names its network", async () => {
  const path = join(folder, "small.safetensors");
  assertMatch(
    await run("local", "custom_encoder.ts", path),
    /^\d+ parameters\npredicted 4096 pixels, untrained\n$/,
  );
  const error = await readModel(path).catch((error) => error);
  assertMatch(error.message, /found network "small", which this/);
});

Deno.test("custom_output.ts writes centers, which a rerun skips", async () => {
  const words = ["custom_output.ts", image, "centers"];
  await run("local", ...words);
  const path = join(folder, "centers/cells_centers.json");
  const { width, centers } = JSON.parse(await Deno.readTextFile(path));
  assertEquals(width, 64);
  assert(centers.length > 0);
  for (const { x, y } of centers) assert(x > 0 && x < 64 && y > 0 && y < 64);
  assertEquals(await run("local", ...words), "segmented earlier\n");
});

Deno.test("serve.ts answers an image with object numbers, and a fault with words", async () => {
  const port = freePort();
  await using _server = await started("serve", ["serve.ts", String(port)]);
  const address = `http://127.0.0.1:${port}`;
  const answer = await fetch(address, {
    ...{ method: "POST", body: await Deno.readFile(image) },
  });
  const bytes = await answer.bytes();
  assertEquals(answer.status, 200, new TextDecoder().decode(bytes));
  const { width, data } = await decodeImage(bytes, "labels.tif");
  assertEquals(width, 64);
  const labels = new Set(data);
  assertEquals(String(labels.size - 1), answer.headers.get("x-objects"));
  const refused = await fetch(address, { method: "POST", body: "no image" });
  assertEquals(refused.status, 400);
  assertMatch(await refused.text(), /^Cannot .*: found /);
  assertEquals((await fetch(address)).status, 405);
});

Deno.test("study.ts leaves a study of runs", async () => {
  const words = ["study.ts", "drawn", "study", "1", tiny];
  assertMatch(await run("local", ...words), /^F1 [\d.e-]+ with \{ lr: /m);
  const { config } = await openRun(join(folder, "study/trial-0000"));
  assert(["bce", "bce+dice"].includes(
    (config.settings as { readonly loss: string }).loss,
  ));
  assert((await Deno.stat(join(folder, "study/study.journal"))).isFile);
});

const mpiexec = ["/usr/bin/mpiexec", "/usr/local/bin/mpiexec"]
  .find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
if (mpiexec === undefined) {
  // deno-lint-ignore no-console
  console.log("skipped: examples/mpi.ts, for there is no mpiexec");
}

Deno.test({
  name: "mpi.ts trains one network on two ranks",
  ignore: mpiexec === undefined, // skipped: without MPI
  async fn() {
    const version = await new Deno.Command(mpiexec!, { args: ["--version"] })
      .output();
    const isOpenMpi = /OpenRTE|Open MPI/
      .test(new TextDecoder().decode(version.stdout));
    const flags = isOpenMpi ? ["--oversubscribe", "--bind-to", "none"] : [];
    const before = [mpiexec!, ...flags, "-n", "2", Deno.execPath()];
    const words = ["mpi.ts", "drawn", "ranks", tiny];
    const command = commandOf("mpi", words, before);
    const { code, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    assertEquals(code, 0, decoder.decode(stderr));
    assertMatch(decoder.decode(stdout), /^2 ranks by .*\nepoch 1: F1 \S+\n$/);
    assert(await isRun(join(folder, "ranks")));
  },
});

Deno.test("examples are short, import packages by name, and are in the README", async () => {
  const readme = await Deno.readTextFile(join(examples, "README.md"));
  const programs = [...Deno.readDirSync(examples)]
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".ts") && !name.endsWith("_target.ts"));
  const listed = [...programs, "browser/serve.ts"];
  assertEquals(listed.length, 10);
  for (const name of [...listed, "browser/page.ts", "core_target.ts"]) {
    const text = await Deno.readTextFile(join(examples, name));
    assert(text.split("\n").length <= 60, name);
    assertEquals([...text.matchAll(/from "\.[^"]*"/g)].map(String), [], name);
  }
  for (const name of listed) {
    const text = await Deno.readTextFile(join(examples, name));
    assert(readme.includes(`[${name}](${name})`), name);
    const [, set] = /deno run (?:-q )?-P=(\w+) examples/.exec(text) ?? [];
    assert(readme.includes(`-P=${set} examples/${name}`), name);
  }
});

/** A port that nothing listens to. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A server once it listens; ended by `await using`. */
async function started(
  permissions: string,
  words: readonly string[],
): Promise<AsyncDisposable> {
  const child = commandOf(permissions, words).spawn();
  const output = child.output();
  const port = Number(words.at(-1));
  let hasEnded = false;
  child.status.then(() => hasEnded = true);
  while (!hasEnded && !await answers(port)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (hasEnded) {
    throw new Error(new TextDecoder().decode((await output).stderr));
  }
  return {
    async [Symbol.asyncDispose]() {
      child.kill();
      await output;
    },
  };
}

async function answers(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}
