import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import {
  assertDone,
  assertPlain,
  createPlace,
  type Ended,
  faultOf,
  type Place,
} from "./_unet.ts";

const ignore = Deno.build.target !== "x86_64-unknown-linux-gnu";
const install = ["devices", "--install", "onednn"];

/**
 * Runs with a Python that is a shell script: what it does once it is asked to
 * download, where `$dest` is pip's folder for that.
 */
function unetWith(
  place: Place,
  download: string,
  whileRunning?: (child: Deno.ChildProcess) => Promise<void>,
): Promise<Ended> {
  const bin = place.at("bin");
  Deno.mkdirSync(bin, { recursive: true });
  Deno.writeTextFileSync(
    join(bin, "python3"),
    `#!/bin/sh
[ "$3" = --version ] && exit 0
for dest; do :; done
while [ "$1" != --dest ]; do shift; done
dest=$2
${download}
`,
    { mode: 0o755 },
  );
  return place.unet(install, {
    env: { PATH: `${bin}:/usr/bin:/bin` },
    ...(whileRunning ? { whileRunning } : {}),
  });
}

/** What is in the cache's folder of devices, besides locks. */
function installed(place: Place): string[] {
  return [...Deno.readDirSync(place.at(".cache", "devices"))]
    .map(({ name }) => name).filter((name) => !name.endsWith(".lock"));
}

for (
  const [what, download, found] of [
    [
      "the package is of another checksum, says pip",
      'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE." >&2; exit 1',
      "found a package with another checksum, expected the one that this version was tested with; ask the operator of the package index that pip uses",
    ],
    [
      "there is no network",
      "echo \"WARNING: Retrying after connection broken by 'NewConnectionError(...)'\nERROR: No matching distribution found for onednn-cpu-gomp\" >&2; exit 1",
      "found no connection to the package index; try again online; for a proxy, use pip's settings",
    ],
    [
      "the disk is full",
      'echo "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device" >&2; exit 1',
      "found a full disk; free some space and try again",
    ],
    [
      "the index lacks it",
      'echo "ERROR: No matching distribution found for onednn-cpu-gomp" >&2; exit 1',
      "found pip that ends with 1 (No matching distribution found for onednn-cpu-gomp)",
    ],
    [
      "pip brings nothing",
      "exit 0",
      /found 0 files from pip, expected onednn-cpu-gomp==2023\.1\.0 of SHA-256 5635b0/,
    ],
    [
      "pip brings a file whose checksum begins like the right one",
      'printf "another 16010108" > "$dest/onednn.whl"',
      /found onednn\.whl of SHA-256 5635b028[0-9a-f]{56}, expected onednn-cpu-gomp==/,
    ],
    [
      "pip brings another file without a word",
      'echo another > "$dest/onednn.whl"',
      /found onednn\.whl of SHA-256 33a7b2[0-9a-f]{58}, expected onednn-cpu-gomp==/,
    ],
  ] as const
) {
  Deno.test(`devices --install says that ${what}, and leaves nothing`, {
    ignore,
  }, async () => {
    await using place = await createPlace();
    const ended = await unetWith(place, download);
    const fault = faultOf(ended);
    assert(fault.startsWith('Cannot install device "onednn": found '), fault);
    if (typeof found === "string") assert(fault.endsWith(found), fault);
    else assertMatch(fault, found);
    assertEquals(installed(place), []);
  });
}

Deno.test(
  "devices --install says that Python or pip is missing",
  { ignore },
  async () => {
    await using place = await createPlace();
    const bin = place.at("bin");
    await Deno.mkdir(bin);
    const fault = async (): Promise<string> =>
      faultOf(await place.unet(install, { env: { PATH: bin } }));
    const start = 'Cannot install device "onednn": found ';
    const remedy = "; install python3 with pip (apt-get install python3-pip)";
    assertEquals(
      await fault(),
      `${start}no Python (python3) on the PATH${remedy}`,
    );
    await Deno.writeTextFile(join(bin, "python3"), "#!/bin/sh\nexit 1\n", {
      mode: 0o755,
    });
    assertEquals(await fault(), `${start}python3 without pip${remedy}`);
  },
);

Deno.test(
  "devices --install says that the cache cannot be written",
  { ignore },
  async () => {
    await using place = await createPlace();
    await Deno.writeTextFile(place.at(".cache"), "a file");
    assertEquals(
      faultOf(await place.unet(install)),
      'Cannot install device "onednn": found a cache that cannot be written ' +
        "(a file as a folder); set UNET_CACHE to another folder",
    );
  },
);

/** Waits for a file that the script makes. */
async function waitFor(path: string): Promise<void> {
  for (;;) {
    try {
      await Deno.stat(path);
      return;
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}

Deno.test("devices --install that Ctrl-C ends stops pip and leaves nothing", {
  ignore,
}, async () => {
  await using place = await createPlace();
  const ended = await unetWith(
    place,
    `echo $$ > ${place.at("pid")}; echo half > "$dest/onednn.whl"\n` +
      `touch ${place.at("started")}; exec sleep 600`,
    async (child) => {
      await waitFor(place.at("started"));
      child.kill("SIGINT");
    },
  );
  assertPlain(ended);
  assertEquals([ended.code, ended.stderr], [130, ""]);
  assertEquals(
    ended.stdout,
    "Getting oneDNN 3.1 (39 MB) into the cache\n" +
      "Interrupted: taking back what was begun\n",
  );
  assertEquals(installed(place), []);
  const pid = Number(await Deno.readTextFile(place.at("pid")));
  const { success: isRunning } = await new Deno.Command("sh", {
    args: ["-c", `kill -0 ${pid}`],
    stderr: "null",
  }).output();
  assertEquals(isRunning, false);
});

Deno.test(
  "devices --install puts right what a kill left",
  { ignore },
  async () => {
    await using place = await createPlace();
    await unetWith(
      place,
      `echo half > "$dest/onednn.whl"; touch ${place.at("started")}; sleep 1`,
      async (child) => {
        await waitFor(place.at("started"));
        child.kill("SIGKILL");
      },
    );
    const left = installed(place);
    assertEquals(left.map((name) => name.replace(/^.*\./, "")).sort(), [
      ...["new", "part"],
    ]);
    faultOf(await unetWith(place, "exit 1"));
    assertEquals(installed(place), []);
  },
);

Deno.test("devices --uninstall has nothing to remove where nothing is installed", async () => {
  await using place = await createPlace();
  const ended = await place.unet(["devices", "--uninstall", "onednn"]);
  assertDone(ended);
  assertMatch(ended.stdout, /^Nothing to remove: device onednn was not /);
});

Deno.test("devices takes one of its flags at a time, and devices that it can install", async () => {
  await using place = await createPlace();
  assertEquals(
    faultOf(await place.unet([...install, "--uninstall", "onednn"])),
    'Cannot use flag "--uninstall": found --install beside it, expected one of the two',
  );
  assertEquals(
    faultOf(await place.unet(["devices", "--install", "abacus"])),
    'Cannot install device "abacus": found no device that can be installed, expected onednn, tensorflow',
  );
  assertEquals(
    faultOf(await place.unet(["devices", "--uninstall="])),
    'Cannot use flag "--uninstall": found no value, expected NAME',
  );
});

Deno.test("devices --install gets oneDNN once, of two processes at a time", {
  ignore,
}, async () => {
  await using place = await createPlace();
  const both = await Promise.all([place.unet(install), place.unet(install)]);
  const faults = both.filter(({ code }) => code !== 0);
  if (
    faults.some(({ stderr }) =>
      /no connection to the package index|no Python|without pip|libgomp/.test(
        stderr,
      )
    )
  ) {
    // deno-lint-ignore no-console
    console.log(`skipped: ${faults[0]!.stderr.trim()}`);
    return;
  }
  both.forEach(assertDone);
  const folder = place.at(".cache", "devices", "onednn-2023.1.0");
  const [second, first] = both.map(({ stdout }) => stdout).sort((a, b) =>
    a.split("\n").length - b.split("\n").length
  );
  assertEquals(second, `oneDNN 3.1 is installed already in ${folder}\n`);
  const lines = first!.split("\n");
  assertEquals(lines[0], "Getting oneDNN 3.1 (39 MB) into the cache");
  assert(lines[1]!.startsWith(`Installed oneDNN 3.1 in ${folder}, `), first);
  assertEquals(installed(place), ["onednn-2023.1.0"]);
  assertEquals(
    [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
    [
      ...["LICENSE", "THIRD-PARTY-PROGRAMS"],
      ...["libdnnl.so.3", "libdnnl.so.3.checked"],
    ],
  );
  const library = join(folder, "libdnnl.so.3");
  const { size } = await Deno.stat(library);
  assertEquals(size, 52_820_536);
  const onednn = Deno.dlopen(library, {
    dnnl_version: { parameters: [], result: "pointer" },
  });
  const version = new Deno.UnsafePointerView(onednn.symbols.dnnl_version()!);
  assertEquals([version.getInt32(0), version.getInt32(4)], [3, 1]);
  onednn.close();
  // A file that lost its end, or was changed, is made again.
  for (
    const damage of [
      () => Deno.truncate(library, 1000),
      async () => {
        using file = await Deno.open(library, { write: true });
        await file.write(Uint8Array.of(1));
      },
    ]
  ) {
    await damage();
    const again = await place.unet(install);
    assertDone(again);
    assertMatch(again.stdout, /\nInstalled oneDNN 3\.1 in /);
  }
  const removed = await place.unet(["devices", "--uninstall", "onednn"]);
  assertDone(removed);
  assertEquals(removed.stdout, `Removed ${folder}\n`);
  assertEquals(installed(place), []);
});
