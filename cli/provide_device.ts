import { isOffline } from "@unet/app";
import { devices, offerInstall } from "@unet/device";
import { DeviceError } from "@unet/errors";
import { describeOffer, showInstall } from "./install_device.ts";
import { printError } from "./terminal.ts";
import { wordSettings } from "./word_settings.ts";

/** The device that training gets automatically. */
const provided = "onednn";

/** How {@linkcode provideDevice} decides. */
export interface ProvideOptions {
  /** Whether nothing may be fetched. */
  readonly offline: boolean;
  /** Ends the installation when aborted. */
  readonly signal: AbortSignal;
  /** The devices that can be opened; those of this version if not given. */
  readonly openable?: readonly string[];
}

/**
 * Gets oneDNN where training would use it, it is not there, and pip is: into
 * the user's cache, once, after a line that says so.
 *
 * @param wanted The device that training asks for.
 * @throws {DeviceError} If it was asked for by name and cannot be had; with
 * `auto` the reason is printed, and what is there will do.
 */
export async function provideDevice(
  wanted: string,
  { offline, signal, openable = devices }: ProvideOptions,
): Promise<void> {
  if (wanted !== "auto" && wanted !== provided) return;
  if (offline || isOffline() || !openable.includes(provided)) return;
  const offer = await offerInstall(provided);
  // The device itself reports what stands in the way when it is opened.
  if (offer.isFound || offer.obstacle !== "") return;
  try {
    await showInstall(provided, offer, {
      signal,
      announcement: `Getting ${
        describeOffer(offer)
      } into the cache; --offline forbids it`,
    });
  } catch (cause) {
    if (wanted !== "auto" || !(cause instanceof DeviceError)) throw cause;
    printError(`${wordSettings(cause.message)}; continuing without it`);
  }
}
