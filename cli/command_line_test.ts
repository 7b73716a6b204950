import { assertEquals } from "@std/assert";
import { commandLine } from "./command_line.ts";

const onUnix = { ignore: Deno.build.os === "windows" };

Deno.test(
  "commandLine() keeps the words that were given, quoted for a shell",
  onUnix,
  () => {
    const args = ["segment", "plates/**/*.tif", "--out", "my results", "-x"];
    assertEquals(
      commandLine("unet", args, "/data/lab"),
      "unet segment 'plates/**/*.tif' --out 'my results' -x",
    );
  },
);

Deno.test("commandLine() shows none of the machine's folders", onUnix, () => {
  assertEquals(
    commandLine("unet", [
      ...["segment", "/data/lab/plates", "/data/other/plate 7"],
      ...["--model=/data/lab/runs/a", "--out", "/data/lab", "../b"],
    ], "/data/lab"),
    "unet segment plates '…/plate 7' --model=runs/a --out . ../b",
  );
});
