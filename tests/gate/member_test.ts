import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import {
  entryPoints,
  exists,
  members,
  packages,
  read,
  rootMember,
} from "./workspace.ts";

const { version } = rootMember.config;

for (const member of packages) {
  const { folder, config } = member;
  const where = folder === "." ? "the root" : `${folder}/`;

  Deno.test(`${where} has the license of the house`, () => {
    assertEquals(config.license, "MIT");
    assertEquals(read(join(folder, "LICENSE")), read("LICENSE"));
  });

  Deno.test(`${where} has a README with an example that imports it by name`, () => {
    const readme = read(join(folder, "README.md"));
    assertMatch(readme, /^# \S/);
    const examples = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)];
    assert(
      examples.some(([, code = ""]) => code.includes(`"${config.name}`)),
      `Expected a block of ts that imports ${config.name}`,
    );
  });

  Deno.test(`${where} has entry points, of which the main one is mod.ts`, () => {
    const entries = entryPoints(member);
    assertEquals(entries.find(([name]) => name === ".")?.[1], "./mod.ts");
    assertEquals(entries.filter(([, file]) => !exists(join(folder, file))), []);
    for (const [name] of entries) assertMatch(name, /^\.(\/[a-z0-9-]+)*$/);
  });

  Deno.test(`${where} has a doc on every entry point, with an example on the main one`, () => {
    for (const [name, file] of entryPoints(member)) {
      const text = read(join(folder, file));
      const doc = /^\/\*\*[\s\S]*?\*\//.exec(text)?.[0] ?? "";
      assertMatch(doc, /^ \* @module$/m);
      if (name === ".") assertMatch(doc, /@example[\s\S]*```ts\n/);
    }
  });

  Deno.test(`${where} has a mod.ts of a doc and exports alone`, () => {
    const code = read(join(folder, "mod.ts")).replace(/\/\*[\s\S]*?\*\//g, "");
    const rest = code.replace(
      /export (type )?(\*|\{[^}]*\})( as \w+)? from "[^"]+";/g,
      "",
    );
    assertEquals(rest.trim(), "");
  });

  Deno.test(`${where} has the version of the house`, () => {
    assertEquals(config.version, version);
  });
}

Deno.test("members ask for one another in the house's version", () => {
  const asked = [...members, rootMember].flatMap(({ folder, config }) =>
    Object.entries(config.imports ?? {})
      .filter(([name]) => name.startsWith("@unet/"))
      .map(([name, value]) => ({ folder, name, value }))
  );
  assertEquals(
    asked.filter(({ name, value }) => value !== `jsr:${name}@^${version}`),
    [],
  );
});

Deno.test("members ask for a package of others in one version", () => {
  const versions = new Map<string, Set<string>>();
  for (const { config } of [...members, rootMember]) {
    for (const [name, value] of Object.entries(config.imports ?? {})) {
      versions.set(name, (versions.get(name) ?? new Set()).add(value));
    }
  }
  assertEquals([...versions].filter(([, { size }]) => size > 1), []);
});

Deno.test("packages from npm are asked for in an exact version", () => {
  const loose = [...members, rootMember].flatMap(({ folder, config }) =>
    Object.values(config.imports ?? {})
      .filter((value) =>
        value.startsWith("npm:") && !/@\d+\.\d+\.\d+\/?$/.test(value)
      )
      .map((value) => `${folder}: ${value}`)
  );
  assertEquals(loose, []);
});

Deno.test("ARCHITECTURE.md lists every folder of the workspace and its package", () => {
  const rows = [
    ...read("ARCHITECTURE.md").matchAll(
      /^\| `(\w+)\/` *\| (?:`(@[^`]+)`)? *\|/gm,
    ),
  ].map(([, folder, name]) => ({ folder, name }));
  const folders = members.map(({ folder, config: { name } }) => ({
    folder,
    name,
  }));
  assertEquals(rows, folders);
});
