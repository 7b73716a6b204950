import { assertEquals } from "@std/assert";
import { shellWord, shownPath, shownWord } from "./shown_path.ts";

const isWindows = Deno.build.os === "windows";

Deno.test({
  name: "shownPath() is relative to the folder where that is shorter" +
    (isWindows ? " (skipped: POSIX paths)" : ""),
  ignore: isWindows,
  fn() {
    const show = (path: string): string => shownPath(path, "/data/lab");
    assertEquals(show("/data/lab/runs/a"), "runs/a");
    assertEquals(show("runs/a"), "runs/a");
    assertEquals(show("/data/other/a"), "../other/a");
    assertEquals(show("/a"), "/a");
    assertEquals(show("../../a"), "/a");
    assertEquals(show("/data/lab"), ".");
    assertEquals(shownPath("/a b", "/"), "a b");
  },
});

Deno.test({
  name: "shownWord() is one word to a shell" +
    (isWindows ? " (skipped: POSIX paths)" : ""),
  ignore: isWindows,
  async fn() {
    const names = [
      ...["a", "a b", "it's", 'a"b', "$HOME", "a`b`", "a;b", "~", "-a", "é"],
      ...["a*", "#a", "a&b", "(a)", "a\\b", "a\tb"],
    ];
    for (const name of names) {
      const { stdout } = await new Deno.Command("sh", {
        args: ["-c", `printf %s ${shownWord(name, "/data")}`],
      }).output();
      const word = name === "-a" ? "./-a" : name;
      assertEquals(new TextDecoder().decode(stdout), word);
    }
    assertEquals(shellWord("plates/a.tif"), "plates/a.tif");
  },
});
