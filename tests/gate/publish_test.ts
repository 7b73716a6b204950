import { assert, assertEquals } from "@std/assert";
import { relative } from "@std/path";
import { packages, root, runDeno } from "./workspace.ts";

/** What a package is made of, besides its code. */
const beside = ["LICENSE", "README.md", "deno.json"];

/** Data that the code of a package reads; a page has styles and a document. */
const isData = (path: string): boolean => /\.(json|wasm|css|html)$/.test(path);

for (const { folder, config } of packages) {
  Deno.test(`${config.name} can be published, without tests and slow types`, async () => {
    // Types were checked by `deno check`; slow types are found without.
    const { success, output } = await runDeno(
      ["publish", "--dry-run", "--allow-dirty", "--no-check"],
      { folder },
    );
    assert(success, output);
    const listed = [...output.matchAll(/^ +(file:\S+) \([\d.]+\w*B\)$/gm)]
      .map(([, url = ""]) =>
        relative(`${root}/${folder}`, decodeURI(url.slice("file://".length)))
      );
    assertEquals(beside.filter((name) => !listed.includes(name)), []);
    assert(listed.includes("mod.ts"));
    const isTest = (path: string): boolean =>
      /_test\.ts$|(^|\/)(fixtures|tests)\//.test(path);
    assertEquals(listed.filter(isTest), []);
    const changes = folder === "." ? ["CHANGELOG.md"] : [];
    assertEquals(
      listed.filter((path) =>
        !/\.tsx?$/.test(path) && !isData(path) &&
        !path.endsWith("/README.md") &&
        ![...beside, ...changes].includes(path)
      ),
      [],
    );
  });
}
