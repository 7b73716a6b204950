/**
 * Kernels in the order in which programs on planes multiply by them, rounded
 * to eight bits.
 *
 * @module
 */
import type { PlanePart } from "../_planes_layout.ts";
import {
  kernelProducts,
  sumsDivisor,
} from "../machine_code/planes_transforms.ts";
import { winogradBlock } from "../machine_code/planes_strip.ts";

/** Numbers of a kernel as a program reads them. */
export interface PlaneNumbers {
  /** What a step of each output's sum stands for, in steps of the output. */
  readonly scale: Float32Array<ArrayBuffer>;
  /** What is added, in steps of the output. */
  readonly bias: Float32Array<ArrayBuffer>;
  /** The kernel. */
  readonly kernel:
    | Int8Array<ArrayBuffer>
    | Int16Array<ArrayBuffer>
    | Float32Array<ArrayBuffer>;
}

/** A kernel's own numbers, and what it reads and writes. */
export interface PlaneKernel {
  /** Numbers in tfjs' order. */
  readonly values: Float32Array;
  /** The bias. */
  readonly bias: Float32Array;
  /** The planes that it reads. */
  readonly parts: readonly PlanePart[];
  /** What a step of the output stands for; 1 for floats. */
  readonly step: number;
}

/** The largest step of a kernel. */
const mostStep = 127;
const block = 8, plane = 4, productCount = 36;

/**
 * A convolution on bytes, from `[tap, in, out]` to
 * `[block][plane][tap][output][input]`. The steps of the inputs go into the
 * kernel before it is rounded, for each output on its own.
 */
export function byteKernel(given: PlaneKernel): PlaneNumbers {
  const { rounded, ...numbers } = roundKernel(given);
  const outputs = given.bias.length, inputs = inputsOf(given);
  const taps = rounded.length / inputs / outputs;
  const kernel = new Int8Array(rounded.length);
  for (let at = 0; at < rounded.length; at++) {
    const output = at % outputs, rest = (at - output) / outputs;
    const input = rest % inputs, tap = (rest - input) / inputs;
    const place = placeOf({ taps, inputs }, { tap, input, output });
    kernel[place] = rounded[at]!;
  }
  return { kernel, ...numbers };
}

/**
 * A convolution of 3×3 on bytes by Winograd, from `[tap, in, out]` to
 * `[block][product][pair of inputs][output][input]`, rounded as
 * {@linkcode byteKernel} rounds; a plane's channels make the pairs 0 and 2, 1
 * and 3.
 */
export function windowKernel(given: PlaneKernel): PlaneNumbers {
  const { rounded, scale, bias } = roundKernel(given);
  const outputs = bias.length, inputs = inputsOf(given);
  const kernel = new Int16Array(productCount * inputs * outputs);
  const taps = new Int8Array(9), products = new Int16Array(productCount);
  for (let output = 0; output < outputs; output++) {
    const block = Math.floor(output / winogradBlock) * winogradBlock *
      productCount * inputs;
    const inBlock = 2 * (output % winogradBlock);
    for (let input = 0; input < inputs; input++) {
      for (let tap = 0; tap < 9; tap++) {
        taps[tap] = rounded[(tap * inputs + input) * outputs + output]!;
      }
      kernelProducts(taps, products);
      // Channel 4p + 2h + l is number h of pair 2p + l.
      const pair = 2 * Math.floor(input / plane) + input % 2;
      const place = inBlock + (input >> 1) % 2;
      for (let product = 0; product < productCount; product++) {
        const row = product * inputs / 2 + pair;
        kernel[block + 2 * winogradBlock * row + place] = products[product]!;
      }
    }
  }
  return {
    kernel,
    scale: scale.map((each) => each / sumsDivisor),
    bias,
  };
}

function inputsOf({ parts }: Pick<PlaneKernel, "parts">): number {
  return parts.reduce((sum, { channels }) => sum + channels, 0);
}

/** A kernel's numbers in eight bits, in tfjs' order, and what they stand for. */
function roundKernel({ values, bias, parts, step }: PlaneKernel) {
  const outputs = bias.length;
  const channels = parts.flatMap((part) => Array(part.channels).fill(part));
  const inputs = channels.length;
  const steps = Float64Array.from(channels as PlanePart[], ({ step }) => step);
  const signed = (channels as PlanePart[]).map((part) => part.signed);
  const factors = factorsOf(outputs, values.length, (at) => {
    const output = at % outputs;
    const input = Math.floor((at - output) / outputs) % inputs;
    return { output, value: values[at]! * steps[input]! };
  });
  const rounded = new Int8Array(values.length);
  const offsets = new Float64Array(outputs);
  for (let at = 0; at < values.length; at++) {
    const output = at % outputs, input = (at - output) / outputs % inputs;
    rounded[at] = Math.round(values[at]! * steps[input]! / factors[output]!);
    if (signed[input]) offsets[output]! += 128 * rounded[at]!;
  }
  return {
    rounded,
    scale: Float32Array.from(factors, (factor) => factor / step),
    bias: bias.map((value, output) =>
      (value - factors[output]! * offsets[output]!) / step
    ) as Float32Array<ArrayBuffer>,
  };
}

function placeOf(
  { taps, inputs }: { taps: number; inputs: number },
  { tap, input, output }: { tap: number; input: number; output: number },
): number {
  const planes = inputs / plane;
  const at = (Math.floor(output / block) * planes +
        Math.floor(input / plane)) * taps + tap;
  return (at * block + output % block) * plane + input % plane;
}

/** What a step of the kernel stands for, of each output. */
function factorsOf(
  outputs: number,
  length: number,
  weightAt: (at: number) => { readonly output: number; readonly value: number },
): Float64Array {
  const largest = new Float64Array(outputs);
  for (let at = 0; at < length; at++) {
    const { output, value } = weightAt(at);
    largest[output] = Math.max(largest[output]!, Math.abs(value));
  }
  // A channel of zeros stays one.
  return largest.map((value) => (value || 1) / mostStep);
}

/**
 * A convolution on floats, from `[tap, in, out]` to
 * `[block][input][tap][output]`, with zeros for outputs that fill a block.
 */
export function floatKernel(
  { values, bias, parts, step }: PlaneKernel,
): PlaneNumbers {
  const outputs = bias.length, inputs = parts[0]!.channels;
  const taps = values.length / inputs / outputs;
  const all = block * Math.ceil(outputs / block);
  const kernel = new Float32Array(taps * inputs * all);
  for (let at = 0; at < values.length; at++) {
    const output = at % outputs, rest = (at - output) / outputs;
    const input = rest % inputs, tap = (rest - input) / inputs;
    const from = Math.floor(output / block) * inputs + input;
    kernel[(from * taps + tap) * block + output % block] = values[at]! / step;
  }
  const biases = new Float32Array(all);
  biases.set(bias.map((value) => value / step));
  return { kernel, scale: new Float32Array(all), bias: biases };
}

/**
 * An up-convolution on bytes, from `[2, 2, out, in]` to
 * `[row of 2][plane of outputs][plane of inputs][column of 2][output][input]`;
 * its result's bytes are 128 more than its numbers.
 */
export function upKernel(
  { values, bias, parts: [part], step }: PlaneKernel,
): PlaneNumbers {
  const outputs = bias.length, { channels: inputs, step: from } = part!;
  const outputAt = (at: number) => Math.floor(at / inputs) % outputs;
  const factors = factorsOf(outputs, values.length, (at) => ({
    output: outputAt(at),
    value: values[at]! * from,
  }));
  const kernel = new Int8Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const input = at % inputs, output = outputAt(at);
    const tap = Math.floor(at / inputs / outputs);
    const place = ((tap >> 1) * outputs / plane + Math.floor(output / plane)) *
        (inputs / plane) + Math.floor(input / plane);
    kernel[
      ((place * 2 + tap % 2) * plane + output % plane) * plane + input % plane
    ] = Math.round(values[at]! * from / factors[output]!);
  }
  return {
    kernel,
    scale: Float32Array.from(factors, (factor) => factor / step),
    bias: bias.map((value) => value / step + 128) as Float32Array<ArrayBuffer>,
  };
}
