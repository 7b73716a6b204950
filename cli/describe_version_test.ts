import { assertEquals, assertMatch } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import config from "./deno.json" with { type: "json" };
import { describeVersion } from "./describe_version.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";

/** A folder with such files. */
async function folderOf(files: Record<string, string>): Promise<URL> {
  const path = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(join(path, name, ".."), { recursive: true });
    await Deno.writeTextFile(join(path, name), text);
  }
  return toFileUrl(`${path}/`);
}

for (
  const [what, files, expected] of [
    ["a branch", {
      ".git/HEAD": "ref: refs/heads/main\n",
      ".git/refs/heads/main": `${commit}\n`,
    }, commit.slice(0, 12)],
    ["a commit", { ".git/HEAD": `${commit}\n` }, commit.slice(0, 12)],
    ["a worktree", {
      ".git": "gitdir: main/worktrees/b\n",
      "main/worktrees/b/HEAD": "ref: refs/heads/a/b\n",
      "main/worktrees/b/commondir": "../..\n",
      "main/refs/heads/a/b": `${commit}\n`,
    }, commit.slice(0, 12)],
    ["a branch without commits", {
      ".git/HEAD": "ref: refs/heads/main\n",
    }, "unknown"],
    ["no checkout", {}, "unknown"],
    ["other files of that name", {
      ".git/HEAD": "ref: refs/../../secret\n",
    }, "unknown"],
  ] as const
) {
  Deno.test(`describeVersion() names the commit of ${what}`, async () => {
    assertEquals(
      await describeVersion(await folderOf(files)),
      `unet ${config.version} (commit ${expected}), Deno ` +
        `${Deno.version.deno}, ${Deno.build.target}`,
    );
  });
}

Deno.test("describeVersion() knows no commit of a program from the net", async () => {
  assertMatch(
    await describeVersion(new URL("https://example.org/unet/")),
    / \(commit unknown\), Deno /,
  );
});
