import { assert, assertEquals } from "@std/assert";
import { openSegmenter } from "@unet/app";
import { type Image, synthesize } from "@unet/data";
import { openServer } from "@unet/serve";
import { fromFileUrl } from "@std/path";

/** A Python that has Triton's client and Prometheus' parser. */
const python = Deno.env.get("UNET_TRITON");
if (python === undefined) {
  // deno-lint-ignore no-console
  console.log(
    "skipped: Triton's client, for UNET_TRITON names no Python that has it",
  );
}

const judge = fromFileUrl(new URL("./judge_serving.py", import.meta.url));
const network = { device: "wasm" };

/** An image of one channel as a color image, whose channels differ. */
function colored({ width, height, data }: Image): Image {
  const colors = Uint8Array.from(
    { length: 3 * data.length },
    (_, at) => data[Math.floor(at / 3)]! >> at % 3,
  );
  return { width, height, channels: 3, depth: 8, data: colors };
}

Deno.test({
  name:
    "Triton's client gets the labels of the network, as JSON and as bytes, and Prometheus reads the metrics",
  ignore: python === undefined, // skipped: without a Python that has them
  async fn() {
    const [drawn] = synthesize({ count: 1, width: 60, height: 40, seed: 3 });
    const image = colored(drawn!.image);
    await using segmenter = await openSegmenter({
      ...network,
      model: "nuclei",
    });
    const planes = await segmenter.predict(image);
    const expected = segmenter.find(planes, { out: "" });
    assert(expected.data.some((label) => label > 1));
    await using server = await openServer({
      ...{ models: [{ name: "nuclei", path: "nuclei" }], network },
    });
    const child = new Deno.Command(python!, {
      args: [judge, new URL(server.url).host, "nuclei", "60", "40"],
      ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(Uint8Array.from(image.data));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const found = JSON.parse(new TextDecoder().decode(stdout));
    assert(found.live && found.ready && found.same);
    assertEquals([found.id, found.type], ["judge", "int32"]);
    assertEquals(found.shape, [1, 40, 60]);
    assertEquals(found.labels, [...expected.data]);
    assertEquals(found.model.inputs, [
      { name: "image", datatype: "UINT8", shape: [-1, -1, -1, 3] },
    ]);
    assertEquals(found.refusal?.includes("expected one of nuclei"), true);
    assertEquals(found.families.unet_requests, "counter");
    assertEquals(found.families.unet_request_seconds, "histogram");
  },
});
