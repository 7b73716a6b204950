import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { isSameSecret, randomSecret } from "./secret.ts";

Deno.test("randomSecret() gives another secret each time", () => {
  assertNotEquals(randomSecret(), randomSecret());
});

Deno.test("isSameSecret() knows the secret alone, also of letters outside ASCII", () => {
  const secret = randomSecret();
  assert(isSameSecret(secret, secret));
  const strangers = ["", secret.slice(1), `${secret}0`, secret.toUpperCase()];
  assertEquals(
    strangers.filter((given) =>
      given !== secret && isSameSecret(given, secret)
    ),
    [],
  );
  assert(isSameSecret("größer", "größer"));
  assert(!isSameSecret("größer", "grosser"));
});
