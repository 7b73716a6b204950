import type { DeviceFacts } from "@unet/device";
import type { Predict, WindowOptions } from "@unet/infer";
import type { SavedModel } from "@unet/model";
import type { NetworkChoices } from "./network_messages.ts";

/** A network that is open to segment images. */
export interface PlacedNetwork {
  /** What it computes on. */
  readonly device: DeviceFacts;
  /** How images are cut for it. */
  readonly window: WindowOptions;
  /** Predicts; in a thread of its own while the caller does other work. */
  readonly predict: Predict;
}

/** Where a network is opened; dispose of it to close the network. */
export interface NetworkPlace extends AsyncDisposable {
  /**
   * Opens a network, once.
   *
   * @param saved The network. Its bytes may move to another thread: nothing but
   * its plan and its card can be read of it afterwards.
   * @param choices The device, and how images are cut.
   * @throws {UnetError} If one of them cannot be opened, or the choices
   * contradict one another.
   */
  open(saved: SavedModel, choices: NetworkChoices): Promise<PlacedNetwork>;
}
