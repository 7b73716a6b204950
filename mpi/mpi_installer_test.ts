import { assertEquals } from "@std/assert";
import { mpiInstaller } from "./mpi_installer.ts";

Deno.test("mpiInstaller takes another file for no complete installation", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/lib`);
  assertEquals(await mpiInstaller.isComplete(folder), false);
  const other = new Uint8Array(12_796_721);
  await Deno.writeFile(`${folder}/lib/libmpi_abi.so.1`, other);
  assertEquals(await mpiInstaller.isComplete(folder), false);
  await Deno.remove(folder, { recursive: true });
});
