import { fromFileUrl, join, relative, toFileUrl } from "@std/path";
import { root, runDeno, sources } from "./workspace.ts";

/** One import of a file. */
export interface Dependency {
  /** The file, relative to the root. */
  file: string;
  /** What it imports, as written. */
  specifier: string;
  /** Where that leads: a file relative to the root, or a URL. */
  target: string;
  /** Whether the code runs it, rather than its types alone being read. */
  isCode: boolean;
  /** Whether it is a call of `import()`. */
  isDynamic: boolean;
}

interface Info {
  modules: {
    specifier: string;
    error?: string;
    dependencies?: {
      specifier: string;
      isDynamic?: boolean;
      code?: { specifier?: string; error?: string };
      type?: { specifier?: string; error?: string };
    }[];
  }[];
}

/** What every TypeScript file imports. */
export interface ModuleGraph {
  /** The imports that lead somewhere. */
  dependencies: Dependency[];
  /** Files that cannot be parsed, and imports that lead nowhere. */
  faults: string[];
}

/** Reads the imports of every TypeScript file with Deno's own parser. */
export async function readModuleGraph(): Promise<ModuleGraph> {
  const imports = sources.map((path) =>
    `import ${JSON.stringify(toFileUrl(join(root, path)).href)};`
  ).join("");
  const { modules } = await infoOf(imports);
  const faults = modules.flatMap(({ error }) => error ? [error] : []);
  const dependencies: Dependency[] = [];
  for (const { specifier: file, dependencies: found = [] } of modules) {
    if (!isOurs(file)) continue;
    for (const { specifier, isDynamic = false, code, type } of found) {
      const url = code?.specifier ?? type?.specifier;
      if (url === undefined) {
        faults.push(`${pathOf(file)} imports ${specifier}`);
        continue;
      }
      dependencies.push({
        file: pathOf(file),
        specifier,
        target: isOurs(url) ? pathOf(url) : url,
        isCode: code !== undefined,
        isDynamic,
      });
    }
  }
  return { dependencies, faults };
}

/** What Deno says of a module, which is too long for an argument. */
async function infoOf(code: string): Promise<Info> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(path, code);
    const config = join(root, "deno.json");
    const { stdout } = await runDeno(["info", "--json", "-c", config, path]);
    return JSON.parse(stdout);
  } finally {
    await Deno.remove(path);
  }
}

function isOurs(url: string): boolean {
  return url.startsWith(`${toFileUrl(root).href}/`);
}

function pathOf(url: string): string {
  return relative(root, fromFileUrl(url)).replaceAll("\\", "/");
}
