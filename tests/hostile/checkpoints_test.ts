import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { UnetError } from "@unet/errors";
import { createModel, loadModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { openRun, sgd, type TrainingState } from "@unet/train";
import { assertDone, createPlace, faultOf, type Place } from "../flow/_unet.ts";

let place: Place;

const names = ["model.safetensors", "optimizer.safetensors", "state.json"];

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "5", "--size", "32"]),
  );
  assertDone(
    await place.unet([
      ...["train", "--data", "drawn", "--out", "run", "--epochs", "2"],
      ...["--tile", "32", "--width", "0.02", "--batch", "2"],
      ...["--device", "wasm", "--workers", "0", "--recipe", "report"],
    ]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** Resumes the run by the library, which is quicker than a process each. */
async function resume(): Promise<TrainingState> {
  const model = createModel({ width: 0.02 }, createRandom(0));
  const optimizer = sgd({ momentum: 0.9 });
  try {
    const run = await openRun(place.at("run"));
    return await run.resume(model, optimizer);
  } finally {
    model.dispose();
    optimizer.dispose();
  }
}

/** Does something while a file has another content. */
async function withContent(
  path: string,
  content: Uint8Array | string,
  action: () => Promise<void>,
): Promise<void> {
  const whole = await Deno.readFile(path);
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  try {
    await Deno.writeFile(path, bytes);
    await action();
  } finally {
    await Deno.writeFile(path, whole);
  }
}

/** Lengths to cut a file to: its ends, and random ones between. */
function cutsOf(length: number): number[] {
  const random = createRandom(length);
  const inside = Array.from(
    { length: 12 },
    () => Math.floor(random.next() * length),
  );
  return [0, 1, 7, 8, 9, ...inside, length - 2];
}

for (const name of names) {
  Deno.test(`a checkpoint with ${name} cut off anywhere is refused by name`, async () => {
    assertEquals((await resume()).epoch, 2);
    const path = place.at("run/last", name);
    const whole = await Deno.readFile(path);
    for (const length of cutsOf(whole.length)) {
      await withContent(path, whole.subarray(0, length), async () => {
        const { message } = await assertRejects(resume, UnetError);
        assert(message.includes(path), `${length}: ${message}`);
      });
    }
    assertEquals((await resume()).epoch, 2);
  });

  Deno.test(`a checkpoint with ${name} missing is refused by name`, async () => {
    const path = place.at("run/last", name);
    await Deno.rename(path, `${path}.away`);
    const { message } = await assertRejects(resume, UnetError);
    assert(message.includes(path), message);
    await Deno.rename(`${path}.away`, path);
  });

  Deno.test(`a checkpoint with a wrong byte in ${name} loads or is refused, and nothing else`, async () => {
    const path = place.at("run/last", name);
    const whole = await Deno.readFile(path);
    // A header is where a byte means something.
    const length = Math.min(whole.length, 2000);
    const random = createRandom(3);
    let refused = 0;
    for (let attempt = 0; attempt < 60; attempt++) {
      const bytes = whole.slice();
      bytes[Math.floor(random.next() * length)] = Math.floor(
        random.next() * 128,
      );
      await withContent(path, bytes, async () => {
        try {
          await resume();
        } catch (error) {
          if (!(error instanceof UnetError)) throw error;
          refused++;
        }
      });
    }
    assert(refused > 10, `Expected most to be refused, found ${refused}`);
  });
}

Deno.test("a model file cut off anywhere is refused by name", async () => {
  const path = place.at("run/best/model.safetensors");
  const whole = await Deno.readFile(path);
  for (const length of cutsOf(whole.length)) {
    await withContent(path, whole.subarray(0, length), async () => {
      const { message } = await assertRejects(() => loadModel(path), UnetError);
      assert(message.includes(path), message);
    });
  }
});

for (const name of names) {
  Deno.test(`train --resume and segment report a damaged ${name} in one line`, async () => {
    const path = place.at("run/last", name);
    const half = (await Deno.readFile(path)).slice(0, 300);
    await withContent(path, half, async () => {
      const fault = faultOf(
        await place.unet(["train", "--resume", "run", "--epochs", "3"]),
      );
      assert(fault.includes(path), fault);
    });
    const best = place.at("run/best", name);
    await withContent(best, half, async () => {
      const ended = await place.unet([
        ...["segment", "drawn", "--model", "run", "--out", "never"],
        ...["--device", "wasm"],
      ]);
      // Only the model is needed to segment.
      if (name !== "model.safetensors") return assertEquals(ended.code, 0);
      assertMatch(faultOf(ended), /best[/\\]model\.safetensors": found /);
    });
    await Deno.remove(place.at("never"), { recursive: true }).catch(() => {});
  });
}

for (
  const [name, content, found] of [
    ["config.json", "", /config\.json": found text that is not JSON/],
    ["config.json", "[]", /config\.json": found values without names/],
    ["config.json", "null", /config\.json": found values without names/],
    ["config.json", "{}", /config\.json": found setting "data" with no value/],
    [
      "config.json",
      '{"settings": {"out": "x", "resume": true}}',
      /config\.json": found setting "data" with no value/,
    ],
    ["config.json", "\x80\xff", /config\.json": found setting|not JSON/],
    ["split.json", "{", /split\.json": found text that is not JSON/],
    ["split.json", "3", /split\.json": found values without names/],
    ["split.json", '{"train": [1]}', /split\.json": found no list of images/],
    [
      "split.json",
      '{"train": [], "validation": [], "test": []}',
      /split\.json": found no images in "train", expected/,
    ],
    [
      "split.json",
      '{"train": ["no such"], "validation": ["image"], "test": []}',
      /split\.json": found image "no such", which the data lacks, in "train"/,
    ],
    ["last/state.json", "{}", /state\.json": found a state with other fields/],
    [
      "last/state.json",
      "null",
      /state\.json": found a state with other fields/,
    ],
  ] as const
) {
  Deno.test(`train --resume refuses ${name} that holds ${JSON.stringify(content)}`, async () => {
    await withContent(place.at("run", name), content, async () => {
      const ended = await place.unet([
        ...["train", "--resume", "run", "--epochs", "3"],
      ]);
      assertMatch(faultOf(ended), found);
    });
  });
}

for (
  const [name, changes, found] of [
    [
      "a batch behind the last",
      { batch: 99 },
      /after batch "99": found epochs of 2 batches/,
    ],
    ["invalid rows", { rows: [{}] }, /other fields/],
    ["an invalid best", { best: 3 }, /other fields/],
    ["a step below none", { step: -1 }, /other fields/],
  ] as const
) {
  Deno.test(`train --resume refuses a state with ${name}`, async () => {
    const path = place.at("run/last/state.json");
    const state = JSON.parse(await Deno.readTextFile(path));
    const text = JSON.stringify({ ...state, ...changes });
    await withContent(path, text, async () => {
      const ended = await place.unet([
        ...["train", "--resume", "run", "--epochs", "3"],
      ]);
      assertMatch(faultOf(ended), found);
    });
  });
}

Deno.test("what was refused was left as it was: the run continues", async () => {
  assertDone(await place.unet(["train", "--resume", "run", "--epochs", "3"]));
});
