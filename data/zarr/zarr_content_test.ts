import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { unpackZarr } from "./fixtures/unpacked.ts";
import { hashZarr, stampOfZarr } from "./zarr_content.ts";

Deno.test("hashZarr() is the same for a hierarchy and its copy, and for a field alone", async () => {
  await using folder = await temporaryFolder();
  await using other = await temporaryFolder();
  const [one, two] = await Promise.all(
    [folder, other].map(({ path }) => unpackZarr("plate05", path)),
  );
  assertEquals(await hashZarr(one!), await hashZarr(two!));
  const field = await hashZarr(`${one}/A/1/0`);
  assertEquals(field, await hashZarr(`${two}/A/1/0`));
  assert(field !== await hashZarr(`${one}/A/1/1`));
  // Another field is no part of this one.
  await Deno.remove(join(two!, "A/1/1"), { recursive: true });
  assertEquals(field, await hashZarr(`${two}/A/1/0`));
  assert(await hashZarr(one!) !== await hashZarr(two!));
});

Deno.test("stampOfZarr() changes with any file, and is missing for other paths", async () => {
  await using folder = await temporaryFolder();
  const root = await unpackZarr("zlib", folder.path);
  const before = await stampOfZarr(root);
  await Deno.remove(join(root, "s0/0.0"));
  assert((await stampOfZarr(root))!.size < before!.size);
  assertEquals(await stampOfZarr(folder.path), undefined);
  assertEquals(await hashZarr(folder.path), undefined);
});

Deno.test("hashZarr() ends when it is aborted", async () => {
  await using folder = await temporaryFolder();
  const root = await unpackZarr("zlib", folder.path);
  const reason = new Error("enough");
  const thrown = await assertRejects(() =>
    hashZarr(root, AbortSignal.abort(reason))
  );
  assertEquals(thrown, reason);
});
