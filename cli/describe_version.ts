import { fromFileUrl, join, resolve } from "@std/path";
import { pathInfo, readTextFile } from "@unet/files";
import config from "./deno.json" with { type: "json" };

/**
 * Says on one line which program this is: its version, the commit where it runs
 * in a checkout, and Deno's version.
 *
 * @param project The folder of the checkout.
 */
export async function describeVersion(project: URL): Promise<string> {
  const commit = project.protocol === "file:"
    ? await commitOf(fromFileUrl(project))
    : undefined;
  return `unet ${config.version} (commit ${
    commit?.slice(0, 12) ?? "unknown"
  })` +
    `, Deno ${Deno.version.deno}, ${Deno.build.target}`;
}

/** The commit that a folder has checked out, as git's files have it. */
async function commitOf(folder: string): Promise<string | undefined> {
  const link = join(folder, ".git");
  const pointed = await firstLine(link);
  const git = pointed?.startsWith("gitdir: ")
    ? resolve(folder, pointed.slice("gitdir: ".length))
    : link;
  const head = await firstLine(join(git, "HEAD"));
  const [, branch] = /^ref: (refs\/[\w./-]+)$/.exec(head ?? "") ?? [];
  // A worktree has a HEAD of its own; its branches are in the common folder.
  const common = await firstLine(join(git, "commondir"));
  const commit = branch === undefined
    ? head
    : await firstLine(join(git, common ?? ".", branch));
  return commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit)
    ? commit
    : undefined;
}

/** The first line of a small file, where it is there. */
async function firstLine(path: string): Promise<string | undefined> {
  if (!(await pathInfo(path, "read", "file"))?.isFile) return undefined;
  return (await readTextFile(path)).split("\n")[0];
}
