/**
 * Builds the page as a folder for any host of static files:
 *
 *     deno task web [FOLDER]
 *
 * @module
 */
import { resolve, toFileUrl } from "@std/path";
import { makeSite, writeSite } from "./build_site.ts";

const [programs = "", folder = ".cache/web"] = Deno.args;
const files = await makeSite({
  programs: new URL(`${toFileUrl(resolve(programs)).href}/`),
  model: new URL("../../models/nuclei/model.safetensors", import.meta.url),
});
const bytes = await writeSite(folder, files);
const line = `${folder}: ${files.length} files, ${(bytes / 1e6).toFixed(2)} MB`;
await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
