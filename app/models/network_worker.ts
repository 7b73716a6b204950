/**
 * The worker of a network: opens it, and predicts.
 *
 * @module
 */
import type { DeviceFacts } from "@unet/device";
import { packError } from "@unet/errors/packed-error";
import { decodeModel } from "@unet/model";
import type {
  NetworkReply,
  NetworkRequest,
  OpenRequest,
  PredictRequest,
} from "./network_messages.ts";
import { openNetwork } from "./open_network.ts";
import type { OpenNetwork } from "./open_network.ts";
import { windowOf } from "./window_of.ts";

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  onmessage: (event: MessageEvent<NetworkRequest>) => void;
  postMessage(reply: NetworkReply, transfer?: Transferable[]): void;
}

const scope = globalThis as unknown as WorkerScope;
let network: OpenNetwork | undefined;
let last = Promise.resolve();

scope.onmessage = ({ data }) => {
  last = last.then(() => answer(data));
};

async function answer(request: NetworkRequest): Promise<void> {
  try {
    if (request === "close") {
      await network?.[Symbol.asyncDispose]();
      scope.postMessage({ done: true });
    } else if ("threads" in request) {
      network!.device.threads?.use(request.threads);
      scope.postMessage({ done: true });
    } else if ("x" in request) {
      await predict(request);
    } else {
      await open(request);
    }
  } catch (error) {
    scope.postMessage({ error: packError(error) });
  }
}

async function open({ path, bytes, choices }: OpenRequest): Promise<void> {
  const saved = { path, bytes, ...decodeModel(bytes, path) };
  await using opened = new AsyncDisposableStack();
  const { device, model, predict } = network = opened.use(
    await openNetwork(saved, choices),
  );
  const { heads = [], input } = predict;
  scope.postMessage({
    opened: {
      ...{ device: factsOf(device), heads, ...(input && { input }) },
      window: windowOf(model, device.name, choices),
      threads: device.threads?.count ?? 1,
    },
  });
  opened.move();
}

async function predict({ x, shape }: PredictRequest): Promise<void> {
  const said = await network!.predict(x, shape);
  const { buffer, byteLength } = said;
  // A part of a larger buffer is not the only thing in it.
  const values =
    (byteLength === buffer.byteLength ? said : said.slice()) as Float32Array<
      ArrayBuffer
    >;
  scope.postMessage({ values, x }, [values.buffer, x.buffer]);
}

/** A device without what no message can carry. */
function factsOf(
  { name, version, hardware, precision, missingKernels, ...rest }: DeviceFacts,
): DeviceFacts {
  const { gflops, passedOver, choiceNote } = rest;
  return {
    ...{ name, version, hardware, precision },
    ...{ missingKernels, gflops, passedOver },
    ...(choiceNote !== undefined && { choiceNote }),
  };
}
