import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import { cacheFolder } from "./cache_folder.ts";

const names = [
  "UNET_CACHE",
  "XDG_CACHE_HOME",
  "LOCALAPPDATA",
  "HOME",
  "USERPROFILE",
];

/** Runs with these variables alone, and puts the others back. */
function withEnvironment(
  variables: Readonly<Record<string, string>>,
  work: () => void,
): void {
  const before = names.map((name) => [name, Deno.env.get(name)] as const);
  try {
    for (const name of names) Deno.env.delete(name);
    for (const [name, value] of Object.entries(variables)) {
      Deno.env.set(name, value);
    }
    work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

Deno.test("cacheFolder() prefers UNET_CACHE, then the user's cache folder", () => {
  const all = { UNET_CACHE: "own", XDG_CACHE_HOME: "/xdg", HOME: "/home/me" };
  const { UNET_CACHE: _own, ...shared } = all;
  withEnvironment(all, () => assertEquals(cacheFolder(), "own"));
  withEnvironment(
    shared,
    () => assertEquals(cacheFolder(), join("/xdg", "unet")),
  );
  withEnvironment(
    { HOME: "/home/me", XDG_CACHE_HOME: "relative" },
    () => assertEquals(cacheFolder(), join("/home/me", ".cache", "unet")),
  );
});

Deno.test("cacheFolder() says what to set where the environment is empty", () => {
  withEnvironment({}, () =>
    assertThrows(
      () => cacheFolder(),
      FileError,
      "set UNET_CACHE to a folder",
    ));
});

Deno.test("cacheFolder() names folders in it", () => {
  withEnvironment({ UNET_CACHE: "own" }, () => {
    assertEquals(
      cacheFolder("devices", "one"),
      join("own", "devices", "one"),
    );
  });
});
