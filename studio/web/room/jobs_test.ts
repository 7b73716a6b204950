import { assertEquals } from "@std/assert";
import type {
  NetworkReport,
  NetworkRequest,
} from "../network/network_messages.ts";
import { Jobs } from "./jobs.ts";
import { stateOf } from "./page_image.ts";
import { Room } from "./room.ts";
import { takeGiven } from "./take_given.ts";

type Asked = NetworkRequest & { readonly type: "predict" };

/** A room whose network answers when the test says so. */
function createRoom() {
  const { port1, port2 } = new MessageChannel();
  const room = new Room(), jobs = new Jobs(room, port1, () => {});
  const requests = new ReadableStream<Asked>({
    start(controller) {
      port2.onmessage = ({ data }) => controller.enqueue(data);
    },
  }).getReader();
  jobs.addModel("nuclei", new Blob(["weights"]));
  return {
    ...{ room, jobs },
    /** The next image that is asked for. */
    async asked(): Promise<Asked> {
      return (await requests.read()).value!;
    },
    answer(): void {
      const info = { width: 2, height: 2, settings: { threshold: 0.5 } };
      const report = {
        ...{ type: "image", info, objects: 1 },
        ...{
          labels: new Uint32Array([1, 0, 0, 0]),
          object: new Float32Array(4),
        },
      };
      port2.postMessage(report as unknown as NetworkReport);
    },
    [Symbol.dispose]() {
      port1.close();
      port2.close();
    },
  };
}

const given = (...names: string[]): File[] =>
  names.map((name) => new File(["pixels"], name));

Deno.test("Jobs keeps what a person drew or accepted while the image waited", async () => {
  using page = createRoom();
  const { room, jobs } = page;
  await takeGiven(given("a.tif", "b.tif", "c.tif"), page);
  jobs.predict({ model: "nuclei" });
  assertEquals((await page.asked()).name, "a.tif");
  const drawn = room.newMask({
    ...{ width: 2, height: 2, data: new Uint32Array([0, 0, 0, 7]) },
  });
  const image = room.imageOf("b.tif");
  image.mask = drawn;
  image.isAccepted = true;
  page.answer();
  assertEquals((await page.asked()).name, "c.tif");
  assertEquals(jobs.state?.total, 2);
  assertEquals(image.mask, drawn);
  assertEquals(stateOf(image), "accepted");
});

Deno.test("Jobs predicts an image again that a person asks for", async () => {
  using page = createRoom();
  const { room, jobs } = page;
  await takeGiven(given("a.tif"), page);
  const image = room.imageOf("a.tif");
  image.mask = room.newMask({
    ...{ width: 2, height: 2, data: new Uint32Array(4) },
  });
  image.isAccepted = true;
  jobs.predict({ model: "nuclei", name: "a.tif" });
  assertEquals((await page.asked()).name, "a.tif");
});

Deno.test("Jobs predicts added images by their own model, and a model of the same name by its new file", async () => {
  using page = createRoom();
  const { jobs } = page;
  jobs.addModel("own", new Blob(["other.."]));
  await takeGiven(given("a.tif", "b.tif", "c.tif"), page);
  jobs.predict({ model: "nuclei", name: "a.tif", diameter: 30 });
  jobs.add(["b.tif"], "own");
  jobs.add(["c.tif"], "nuclei");
  const first = await page.asked();
  assertEquals([first.model, first.diameter], ["nuclei", 30]);
  page.answer();
  const second = await page.asked();
  assertEquals([second.model, second.diameter], ["own", null]);
  jobs.addModel("nuclei", new Blob(["WEIGHTS"]));
  page.answer();
  const third = await page.asked();
  assertEquals(third.model, "nuclei");
  assertEquals(await third.weights.text(), "WEIGHTS");
  assertEquals(first.version === third.version, false);
});

Deno.test("takeGiven() keeps an image and its mask when another of its name is given", async () => {
  using page = createRoom();
  const { room } = page;
  const first = await takeGiven(given("cells.ome.tif"), page);
  const mask = room.newMask({
    ...{ width: 2, height: 2, data: new Uint32Array(4) },
  });
  room.imageOf("cells.ome.tif").mask = mask;
  const again = await takeGiven(given("cells.ome.tif", "cells.ome.tif"), page);
  assertEquals([...first.images, ...again.images], [
    ...["cells.ome.tif", "cells (2).ome.tif", "cells (3).ome.tif"],
  ]);
  assertEquals(room.imageOf("cells.ome.tif").mask, mask);
  assertEquals(room.imageOf("cells (2).ome.tif").mask, null);
});
