/**
 * A thread of the page of `drive_speed.ts`: predicts images as the page without
 * a server does, with its own network or with ONNX Runtime's in its place.
 *
 * @module
 */
/// <reference lib="dom" />
/// <reference lib="webworker" />
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { planPrediction, predictFile } from "@unet/app/plan-prediction";
import { giveFile } from "@unet/data/given-files";
import { openDriver } from "@unet/device/open-driver";
import { wasmDriver } from "@unet/device/wasm";
import { webgpuDriver } from "@unet/device/webgpu";
import {
  type Predict,
  type PredictedHead,
  predictorOf,
} from "@unet/infer/predict";
import { buildSaved, decodeModel } from "@unet/model/model-file";

/** What computes: a device of ours, or ONNX Runtime's with some threads. */
interface Engine {
  readonly side: "ours" | "onnxruntime";
  readonly device: "wasm" | "webgpu";
  readonly threads: number;
}

/** What the thread is asked. */
type Request =
  | { readonly type: "probe" }
  | { readonly type: "open"; readonly engine: Engine }
  | { readonly type: "predict"; readonly size: number };

/** The part of ONNX Runtime's library that is used here. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { wasmPaths: string; numThreads: number } };
  readonly InferenceSession: {
    create(address: string, options: object): Promise<{
      run(
        feeds: object,
        outputs: readonly string[],
      ): Promise<Readonly<Record<string, { readonly data: Float32Array }>>>;
    }>;
  };
  readonly Tensor: new (
    type: "float32",
    values: Float32Array,
    shape: readonly number[],
  ) => object;
}

/** Milliseconds within the network since it was last set to 0. */
let inNetwork = 0;

/** Height and width of the largest window since then. */
let window: readonly number[] = [0, 0];

let predictSize: (size: number) => Promise<Float32Array<ArrayBuffer>>;

async function open({ side, device, threads }: Engine): Promise<void> {
  setWasmPaths("/wasm/");
  const driver = side === "ours" && device === "webgpu"
    ? webgpuDriver
    : wasmDriver;
  const opened = await openDriver(driver);
  const bytes = await (await fetch("/model")).bytes();
  const saved = { path: "model", bytes, ...decodeModel(bytes, "model") };
  const model = buildSaved(saved);
  const own = predictorOf(model);
  const network = side === "ours"
    ? own
    : await openOnnx(device, threads, own.heads!);
  const predict = Object.assign(timed(network), {
    ...(own.heads && { heads: own.heads }),
    ...(own.input && { input: own.input }),
  });
  // Windows of the same sides for all, whatever computes.
  const planned = planPrediction(
    saved,
    { model, device: opened.name, predict },
    {},
  );
  predictSize = async (size) => {
    const path = `${size}.png`;
    const content = await (await fetch(`/${path}`)).blob();
    giveFile(path, {
      ...{ name: path, folder: "", content: () => Promise.resolve(content) },
    });
    await using image = await predictFile(path, predict, planned, {});
    const { width, height } = image.info;
    const object = new Float32Array(width * height);
    for await (const band of image.bands()) {
      object.set(band.planes["object"]!, band.y * width);
    }
    return object;
  };
}

/** A network whose time is summed up. */
function timed(network: Predict): Predict {
  return async (x, shape) => {
    const started = performance.now();
    const values = await network(x, shape);
    inNetwork += performance.now() - started;
    const [, height, width] = shape;
    if (height * width > window[0]! * window[1]!) window = [height, width];
    return values;
  };
}

/** ONNX Runtime with the exported network, as a page would use it. */
async function openOnnx(
  device: Engine["device"],
  threads: number,
  heads: readonly PredictedHead[],
): Promise<Predict> {
  const program = device === "webgpu" ? "ort.webgpu.min.mjs" : "ort.min.mjs";
  const address = new URL(`/onnxruntime/${program}`, location.href).href;
  const { env, InferenceSession, Tensor } = await import(
    address
  ) as OnnxRuntime;
  env.wasm.wasmPaths = new URL("/onnxruntime/", location.href).href;
  env.wasm.numThreads = threads;
  const session = await InferenceSession.create("/model.onnx", {
    executionProviders: [device],
    graphOptimizationLevel: "all",
  });
  const names = heads.map(({ name }, at) =>
    at === 0 ? "probability" : `${name}_probability`
  );
  return async (x, [count, height, width]) => {
    const shape = [count, 3, height, width];
    const image = new Tensor("float32", toPlanes(x, height * width), shape);
    const found = await session.run({ image }, names);
    return toPixels(names.map((name) => found[name]!.data));
  };
}

/** Pixels `[N, H, W, 3]` of 0…1 as planes `[N, 3, H, W]` of 0…255. */
function toPlanes(x: Float32Array, pixels: number): Float32Array {
  const planes = new Float32Array(x.length);
  for (let from = 0; from < x.length; from += 3 * pixels) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < 3; channel++) {
        planes[from + channel * pixels + pixel] = 255 *
          x[from + 3 * pixel + channel]!;
      }
    }
  }
  return planes;
}

/** A plane per head as `[N, H, W, C]`. */
function toPixels(planes: readonly Float32Array[]): Float32Array {
  if (planes.length === 1) return planes[0]!;
  const values = new Float32Array(planes.length * planes[0]!.length);
  for (const [channel, plane] of planes.entries()) {
    for (let pixel = 0; pixel < plane.length; pixel++) {
      values[planes.length * pixel + channel] = plane[pixel]!;
    }
  }
  return values;
}

async function answer(request: Request): Promise<unknown> {
  switch (request.type) {
    case "probe":
      return await webgpuDriver.probe() ??
        await webgpuDriver.whyNotByItself?.() ?? null;
    case "open":
      await open(request.engine);
      return null;
    case "predict": {
      inNetwork = 0;
      window = [0, 0];
      const started = performance.now();
      const object = await predictSize(request.size);
      const image = performance.now() - started;
      return { image, network: inNetwork, window, object };
    }
  }
}

const thread = self as unknown as DedicatedWorkerGlobalScope;
thread.onmessage = async ({ data }: MessageEvent<Request>) => {
  try {
    thread.postMessage({ value: await answer(data) });
  } catch (error) {
    thread.postMessage({ fault: String(error) });
  }
};
