import { join } from "@std/path";

/**
 * What a finished run holds, by file: bytes in hexadecimal, and texts without
 * the seconds that things took. `config.json` is left out, for it says where
 * the run lies.
 */
export function contentOf(run: string): Record<string, string> {
  const content: Record<string, string> = {};
  for (const name of filesBelow(run)) {
    const bytes = Deno.readFileSync(join(run, name));
    const text = new TextDecoder().decode(bytes);
    if (name === "config.json") continue;
    if (name.endsWith("state.json")) {
      content[name] = text.replace(/"seconds": [^,\n]+/g, '"seconds"');
    } else if (name === "metrics.csv") {
      content[name] = text.replace(/,[^,\n]+$/gm, "");
    } else if (/\.(json|svg)$/.test(name)) content[name] = text;
    else content[name] = bytes.toHex();
  }
  return content;
}

function filesBelow(folder: string, below = ""): string[] {
  return [...Deno.readDirSync(join(folder, below))].flatMap((entry) => {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory ? filesBelow(folder, name) : [name];
  }).sort();
}
