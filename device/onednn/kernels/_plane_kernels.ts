/**
 * Kernels in the order in which programs on planes multiply by them, rounded
 * to eight bits.
 *
 * @module
 */
import type { PlanePart } from "../_planes_layout.ts";

/** Numbers of a kernel as a program reads them. */
export interface PlaneNumbers {
  /** What a step of each output's sum stands for, in steps of the output. */
  readonly scale: Float32Array<ArrayBuffer>;
  /** What is added, in steps of the output. */
  readonly bias: Float32Array<ArrayBuffer>;
  /** The kernel. */
  readonly kernel: Int8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
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
const block = 8, plane = 4;

/**
 * A convolution on bytes, from `[tap, in, out]` to
 * `[block][plane][tap][output][input]`. The steps of the inputs go into the
 * kernel before it is rounded, for each output by itself.
 */
export function byteKernel(
  { values, bias, parts, step }: PlaneKernel,
): PlaneNumbers {
  const outputs = bias.length;
  const channels = parts.flatMap((part) => Array(part.channels).fill(part));
  const inputs = channels.length, taps = values.length / inputs / outputs;
  const steps = Float64Array.from(channels as PlanePart[], ({ step }) => step);
  const signed = (channels as PlanePart[]).map((part) => part.signed);
  const factors = factorsOf(outputs, values.length, (at) => {
    const output = at % outputs;
    const input = Math.floor((at - output) / outputs) % inputs;
    return { output, value: values[at]! * steps[input]! };
  });
  const kernel = new Int8Array(values.length);
  const offsets = new Float64Array(outputs);
  for (let at = 0; at < values.length; at++) {
    const output = at % outputs, rest = (at - output) / outputs;
    const input = rest % inputs, tap = (rest - input) / inputs;
    const rounded = Math.round(values[at]! * steps[input]! / factors[output]!);
    kernel[placeOf({ taps, inputs }, { tap, input, output })] = rounded;
    if (signed[input]) offsets[output]! += 128 * rounded;
  }
  return {
    kernel,
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
