import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import { networks } from "./networks/networks.ts";
import { downloadImagenetWeights } from "./imagenet_weights.ts";

Deno.test("downloadImagenetWeights() refuses bytes that do not fit the file's name", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("no weights"),
  );
  const folder = await Deno.makeTempDir();
  const from = `http://127.0.0.1:${server.addr.port}/models/`;
  const place = join(folder, networks.vgg16_bn.imagenet!);
  const error = await assertRejects(
    () => downloadImagenetWeights("vgg16_bn", { folder, from }),
    FileError,
    `Cannot download weights "${from}vgg16_bn-6c64b313.pth": found a file of SHA-256 `,
  );
  assertEquals(
    error.message.endsWith(
      `expected 6c64b313…; download it elsewhere and put it at ${place}`,
    ),
    true,
  );
  await server.shutdown();
});

Deno.test("downloadImagenetWeights() says of a file that is there that it is another", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, networks.vgg16.imagenet!);
  // The second one's checksum begins like the right one's.
  for (
    const [text, found] of [["another", ""], ["another 819785", "397923f6"]]
  ) {
    await Deno.writeTextFile(path, text!);
    const error = await assertRejects(
      () => downloadImagenetWeights("vgg16", { folder }),
      FileError,
      "expected 397923af…; remove it to download it again",
    );
    assert(error.message.includes(`of SHA-256 ${found}`), error.message);
  }
});

Deno.test("downloadImagenetWeights() downloads nothing where that is forbidden", async () => {
  const folder = await Deno.makeTempDir();
  await assertRejects(
    () => downloadImagenetWeights("vgg16", { folder, offline: true }),
    FileError,
    `; download it elsewhere and put it at ${
      join(folder, networks.vgg16.imagenet!)
    }`,
  );
});
