import { assertEquals, assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import { listen } from "./listen.ts";

const own = { hostname: "127.0.0.1", what: "page", remedy: "try another" };

Deno.test("listen() says so where the port is taken", async () => {
  const server = listen({ ...own, port: 0 }, () => new Response("first"));
  const { port } = server.addr;
  assertThrows(
    () => listen({ ...own, port }, () => new Response("second")),
    FileError,
    `Cannot serve page "127.0.0.1:${port}": found a port in use; choose ` +
      "another port, or leave it out",
  );
  const answer = await fetch(`http://127.0.0.1:${port}`);
  assertEquals(await answer.text(), "first");
  await server.shutdown();
});

Deno.test("listen() names an address that this machine does not have, and the remedy", () => {
  assertThrows(
    () =>
      listen(
        // Kept for documentation (RFC 5737): no machine has it.
        { ...own, hostname: "192.0.2.1", port: 0 },
        () => new Response(),
      ),
    FileError,
    'Cannot serve page "192.0.2.1:0": found ',
  );
});
