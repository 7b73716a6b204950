import { assert, assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { UsageError } from "@unet/errors";
import { memoryLimit, namedLimit } from "./memory_limit.ts";

function withVariable(text: string | undefined, work: () => void): void {
  const before = Deno.env.get("UNET_MEMORY");
  const set = (value: string | undefined): void =>
    value === undefined
      ? Deno.env.delete("UNET_MEMORY")
      : Deno.env.set("UNET_MEMORY", value);
  set(text);
  try {
    work();
  } finally {
    set(before);
  }
}

Deno.test("memoryLimit() is what UNET_MEMORY says, in GiB", () => {
  withVariable("0.5", () => assertEquals(memoryLimit(), 2 ** 29));
  withVariable("64", () => assertEquals(namedLimit(), 2 ** 36));
});

Deno.test("memoryLimit() is at most the machine's memory where nobody says so", () => {
  for (const text of [undefined, ""]) {
    withVariable(text, () => {
      const { total } = Deno.systemMemoryInfo();
      assert(memoryLimit() > 2 ** 20 && memoryLimit() <= total);
      assertEquals(namedLimit(), undefined);
    });
  }
});

Deno.test("memoryLimit() refuses a UNET_MEMORY that is no number above 0", () => {
  for (const text of ["much", "-1", "0", "Infinity", "1 GB"]) {
    withVariable(text, () => {
      assertThrows(
        memoryLimit,
        UsageError,
        `Cannot read variable "UNET_MEMORY": found ${text}, expected a number of GiB above 0`,
      );
    });
  }
});

Deno.test("memoryLimit() is 4 GiB where a program may not ask, and asks nobody", async () => {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  const module = new URL("./memory_limit.ts", import.meta.url).href;
  await Deno.writeTextFile(
    script,
    `import { memoryLimit } from ${JSON.stringify(module)};
     console.log(memoryLimit());`,
  );
  const config = fromFileUrl(new URL("../deno.json", import.meta.url));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--config", config, script],
    env: { UNET_MEMORY: "1" },
    stdin: "null",
  }).output();
  await Deno.remove(script);
  const texts = [stdout, stderr].map((one) => new TextDecoder().decode(one));
  assertEquals(texts, [`${4 * 2 ** 30}\n`, ""]);
});
