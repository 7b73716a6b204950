/**
 * The worker of a model: opens it, and segments.
 *
 * @module
 */
import { openSegmenter, type Segmenter } from "@unet/app/segmenter";
import { packError } from "@unet/errors/packed-error";
import type { SegmentedFile } from "@unet/infer";
import type {
  ComputeReply,
  ComputeRequest,
  ComputeResults,
  ComputeWork,
  InferredValues,
} from "./compute_messages.ts";

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  onmessage: (event: MessageEvent<ComputeRequest>) => void;
  postMessage(reply: ComputeReply, transfer?: Transferable[]): void;
}

const scope = globalThis as unknown as WorkerScope;
const running = new Map<number, AbortController>();
let segmenter: Segmenter | undefined;

scope.onmessage = async ({ data }) => {
  const { id } = data;
  if (data.type === "cancel") {
    running.get(id)?.abort(new Error("Canceled"));
    return;
  }
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const result = await resultOf(data, controller.signal);
    scope.postMessage({ id, result }, buffersOf(result));
  } catch (error) {
    scope.postMessage({ id, error: packError(error) });
  } finally {
    running.delete(id);
  }
};

async function resultOf(
  work: ComputeWork,
  signal: AbortSignal,
): Promise<ComputeResults[keyof ComputeResults]> {
  switch (work.type) {
    case "open":
      segmenter = await openSegmenter(work.choices);
      return factsOf(segmenter);
    case "look":
      return await segmenter!.look(work.path, work.choices);
    case "segment":
      return await segment(work.path, work.choices, signal);
    case "infer":
      return await infer(work, signal);
    case "close":
      await segmenter?.[Symbol.asyncDispose]();
      return null;
  }
}

function factsOf(
  { device, input, heads, finding }: Segmenter,
): ComputeResults["open"] {
  const { name, version, hardware, precision, ...others } = device;
  const { missingKernels, gflops, passedOver } = others;
  return {
    device: {
      ...{ name, version, hardware, precision },
      ...{ missingKernels, gflops, passedOver },
    },
    ...{ input, heads, finding },
  };
}

async function segment(
  path: string,
  choices: Parameters<Segmenter["segment"]>[1],
  signal: AbortSignal,
): Promise<SegmentedFile> {
  const { files } = await segmenter!.segment([path], choices, { signal });
  const [file] = files;
  if (file && "written" in file) return file;
  throw file && "error" in file ? file.error : new Error(
    "Cannot segment image: found a result of an earlier run in a new folder",
  );
}

async function infer(
  { images, heads, hasLabels, choices }: ComputeWork & {
    readonly type: "infer";
  },
  signal: AbortSignal,
): Promise<InferredValues> {
  const { width, height } = images[0]!, pixels = width * height;
  const wanted = segmenter!.heads.filter(({ name }) => heads.includes(name))
    .map(({ name, channels }) => ({
      ...{ name, size: pixels * channels },
      values: new Float32Array(images.length * pixels * channels),
    }));
  const labels = new Int32Array(hasLabels ? images.length * pixels : 0);
  for (const [at, image] of images.entries()) {
    const planes = await segmenter!.predict(image, signal);
    for (const { name, size, values } of wanted) {
      values.set(planes.planes[name]!, at * size);
    }
    if (!hasLabels) continue;
    labels.set(segmenter!.find(planes, choices).data, at * pixels);
  }
  return {
    heads: Object.fromEntries(wanted.map(({ name, values }) => [name, values])),
    ...(hasLabels && { labels }),
  };
}

/** The memory that moves with an answer, instead of being copied. */
function buffersOf(
  result: ComputeResults[keyof ComputeResults],
): Transferable[] {
  if (result === null || !("heads" in result) || "device" in result) return [];
  const arrays = [...Object.values(result.heads), result.labels];
  return arrays.flatMap((array) => array ? [array.buffer] : []);
}
