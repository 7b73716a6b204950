import { groupedBlocks } from "./large_kernels.ts";
import { stripWindows } from "./strips.ts";
import { type Features, lanesOf, windowsOf } from "./winograd_geometry.ts";

/**
 * Whether there is a program for a convolution: whole windows, whole vectors,
 * and enough windows to fill a strip.
 */
export function suitsWinograd(
  [n, height, width, inputs]: Features["shape"],
  outputs: number,
): boolean {
  return inputs % 8 === 0 && outputs % 8 === 0 && height % 4 === 0 &&
    width % 4 === 0 && windowsOf([n, height, width, inputs]) >= stripWindows;
}

/**
 * Whether kernels are transformed for so few windows that they should not leave
 * the cache, and fill all threads by pieces of a few blocks of channels.
 */
export function areLargeKernels(
  shape: Features["shape"],
  outputs: number,
  threads: number,
): boolean {
  const inputs = shape[3], lanes = lanesOf({ inputs, outputs });
  return inputs * outputs >= manyKernels && windowsOf(shape) <= mostWindows &&
    outputs / lanes / groupedBlocks >= 2 * threads;
}

/**
 * Measured, eight images on one core, against kernels transformed before: 8×8
 * pixels of 1024 to 1024 channels take 34 to 42 ms instead of 84 to 116, 16×16
 * of 1024 to 512 50 instead of 110, 32×32 of 512 to 512 92 instead of 105;
 * 32×32 of 768 to 256 take 97 instead of 80.
 */
const manyKernels = 2 ** 18, mostWindows = 512;

/**
 * Whether, of a convolution that has programs, that for the gradient by the
 * kernel is faster than oneDNN's: its sums have to stay in the cache, unless
 * oneDNN has no Winograd either.
 */
export function suitsWinogradGradient(
  shape: Features["shape"],
  outputs: number,
): boolean {
  const isSmall = shape[3] * outputs <= mostSums;
  return isSmall || windowsOf(shape) < fewWindows;
}

/** Measured: 128 by 384 channels are as fast as oneDNN's, more are slower. */
const mostSums = 49_152;
/** With fewer, oneDNN convolves directly. */
const fewWindows = 32;
