/** oneDNN on processors with fewer instructions than this one. */
import { assert, assertEquals } from "@std/assert";
import { tryDevice } from "../try_device.ts";

const device = await tryDevice("onednn");
const skipped = typeof device === "string" ? device : "";
if (typeof device !== "string") await device.close();

async function losses(instructions: string): Promise<number[]> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=test", "tests/conformance/print_steps.ts"],
    env: { ONEDNN_MAX_CPU_ISA: instructions, NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split(" ").map(Number);
}

Deno.test({
  name: "onednn trains a narrow network with AVX2 alone as with all it has" +
    (skipped && `, but is skipped: ${skipped}`),
  ignore: skipped !== "",
  async fn() {
    const few = await losses("AVX2"), all = await losses("DEFAULT");
    assertEquals(few.length, 2);
    few.forEach((loss, i) =>
      assert(Math.abs(loss - all[i]!) < 1e-3, `${few}, ${all}`)
    );
  },
});
