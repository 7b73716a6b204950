import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const ignore = Deno.build.target !== "x86_64-unknown-linux-gnu";
const fixture = fromFileUrl(
  new URL("fixtures/provide_device.ts", import.meta.url),
);

/** A pip that is there, and gets nothing. */
const unreachable = `#!/bin/sh
[ "$3" = --version ] && exit 0
echo NewConnectionError >&2
exit 1
`;
const line =
  "Getting oneDNN 3.1 (39 MB) into the cache; --offline forbids it\n";
const fault =
  'Cannot install device "onednn": found no connection to the package ' +
  "index; try again online; for a proxy, use pip's settings";

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** What is said where Python is this script, or missing. */
async function provide(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  python: string | null = unreachable,
): Promise<Printed> {
  const folder = await Deno.makeTempDir();
  if (python !== null) {
    await Deno.writeTextFile(join(folder, "python3"), python, { mode: 0o755 });
  }
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-P=unet", fixture, ...args],
    env: {
      UNET_CACHE: join(folder, "cache"),
      UNET_OFFLINE: "",
      UNET_ONEDNN: "",
      PATH: folder,
      NO_COLOR: "1",
      ...env,
    },
  }).output();
  await Deno.remove(folder, { recursive: true });
  const decoder = new TextDecoder();
  return { stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

const nothing: Printed = { stdout: "", stderr: "" };

Deno.test(
  "provideDevice() reports what failed, and continues where any device will do",
  { ignore },
  async () => {
    assertEquals(await provide(["auto"]), {
      stdout: line,
      stderr: `${fault}; continuing without it\n`,
    });
  },
);

Deno.test("provideDevice() throws what failed where the device was asked for", {
  ignore,
}, async () => {
  assertEquals(await provide(["onednn"]), {
    stdout: `${line}${fault}\n`,
    stderr: "",
  });
});

Deno.test("provideDevice() fetches nothing where it is forbidden", async () => {
  assertEquals(await provide(["auto", "--offline"]), nothing);
  assertEquals(await provide(["onednn", "--offline"]), nothing);
  assertEquals(await provide(["auto"], { UNET_OFFLINE: "1" }), nothing);
});

Deno.test("provideDevice() fetches nothing for other devices", async () => {
  assertEquals(await provide(["wasm"]), nothing);
});

Deno.test("provideDevice() leaves it to the device to say that pip is missing", async () => {
  assertEquals(await provide(["auto"], {}, null), nothing);
  const without = "#!/bin/sh\nexit 1\n";
  assertEquals(await provide(["onednn"], {}, without), nothing);
});

Deno.test("provideDevice() fetches nothing where the library is found", {
  ignore,
}, async () => {
  const path = await Deno.makeTempFile();
  const head = new Uint8Array(64);
  head.set([0x7f, 0x45, 0x4c, 0x46, 2]);
  head[18] = 62;
  await Deno.writeFile(path, head);
  assertEquals(await provide(["auto"], { UNET_ONEDNN: path }), nothing);
  await Deno.remove(path);
});
