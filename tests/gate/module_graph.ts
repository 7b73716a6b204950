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

/**
 * Reads the imports of every TypeScript file with Deno's own parser.
 *
 * @throws {Error} If a file cannot be parsed or an import leads nowhere.
 */
export async function readModuleGraph(): Promise<Dependency[]> {
  const imports = sources.map((path) =>
    `import ${JSON.stringify(toFileUrl(join(root, path)).href)};`
  ).join("");
  const { output } = await runDeno([
    "info",
    "--json",
    `data:application/typescript,${encodeURIComponent(imports)}`,
  ]);
  const { modules }: Info = JSON.parse(output.slice(output.indexOf("{")));
  return modules.filter(({ specifier }) => isOurs(specifier)).flatMap(
    ({ specifier, error, dependencies = [] }) => {
      if (error) throw new Error(error);
      return dependencies.map((each) => {
        const fault = each.code?.error ?? each.type?.error;
        if (fault) throw new Error(`${specifier}: ${fault}`);
        const url = each.code?.specifier ?? each.type?.specifier ?? "";
        return {
          file: pathOf(specifier),
          specifier: each.specifier,
          target: isOurs(url) ? pathOf(url) : url,
          isCode: each.code !== undefined,
          isDynamic: each.isDynamic ?? false,
        };
      });
    },
  );
}

function isOurs(url: string): boolean {
  return url.startsWith(`${toFileUrl(root).href}/`);
}

function pathOf(url: string): string {
  return relative(root, fromFileUrl(url)).replaceAll("\\", "/");
}
