import { assertDone, createPlace, type Place } from "./_unet.ts";

/** A network and images so small that an epoch takes a moment. */
export const tiny: readonly string[] = [
  ...["--data", "drawn", "--tile", "64", "--batch", "4", "--lr", "0.005"],
  ...["--scheduler", "constant", "--device", "wasm"],
];

/** A place with drawn images, in which a command has trained on them. */
export async function createTrained(train: readonly string[]): Promise<Place> {
  const place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "9", "--size", "80"]),
  );
  assertDone(await place.unet(train));
  return place;
}
