import { installDevice, offerInstall, uninstallDevice } from "@unet/device";
import {
  type InstalledLibrary,
  installLibrary,
  type InstallOptions,
  type LibraryInstaller,
  type LibraryOffer,
  offerLibrary,
  uninstallLibrary,
} from "@unet/native";
import { interruptSignal } from "./interrupt.ts";
import { bar, describeSeconds, liveLine, printLine } from "./terminal.ts";

/** What is shown of an installation. */
type Offer = Pick<LibraryOffer, "title" | "bytes">;

/** How an installation is shown. */
interface ShowOptions {
  readonly signal: AbortSignal;
  /** Printed once something is fetched. */
  readonly announcement: string;
}

/** Installs a device and prints how it goes. */
export async function reportInstall(name: string): Promise<void> {
  const offer = await offerInstall(name);
  await report(offer, (options) => showInstall(name, offer, options));
}

/** Installs a library that reads files, and prints how it goes. */
export async function reportLibrary(
  installer: LibraryInstaller,
): Promise<void> {
  const offer = await offerLibrary(installer);
  await report(
    offer,
    (options) =>
      show(offer, options, (steps) => installLibrary(installer, steps)),
  );
}

async function report(
  offer: Offer,
  install: (options: ShowOptions) => Promise<InstalledLibrary>,
): Promise<void> {
  using interrupt = interruptSignal(() =>
    printLine("Interrupted: taking back what was begun")
  );
  const begin = performance.now();
  const { folder, isNew } = await install({
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
  describeRemoval(`device ${name}`, await uninstallDevice(name));
}

/** Removes a library that reads files, and prints what went. */
export async function reportLibraryRemoval(
  installer: LibraryInstaller,
): Promise<void> {
  describeRemoval(installer.title, await uninstallLibrary(installer));
}

function describeRemoval(
  what: string,
  { folder, wasThere }: { readonly folder: string; readonly wasThere: boolean },
): void {
  printLine(
    wasThere
      ? `Removed ${folder}`
      : `Nothing to remove: ${what} was not installed in ${folder}`,
  );
}

/** As in "oneDNN 3.1 (39 MB)". */
export function describeOffer({ title, bytes }: Offer): string {
  return `${title} (${megabytes(bytes)} MB)`;
}

/**
 * Installs a device: a line once something is fetched, and a live one on a
 * terminal.
 */
export async function showInstall(
  name: string,
  offer: Offer,
  options: ShowOptions,
): Promise<InstalledLibrary> {
  return await show(offer, options, (steps) => installDevice(name, steps));
}

async function show(
  { title, bytes }: Offer,
  { signal, announcement }: ShowOptions,
  install: (options: InstallOptions) => Promise<InstalledLibrary>,
): Promise<InstalledLibrary> {
  const live = liveLine();
  let isAnnounced = false;
  const all = megabytes(bytes);
  try {
    return await install({
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
