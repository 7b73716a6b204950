import { assertEquals } from "@std/assert";
import {
  basename,
  DELIMITER,
  extname,
  fromFileUrl,
  relative,
  SEPARATOR,
  toFileUrl,
} from "./mod.ts";

Deno.test("basename() drops a suffix, but not the whole name", () => {
  assertEquals(basename("a/cell.png", ".png"), "cell");
  assertEquals(basename("a/b/"), "b");
  assertEquals(basename(".png", ".png"), ".png");
});

Deno.test("extname() gives the last extension, none for a dot file", () => {
  assertEquals(extname("a/cells.tar.gz"), ".gz");
  assertEquals(extname("a/.hidden"), "");
});

Deno.test("DELIMITER is what separates the folders of PATH", () => {
  assertEquals(DELIMITER, Deno.build.os === "windows" ? ";" : ":");
});

Deno.test("relative() climbs", () => {
  assertEquals(relative("a/b", "a/c"), ["..", "c"].join(SEPARATOR));
});

Deno.test("toFileUrl() and fromFileUrl() keep spaces, # and %", {
  ignore: Deno.build.os === "windows",
}, () => {
  const path = "/a b/100%/#1.png";
  assertEquals(toFileUrl(path).href, "file:///a%20b/100%25/%231.png");
  assertEquals(fromFileUrl(toFileUrl(path)), path);
});
