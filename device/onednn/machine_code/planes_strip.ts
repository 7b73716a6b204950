/**
 * The strips of Winograd's program on planes: what it is given, and where in a
 * thread's memory it works.
 *
 * A strip is 16 windows of 4×4 pixels: four groups of four windows side by
 * side. Registers hold the groups a lane each, a lane's four dwords being its
 * pixels or, after a transposition, one pixel of four groups' windows; the
 * order of the windows between is nobody's concern.
 *
 * @module
 */
import { vectorsOf } from "./assembly.ts";
import { parametersOf } from "./parameters.ts";

/** What the program is given. */
export const planesWinogradParameters = parametersOf([
  // Planes that are read, of one tensor and behind them of another.
  ...["source", "planes", "source2", "planes2", "sourcePlane"] as const,
  // Planes that are written, and blocks of 16 channels.
  ...["target", "targetPlane", "targetPlanes", "blocks"] as const,
  // A grid's bytes per row; its rows, images, and cells of a row of padding.
  ...["row", "rows", "images", "cells", "imageBytes"] as const,
  // Where groups begin in a plane, four of a strip.
  "groups",
  ...["kernel", "scale", "bias", "constants"] as const,
  // Eight channels each: all, and as many as sums of 32 bits can hold.
  ...["steps", "chunk"] as const,
  // Bytes of a product's inputs, of all windows of a strip.
  "productBytes",
]);

/** Output channels of a block. */
export const winogradBlock = 16;

/** Where an argument lies. */
export const { at } = planesWinogradParameters;
/** What a program remembers of its strip. */
export const local = {
  kernel: "[rsp]",
  scale: "[rsp+8]",
  bias: "[rsp+16]",
  blocks: "[rsp+24]",
  groups: "[rsp+32]",
} as const;
const { register: r } = vectorsOf(16);

/** Registers one after the other. */
export const registers = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => r(from + i));
/** Registers of the addresses of a strip's groups. */
export const groups = ["r8", "r9", "r10", "r11"] as const;
/** Products of a window, bytes of a register, of six. */
export const products = 36, vector = 64, rowBytes = 6 * vector;
/** Where rows in between lie in a thread's memory. */
export const rowsAt = 0, pairRows = 6 * rowBytes;
/** Where sums lie. */
export const sumsAt = rowsAt + 2 * pairRows, sumBytes = winogradBlock * vector;
/** Where pixels lie. */
export const pixelsAt = sumsAt + products * sumBytes,
  channelPixels = 16 * vector;
/** Where inputs lie. */
export const inputsAt = pixelsAt + 4 * channelPixels;

/** Bytes of a product's inputs, so that products meet in no cache set. */
export function productBytesOf(planes: number): number {
  return (2 * planes + 1) * vector;
}

/** Bytes of a thread's own memory. */
export function planesWinogradScratch(planes: number): number {
  return inputsAt + products * productBytesOf(planes);
}
