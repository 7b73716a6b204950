import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

const isWindows = Deno.build.os === "windows";
const launcherName = isWindows ? "unet.cmd" : "unet";

let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  await Deno.mkdir(place.at("lab's folder"));
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** Runs install for a person whose home is the place. */
function install(...args: string[]) {
  return place.unet(["install", ...args], {
    permissions: "install",
    env: {
      HOME: place.at("home"),
      USERPROFILE: place.at("home"),
      SHELL: "/bin/zsh",
    },
  });
}

/** Runs the installed command, with no connection to any registry. */
async function launched(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(
    place.at("home", ".local", "bin", launcherName),
    {
      args,
      cwd: place.at("lab's folder"),
      env: {
        UNET_CACHE: place.at(".cache"),
        UNET_OFFLINE: "1",
        NO_COLOR: "1",
        INIT_CWD: place.path,
        HTTP_PROXY: "http://127.0.0.1:9",
        HTTPS_PROXY: "http://127.0.0.1:9",
      },
    },
  ).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

Deno.test("install adds a command that works from any folder, and --remove removes it", async () => {
  const installed = await install();
  assertDone(installed);
  const shown = join("home", ".local", "bin", launcherName);
  const [first, second] = installed.stdout.split("\n");
  assert(first!.startsWith(`Installed ${shown}, which runs `), first);
  assertMatch(second!, /^Not on your PATH yet: .*bin\. Run this line/);
  if (!isWindows) {
    assert(
      installed.stdout.includes(
        `\n  echo 'export PATH="$HOME/.local/bin:$PATH"' >> ~/.zshrc\n`,
      ),
    );
  }
  assertMatch((await install()).stdout, /^Already installed: /);

  const version = await launched("--version");
  assertEquals([version.code, version.stderr], [0, ""]);
  assertMatch(version.stdout, /^unet \d/);
  const help = await launched("help", "segment");
  assertMatch(help.stdout, /^Usage: unet segment INPUT/m);
  assertDone(await launched("synth", "drawn", "--count", "2", "--size", "32"));
  assert(Deno.statSync(place.at("lab's folder", "drawn")).isDirectory);
  const segment = await launched(
    ...["segment", "drawn/*/images/*.png", "--model", "nuclei"],
    ...["--device", "wasm", "--out", "my masks"],
  );
  assertDone(segment);
  assertMatch(segment.stdout, /→ my masks/);
  // Its own set: unet's may start no other process.
  const tune = await launched(
    ...["tune", "--data", "drawn", "--tile", "32", "--width", "0.02"],
    ...["--device", "wasm", "--epochs", "1", "--trials", "1"],
    ...["--workers", "1", "--loader-workers", "0"],
  );
  assertDone(tune);
  assertMatch(tune.stdout, /train it longer with: unet train /);

  await Deno.writeTextFile(place.at("home", ".local", "bin", "other"), "");
  const removed = await install("--remove");
  assertDone(removed);
  assertEquals(removed.stdout, `Removed ${shown}\n`);
  assertEquals(
    [...Deno.readDirSync(place.at("home", ".local", "bin"))].map((
      { name },
    ) => name),
    ["other"],
  );
  assertMatch((await install("--remove")).stdout, /^Nothing to remove: /);
});

Deno.test("install says which task may install, where it was called by another", async () => {
  assertEquals(
    faultOf(await place.unet(["install", "--to", "never"])),
    'Cannot run command "install": found no permission to read PATH; run ' +
      "deno task install or unet install",
  );
});

Deno.test("install overwrites no command of another program", async () => {
  await Deno.mkdir(place.at("own bin"));
  const path = place.at("own bin", launcherName);
  await Deno.writeTextFile(path, "mine");
  for (
    const [args, verb, remedy] of [
      [[], "install", "move it away, or choose another folder by --to"],
      [["--remove"], "remove", "it stays"],
    ] as const
  ) {
    assertEquals(
      faultOf(await install("--to", "own bin", ...args)),
      `Cannot ${verb} command "${path}": found a file of another program; ` +
        remedy,
    );
    assertEquals(await Deno.readTextFile(path), "mine");
  }
});
