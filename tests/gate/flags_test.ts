import { assertEquals } from "@std/assert";
import { isTestFile, read, sources } from "./workspace.ts";

/** The folders whose messages a command line words. */
const rooms =
  /^(errors|files|native|random|task|data|augment|device|model|train|infer|tune|app)\//;

/** What other programs than ours are given, and what Deno is asked for. */
const foreign: Record<string, string> = {
  "device/onednn/_library.ts": "Deno's permission",
  "device/tensorflow/_installer.ts": "pip's own options",
  "device/tensorflow/_wheel.ts": "pip's own options",
  "device/wasm/wasm_driver.ts": "Deno's permission",
  "infer/outputs/_summary_style.ts": "custom properties of CSS",
  "native/fetch_wheel.ts": "pip's own options",
  "native/run_pip.ts": "pip's own options",
  "tune/report/_page_style.ts": "custom properties of CSS",
};

/** The texts between quotes of a file's code. */
function textsOf(path: string): string[] {
  const code = read(path).replaceAll(/^\s*(\*|\/\*\*|\/\/).*$/gm, "");
  return [...code.matchAll(/"[^"\n]*"|`[^`]*`/g)].map(([text]) => text);
}

Deno.test("the command line alone names flags: messages of packages name settings", () => {
  const found = sources.filter((path) =>
    rooms.test(path) && !isTestFile(path) && !path.includes("/fixtures/") &&
    textsOf(path).some((text) => /(^|[^-\w])--[a-z]/.test(text))
  );
  assertEquals(found.filter((path) => !(path in foreign)), []);
  assertEquals(
    Object.keys(foreign).filter((path) => !found.includes(path)),
    [],
  );
});
