import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { batchLauncher, launcherMark, shellLauncher } from "./launcher.ts";

const isWindows = Deno.build.os === "windows";
const onUnix = {
  ignore: isWindows,
  skipped: isWindows ? " (skipped: no POSIX shell)" : "",
};

/** A stand-in for a program that prints its name, arguments and environment. */
const stub = '#!/bin/sh\necho "$0"\nprintf "<%s>\\n" "$@"\n' +
  'echo "INIT_CWD=${INIT_CWD-unset} UNET_PROGRAM=$UNET_PROGRAM PATH=$PATH"\n';

async function writeStub(path: string): Promise<void> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeTextFile(path, stub);
  await Deno.chmod(path, 0o755);
}

/** A checkout, and Deno, in folders of unusual names. */
async function createPlace() {
  const path = await Deno.realPath(await Deno.makeTempDir());
  const project = join(path, 'it\'s a "lab" $HOME `x`');
  await Deno.mkdir(join(project, "cli"), { recursive: true });
  await Deno.writeTextFile(join(project, "cli", "start.ts"), "");
  const deno = join(path, "de no", "deno");
  await writeStub(deno);
  return { path, project, deno };
}

interface Ended {
  readonly code: number;
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** Runs a launcher in an environment of its own. */
async function launch(
  text: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const file = join(await Deno.makeTempDir(), "unet");
  await Deno.writeTextFile(file, text);
  await Deno.chmod(file, 0o755);
  const { code, stdout, stderr } = await new Deno.Command(file, {
    args: [...args],
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", ...env },
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    lines: decoder.decode(stdout).trimEnd().split("\n"),
    stderr: decoder.decode(stderr),
  };
}

function argumentsFor(project: string, set: string): string[] {
  return [
    ...["<run>", "<-q>", "<--config>", `<${project}/deno.json>`],
    ...[`<-P=${set}>`, `<${project}/cli/start.ts>`],
  ];
}

Deno.test({
  name:
    `a launcher runs the checkout with the Deno that installed it, any arguments unchanged${onUnix.skipped}`,
  ignore: onUnix.ignore,
  async fn() {
    const { project, deno } = await createPlace();
    const text = shellLauncher({ project, deno, denoVersion: "9.9.9" });
    const args = ["segment", "a b", "*.tif", "it's", '"$x"', "", "--out=ä"];
    const { code, lines } = await launch(text, args, { INIT_CWD: "/other" });
    assertEquals(code, 0);
    assertEquals(lines, [
      deno,
      ...argumentsFor(project, "unet"),
      ...args.map((arg) => `<${arg}>`),
      "INIT_CWD=unset UNET_PROGRAM=unet PATH=/usr/bin:/bin",
    ]);
    const bare = await launch(text, []);
    assertEquals(bare.lines.slice(1, -1), [
      ...argumentsFor(project, "unet"),
      // What printf makes of no arguments.
    ]);
  },
});

Deno.test({
  name:
    `a launcher gives tune, install, studio and serve their own permission sets${onUnix.skipped}`,
  ignore: onUnix.ignore,
  async fn() {
    const { project, deno } = await createPlace();
    const text = shellLauncher({ project, deno, denoVersion: "9.9.9" });
    for (
      const [args, set] of [
        [["tune", "--help"], "tune"],
        [["install"], "install"],
        [["studio", "images"], "studio"],
        [["serve", "--model", "nuclei"], "serve"],
        [["segment", "tune"], "unet"],
        [["--version"], "unet"],
      ] as const
    ) {
      const { lines } = await launch(text, args);
      assertEquals(lines.slice(1, 7), argumentsFor(project, set));
    }
    // So that tune can start Deno for its workers.
    const { lines } = await launch(text, ["tune"]);
    assertMatch(lines.at(-1)!, / PATH=\/usr\/bin:\/bin:.*\/de no$/);
  },
});

Deno.test({
  name:
    `a launcher whose Deno is gone takes the one on the PATH, or else npx${onUnix.skipped}`,
  ignore: onUnix.ignore,
  async fn() {
    const { path, project } = await createPlace();
    const deno = join(path, "gone", "deno");
    const text = shellLauncher({ project, deno, denoVersion: "9.9.9" });
    const onPath = join(path, "on path");
    await writeStub(join(onPath, "npx"));
    const PATH = `${onPath}:/usr/bin:/bin`;
    const npx = await launch(text, ["check", "a"], { PATH });
    assertEquals(npx.lines.slice(0, -1), [
      ...[join(onPath, "npx"), "<--yes>", "<deno@9.9.9>"],
      ...argumentsFor(project, "unet"),
      ...["<check>", "<a>"],
    ]);
    await writeStub(join(onPath, "deno"));
    const other = await launch(text, ["check", "a"], { PATH });
    assertEquals(other.lines[0], join(onPath, "deno"));
  },
});

Deno.test({
  name:
    `a launcher says what is missing: its checkout, or any Deno${onUnix.skipped}`,
  ignore: onUnix.ignore,
  async fn() {
    const { path, project, deno } = await createPlace();
    const moved = shellLauncher({
      project: join(path, "moved"),
      deno,
      denoVersion: "9.9.9",
    });
    const ended = await launch(moved, ["check"]);
    assertEquals(ended.code, 2);
    assertEquals(
      ended.stderr,
      `Cannot start unet: found no program in "${join(path, "moved")}"; run ` +
        "deno task install where it is now\n",
    );
    const alone = shellLauncher({
      project,
      deno: join(path, "gone"),
      denoVersion: "9.9.9",
    });
    // Of the shell's own commands there are enough.
    const none = await launch(alone, ["check"], { PATH: path });
    assertEquals(none.code, 2);
    assertEquals(
      none.stderr,
      "Cannot start unet: found neither deno nor npx, expected one of them " +
        "on the PATH\n",
    );
  },
});

Deno.test("a launcher for Windows names paths within quotes, percent signs doubled", () => {
  const text = batchLauncher({
    project: "E:\\people\\Zoë\\100% (lab)\\unet",
    deno: "D:\\deno & co\\deno.exe",
    denoVersion: "9.9.9",
    home: "E:\\people\\Zoë",
  });
  const lines = text.split("\r\n");
  assert(!/[^\r]\n/.test(text));
  assertEquals(lines[0], "@echo off");
  assertEquals(lines[1], `rem ${launcherMark}`);
  assert(
    lines.includes('set "project=%USERPROFILE%\\100%% (lab)\\unet"'),
  );
  assert(lines.includes('set "deno=D:\\deno & co\\deno.exe"'));
  assert(lines.includes('if "%~1"=="tune" set "permissions=tune"'));
  assert(lines.includes('set "INIT_CWD="'));
  assert(
    lines.includes(
      '"%deno%" run -q --config "%project%\\deno.json" -P=%permissions% ' +
        '"%project%\\cli\\start.ts" %*',
    ),
  );
  // What sets %ERRORLEVEL% is the line before.
  assertEquals(
    lines.filter((line) => line === "exit /b %ERRORLEVEL%").length,
    2,
  );
});
