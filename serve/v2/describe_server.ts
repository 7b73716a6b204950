import { modelVersion } from "../find_served.ts";
import type { ServedModel } from "../server_room.ts";
import { inputOf, outputsOf } from "./tensors.ts";

/** What the protocol's clients ask of a server first. */
export function describeServer(version: string) {
  return { name: "unet", version, extensions: ["binary_tensor_data"] };
}

/** What a model takes and gives. */
export function describeModel(model: ServedModel) {
  return {
    name: model.name,
    versions: [modelVersion],
    platform: "unet",
    inputs: [inputOf(model)],
    outputs: outputsOf(model),
  };
}
