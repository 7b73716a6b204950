import { dirname, join } from "@std/path";
import { Temporary } from "./_temporary.ts";
import { flushFolder } from "./flush_folder.ts";

/**
 * Gives a folder another name. One that lies in the image of a container
 * cannot be renamed: its copy gets the name, whole, before the folder goes.
 *
 * @throws The system's own error.
 */
export async function setAside(folder: string, name: string): Promise<void> {
  try {
    await Deno.rename(folder, name);
    return;
  } catch (cause) {
    if (!/\(os error 18\)/.test(String(cause))) throw cause;
  }
  using mark = await Temporary.open(dirname(folder));
  const copy = mark.path.replace(/part$/, "new");
  await copyFolder(folder, copy);
  await Deno.rename(copy, name);
  await flushFolder(dirname(folder));
  await Deno.remove(folder, { recursive: true });
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) {
      await copyFolder(join(from, name), join(to, name));
      continue;
    }
    await Deno.copyFile(join(from, name), join(to, name));
    using file = await Deno.open(join(to, name));
    await file.sync();
  }
  await flushFolder(to);
}
