import { assertEquals } from "@std/assert";
import { chooseBinFolder, pathAdvice } from "./bin_folder.ts";

const isWindows = Deno.build.os === "windows";
const skipped = isWindows ? " (skipped: POSIX paths)" : "";
const home = "/users/ada";

for (
  const [what, path, expected] of [
    ["the usual one", "/usr/bin:/bin", "/users/ada/.local/bin"],
    [
      "the usual one on the PATH",
      "/users/ada/bin:/users/ada/.local/bin/",
      "/users/ada/.local/bin",
    ],
    ["the older one, alone on the PATH", "/users/ada/bin", "/users/ada/bin"],
    ["the usual one without a PATH", "", "/users/ada/.local/bin"],
  ] as const
) {
  Deno.test({
    name: `chooseBinFolder() takes ${what}${skipped}`,
    ignore: isWindows,
    fn: () => assertEquals(chooseBinFolder({ home, path }), expected),
  });
}

for (
  const [shell, system, expected] of [
    [
      "/bin/bash",
      "linux",
      `echo 'export PATH="$HOME/.local/bin:$PATH"' >> ~/.bashrc`,
    ],
    [
      "/bin/bash",
      "darwin",
      `echo 'export PATH="$HOME/.local/bin:$PATH"' >> ~/.bash_profile`,
    ],
    [
      "/bin/zsh",
      "darwin",
      `echo 'export PATH="$HOME/.local/bin:$PATH"' >> ~/.zshrc`,
    ],
    ["/usr/bin/fish", "linux", 'fish_add_path "$HOME/.local/bin"'],
    [
      undefined,
      "linux",
      `echo 'export PATH="$HOME/.local/bin:$PATH"' >> ~/.profile`,
    ],
  ] as const
) {
  Deno.test(`pathAdvice() knows ${shell ?? "no shell"} on ${system}`, () => {
    const folder = `${home}/.local/bin`;
    const surroundings = { home, path: "", shell };
    assertEquals(pathAdvice(folder, surroundings, system), expected);
  });
}

Deno.test("pathAdvice() is a line that a shell takes as it is", {
  ignore: isWindows,
}, async () => {
  const folder = await Deno.makeTempDir();
  for (const name of ["a b", "it's", 'a"b', "a`b", "a\\b", "$HOME"]) {
    const bin = `${folder}/${name}`;
    const line = pathAdvice(bin, { home: folder, path: "" }, "linux");
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", `${line}; . ~/.profile; printf %s "$PATH"; rm ~/.profile`],
      clearEnv: true,
      env: { HOME: folder, PATH: "/usr/bin:/bin" },
    }).output();
    assertEquals(new TextDecoder().decode(stdout), `${bin}:/usr/bin:/bin`);
  }
});
