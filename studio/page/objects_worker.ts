/**
 * Finds the objects of a view anew while a person moves a slider, in a thread
 * of its own.
 *
 * @module
 */
import { findInstances } from "@unet/infer/instances";
import { objectOptions } from "@unet/app/object-options";
import { ask } from "./api.ts";
import { drawLabels } from "./draw_labels.ts";
import type { ObjectsAnswer, ObjectsQuestion } from "./objects_messages.ts";

/** The planes of the last part, for the next position of a slider. */
let known: {
  readonly key: string;
  readonly planes: Readonly<Record<string, Float32Array>>;
} | null = null;

self.onmessage = async ({ data }: MessageEvent<ObjectsQuestion>) => {
  try {
    const answer = await find(data);
    if (data.isAhead) self.postMessage(null);
    else self.postMessage(answer, { transfer: [answer.pixels] });
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    self.postMessage({ fault });
  }
};

async function find(question: ObjectsQuestion): Promise<
  ObjectsAnswer & { readonly pixels: ArrayBuffer }
> {
  const { part, settings, scaled, style } = question;
  const { width, height } = part;
  const planes = await planesOf(question);
  const started = performance.now();
  const instances = findInstances(
    { width, height, planes },
    objectOptions(settings, scaled),
  );
  const labels = {
    width: width + 2,
    height: height + 2,
    data: new Uint32Array((width + 2) * (height + 2)),
  };
  for (const { label, mask, x, y, width: columns, height: rows } of instances) {
    for (let row = 0, at = 0; row < rows; row++) {
      const to = (y + row + 1) * labels.width + x + 1;
      for (let column = 0; column < columns; column++, at++) {
        if (mask[at]) labels.data[to + column] = label;
      }
    }
  }
  const { data } = drawLabels(labels, style);
  return {
    part,
    pixels: data.buffer as ArrayBuffer,
    objects: instances.length,
    milliseconds: performance.now() - started,
  };
}

async function planesOf(
  { name, version, heads, part }: ObjectsQuestion,
): Promise<Readonly<Record<string, Float32Array>>> {
  const key = JSON.stringify([name, version, part]);
  if (known?.key === key) return known.planes;
  const planes: Record<string, Float32Array> = {};
  for (const head of heads) {
    const response = await ask("/api/probabilities", { name, head, ...part });
    planes[head] = new Float32Array(await response.arrayBuffer());
  }
  known = { key, planes };
  return planes;
}
