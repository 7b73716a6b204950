/**
 * Builds the page as a folder for any host of static files:
 *
 *     deno task web [FOLDER]
 *
 * @module
 */
import { resolve, toFileUrl } from "@std/path";
import { makeSite, writeSite } from "./build_site.ts";

const [programs = "", folder = ".cache/web", ...others] = Deno.args;
if (folder.startsWith("-") || others.length > 0) {
  const found = [folder, ...others].join(" ");
  await Deno.stderr.write(new TextEncoder().encode(
    `Cannot build page "${found}": found flags or several names, expected the name of a folder, ` +
      "as in deno task web site\n",
  ));
  Deno.exit(2);
}
const files = await makeSite({
  programs: new URL(`${toFileUrl(resolve(programs)).href}/`),
  model: new URL("../../models/nuclei/model.safetensors", import.meta.url),
});
const bytes = await writeSite(folder, files);
const line = `${folder}: ${files.length} files, ${(bytes / 1e6).toFixed(2)} MB`;
await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
