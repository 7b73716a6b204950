/**
 * Trains a network on a folder of images and masks, with a line per epoch.
 * Ctrl-C saves; the same command continues. Settings are those of `unet train`.
 *
 *     deno run -P=local examples/train.ts images-and-masks runs/mine
 *     deno run -P=local examples/train.ts images-and-masks runs/b '{"width": 0.5}'
 */
import { app } from "@unet/unet";
import { isRun } from "@unet/train";

const [data, out = "runs/mine", settings = "{}"] = Deno.args;
if (data === undefined) {
  console.error("Usage: train.ts DATA [RUN] [SETTINGS]");
  Deno.exit(2);
}

const end = new AbortController();
Deno.addSignalListener("SIGINT", () => end.abort());

const events = {
  signal: end.signal,
  onStart: ({ images }) =>
    console.log(`${images.train} images to train on, ${images.validation} not`),
  onEpoch: ({ row }) =>
    console.log(`epoch ${row.epoch}: F1 ${row.f1.toFixed(3)} on validation`),
  onNote: (line) => console.log(line),
} satisfies app.JudgedTrainEvents;

const { best } = await isRun(out)
  ? await app.resumeTraining(out, {}, events)
  : await app.train({ data, out, epochs: 20, ...JSON.parse(settings) }, events);
console.log(`The best model, of epoch ${best?.epoch}, is in ${out}/best`);
Deno.exit(0);
