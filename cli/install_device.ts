import {
  installDevice,
  type InstalledDevice,
  type InstallOffer,
  offerInstall,
  uninstallDevice,
} from "@unet/device";
import { interruptSignal } from "./interrupt.ts";
import { bar, describeSeconds, liveLine, printLine } from "./terminal.ts";

/** Installs a device and prints how it goes. */
export async function reportInstall(name: string): Promise<void> {
  const offer = await offerInstall(name);
  using interrupt = interruptSignal(() =>
    printLine("Interrupted: taking back what was begun")
  );
  const begin = performance.now();
  const { folder, isNew } = await showInstall(offer, {
    signal: interrupt.signal,
    announcement: `Getting ${describeOffer(offer)} into the cache`,
  });
  const seconds = (performance.now() - begin) / 1000;
  printLine(
    isNew
      ? `Installed ${offer.title} in ${folder}, ${describeSeconds(seconds)}`
      : `${offer.title} is installed already in ${folder}`,
  );
}

/** Uninstalls a device and prints what went. */
export async function reportUninstall(name: string): Promise<void> {
  const { folder, wasThere } = await uninstallDevice(name);
  printLine(
    wasThere
      ? `Removed ${folder}`
      : `Nothing to remove: device ${name} was not installed in ${folder}`,
  );
}

/** As in "oneDNN 3.1 (39 MB)". */
export function describeOffer({ title, bytes }: InstallOffer): string {
  return `${title} (${megabytes(bytes)} MB)`;
}

/**
 * Installs a device: a line once something is fetched, and a live one on a
 * terminal.
 */
export async function showInstall(
  { name, title, bytes }: InstallOffer,
  { signal, announcement }: {
    readonly signal: AbortSignal;
    readonly announcement: string;
  },
): Promise<InstalledDevice> {
  const live = liveLine();
  let isAnnounced = false;
  const all = megabytes(bytes);
  try {
    return await installDevice(name, {
      signal,
      onProgress(progress) {
        if (progress.stage === "downloading" && !isAnnounced) {
          live.clear();
          printLine(announcement);
          isAnnounced = true;
        }
        const share = Math.min(1, progress.bytes / bytes);
        live.update(
          progress.stage === "downloading"
            ? `Getting ${title} ${bar(share)} ${
              megabytes(share * bytes)
            }/${all} MB`
            : progress.stage === "waiting"
            ? `Waiting for another process that gets ${title}`
            : `Getting ${title}: ${progress.stage}`,
        );
      },
    });
  } finally {
    live.clear();
  }
}

/** As in "39" of 38,677,868 bytes. */
function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
