import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels, type PlanesAttrs } from "../../fused_kernels.ts";
import type { Machine } from "../_machine.ts";
import {
  type PlanePart,
  PlanesLayout,
  type PlanesParts,
} from "../_planes_layout.ts";
import type { Output, Scope } from "../_scope.ts";
import type { GridShape } from "../machine_code/planes_grid.ts";
import {
  type PlaneKernels,
  type PlaneSet,
  suitsPlanesWinograd,
} from "../machine_code/planes.ts";
import {
  byteKernel,
  floatKernel,
  type PlaneKernel,
  type PlaneNumbers,
  upKernel,
  windowKernel,
} from "./_plane_kernels.ts";
import type { Kernel } from "./_kernel.ts";

/** Steps of eight bits, and those on one side of zero. */
const steps = { unsigned: 255, signed: 127 } as const;
/** Under which a concatenation keeps the planes of its skip connection. */
const skipKey = "skip connection in planes";

/** A convolution of 3×3 to planes: of an image, or of planes. */
export const planesConvolution: Kernel = {
  name: fusedKernels.planesConvolution,
  run(machine, { inputs, attrs }) {
    const { x, kernel, bias } = inputs as Record<
      "x" | "kernel" | "bias",
      TensorInfo
    >;
    const { limit } = attrs as unknown as PlanesAttrs;
    const stored = machine.backend.nativeOf(x).layout;
    const shape = x.shape.slice(0, 3) as unknown as GridShape;
    const outputs = kernel.shape[3]!;
    const step = limit === null ? 1 : limit / steps.unsigned;
    const to = limit === null ? "floats" : "bytes";
    return machine.compute((scope) => {
      const isImage = !(stored instanceof PlanesLayout);
      const sources = isImage
        ? [imagePlanes(machine, scope, x)]
        : planesOf(machine, x, stored.made);
      const parts = isImage
        ? [{ channels: x.shape[3]!, step: 1, signed: false }]
        : stored.made.parts;
      const inputs = parts.reduce((sum, { channels }) => sum + channels, 0);
      const byWindows = !isImage && to === "bytes" &&
        suitsPlanesWinograd(shape, inputs, outputs);
      const numbers = prepared(machine, scope, { kernel, bias }, {
        make: isImage ? floatKernel : byWindows ? windowKernel : byteKernel,
        ...{ parts, step },
      });
      const output = planesOutput(machine, scope, {
        holds: to,
        shape,
        parts: [{ channels: outputs, step, signed: false }],
      });
      const given = { sources, target: output.address, outputs, ...numbers };
      if (byWindows) {
        machine.planes!.winograd(shape, given);
      } else {
        machine.planes!.convolve(
          shape,
          { from: isImage ? "floats" : "bytes", taps: 9, to },
          given,
        );
      }
      return output.tensor;
    });
  },
};

/** Max pooling of 2×2 in planes. */
export const planesPool: Kernel = {
  name: fusedKernels.planesPool,
  run(machine, { inputs }) {
    const { x } = inputs as Record<"x", TensorInfo>;
    const { made } = layoutOf(machine, x);
    const [n, height, width] = made.shape;
    return machine.compute((scope) => {
      const output = planesOutput(machine, scope, {
        ...made,
        shape: [n, height / 2, width / 2],
      });
      const [source] = planesOf(machine, x, made);
      machine.planes!.pool(made.shape, source!, output.address);
      return output.tensor;
    });
  },
};

/** An up-convolution in planes, and behind it the skip connection's. */
export const planesUp: Kernel = {
  name: fusedKernels.planesUp,
  run(machine, { inputs, attrs }) {
    const { x, kernel, bias, skip } = inputs as Record<
      "x" | "kernel" | "bias" | "skip",
      TensorInfo
    >;
    const { limit } = attrs as unknown as { limit: number };
    const { made } = layoutOf(machine, x), other = layoutOf(machine, skip).made;
    const outputs = kernel.shape[2]!, step = limit / steps.signed;
    const own = { channels: outputs, step, signed: true };
    return machine.compute((scope) => {
      const output = planesOutput(machine, scope, {
        holds: "bytes",
        shape: other.shape,
        parts: [own, ...other.parts],
      });
      const [source] = planesOf(machine, x, made);
      machine.planes!.up(made.shape, source!, {
        target: { address: output.address, planes: outputs / 4 },
        ...prepared(machine, scope, { kernel, bias }, {
          make: upKernel,
          parts: made.parts,
          step,
        }),
      });
      const block = machine.backend.share(skip);
      machine.backend.accompany(output.tensor, { key: skipKey, block });
      return output.tensor;
    });
  },
};

/** The head's convolution of 1×1, from float planes to logits. */
export const planesHead: Kernel = {
  name: fusedKernels.planesHead,
  run(machine, { inputs }) {
    const { x, kernel, bias } = inputs as Record<
      "x" | "kernel" | "bias",
      TensorInfo
    >;
    const { made } = layoutOf(machine, x);
    const outputs = kernel.shape[3]!, output = [...made.shape, outputs];
    return machine.compute((scope) => {
      const layout = machine.layouts.features(output);
      const { tensor, address } = scope.output(output, layout);
      machine.planes!.convolve(
        made.shape,
        { from: "floats", taps: 1, to: "logits" },
        {
          sources: planesOf(machine, x, made),
          target: address,
          outputs,
          ...prepared(machine, scope, { kernel, bias }, {
            make: floatKernel,
            parts: made.parts,
            step: 1,
          }),
        },
      );
      return tensor;
    });
  },
};

function layoutOf({ backend }: Machine, tensor: TensorInfo): PlanesLayout {
  const { layout } = backend.nativeOf(tensor);
  if (layout instanceof PlanesLayout) return layout;
  throw new TypeError(
    `Cannot compute in planes [${tensor.shape}]: expected features of a ` +
      "convolution in planes",
  );
}

/** Where a tensor's planes lie. */
function planesOf(
  { backend }: Machine,
  tensor: TensorInfo,
  { holds, parts }: PlanesParts,
): PlaneSet[] {
  const blocks = [
    backend.nativeOf(tensor).block,
    ...parts.length > 1 ? [backend.companionOf(tensor, skipKey)!] : [],
  ];
  return parts.map(({ channels }, i) => ({
    address: blocks[i]!.pointer,
    planes: holds === "bytes" ? channels / 4 : channels,
  }));
}

/** A new tensor in planes, its first part's content undefined. */
function planesOutput(
  { planes }: Machine,
  scope: Scope,
  made: PlanesParts,
): Output {
  const { plane } = planes!.grid(made.shape);
  const own = made.parts[0]!.channels / (made.holds === "bytes" ? 4 : 1);
  const layout = new PlanesLayout(made, own * plane);
  return scope.output([...made.shape, layout.dims[1]!], layout);
}

/** An image's channels as float planes. */
function imagePlanes(
  { planes, layouts, reorder }: Machine,
  scope: Scope,
  x: TensorInfo,
): PlaneSet {
  const [n, height, width, channels] = x.shape as [
    number,
    number,
    number,
    number,
  ];
  const grid = planes!.grid([n, height, width]);
  const rows = layouts.features(x.shape);
  const spread = layouts.strided(
    rows.dims,
    [grid.image / 4, grid.plane / 4, grid.row / 4, 1],
  );
  const address = planes!.image(grid, channels);
  reorder.run(
    rows,
    spread,
    { pointer: scope.source(x, rows) },
    { pointer: address + BigInt(grid.first) },
  );
  return { address, planes: channels };
}

/** A kernel in a program's order, made once. */
function prepared(
  machine: Machine,
  scope: Scope,
  { kernel, bias }: Record<"kernel" | "bias", TensorInfo>,
  { make, parts, step }: {
    readonly make: (kernel: PlaneKernel) => PlaneNumbers;
    readonly parts: readonly PlanePart[];
    readonly step: number;
  },
): PlaneKernels {
  const { backend, pool } = machine;
  const outputs = 8 * Math.ceil(bias.shape[0]! / 8), bytes = 4 * outputs;
  const size = kernel.shape.reduce((a, b) => a * b, 1);
  const most = 2 * bytes + 4 * Math.max(size, size / bias.shape[0]! * outputs);
  const read = parts.map(({ channels, step }) => `${channels}*${step}`);
  const key = keyOf(bias, `${make.name} ${step} ${read}`);
  const length = make === floatKernel
    ? most
    : 2 * bytes + (make === windowKernel ? 8 * size : size);
  const address = scope.derived(kernel, key, length, (pointer) => {
    const numbers = make({
      values: backend.readSync(kernel.dataId) as Float32Array,
      bias: backend.readSync(bias.dataId) as Float32Array,
      ...{ parts, step },
    });
    pool.upload(pointer, numbers.scale);
    pool.upload(pointer + BigInt(bytes), numbers.bias);
    pool.upload(pointer + BigInt(2 * bytes), numbers.kernel);
  });
  return {
    scale: address,
    bias: address + BigInt(bytes),
    kernel: address + BigInt(2 * bytes),
  };
}

const keys = new WeakMap<object, Map<string, object>>();

/** An object for a text and a bias: always the same one. */
function keyOf({ dataId }: TensorInfo, text: string): object {
  let texts = keys.get(dataId);
  if (!texts) keys.set(dataId, texts = new Map());
  let key = texts.get(text);
  if (!key) texts.set(text, key = {});
  return key;
}
