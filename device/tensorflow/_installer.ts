import { join } from "@std/path";
import { infoOf } from "@unet/files";
import { bytesBelow, findPip, type InstallSteps, runPip } from "@unet/native";
import type { DeviceInstaller } from "../_installer.ts";
import { tensorflowWheel } from "./_wheel.ts";
import { findLibrary } from "./find_library.ts";

/** Gets TensorFlow's C library, for processors, out of pip's package. */
export const tensorflowInstaller: DeviceInstaller = {
  kind: "device",
  name: "tensorflow",
  title: "TensorFlow 2.21",
  bytes: tensorflowWheel.bytes,
  folder: tensorflowWheel.folder,
  isFound: async () => (await findLibrary()).path !== null,
  isComplete,
  async obstacle() {
    if (Deno.build.target !== "x86_64-unknown-linux-gnu") {
      return `${Deno.build.target}, for which this version knows no package; ` +
        "install TensorFlow with pip, or set UNET_TENSORFLOW to its library";
    }
    const pip = await findPip();
    return "reason" in pip ? pip.reason : null;
  },
  fill,
};

/**
 * Has pip install the package, without those that it depends on, into a
 * folder of its own: no Python runs from there. pip compares the checksum and
 * keeps the download, so that a second try does not fetch it again.
 */
async function fill(
  folder: string,
  { onProgress, signal }: InstallSteps,
): Promise<void> {
  const { requirement, sha256, build, bytes } = tensorflowWheel;
  const temporary = join(folder, "pip"), target = join(folder, "package");
  await Deno.mkdir(temporary);
  const list = join(temporary, "requirements.txt");
  await Deno.writeTextFile(list, `${requirement} --hash=sha256:${sha256}\n`);
  onProgress({ stage: "downloading", bytes: 0 });
  const timer = setInterval(() => {
    const sum = bytesBelow(temporary);
    const stage = sum < bytes ? "downloading" : "unpacking";
    onProgress({ stage, bytes: Math.min(sum, bytes) });
  }, 200);
  try {
    await runPip([
      ...["install", "--no-deps", "--only-binary", ":all:", "--no-compile"],
      ...[...build, "--target", target],
      ...["--require-hashes", "--requirement", list],
    ], { subject: tensorflowInstaller, temporary, signal });
  } finally {
    clearInterval(timer);
  }
  // A package of TensorFlow is 1.3 GB, of which its library is two thirds.
  await Deno.mkdir(join(folder, "tensorflow"));
  const kept = [...Object.keys(tensorflowWheel.files), tensorflowWheel.about];
  for (const name of kept) {
    await Deno.rename(join(target, name), join(folder, name));
  }
  await Deno.remove(target, { recursive: true });
  await Deno.remove(temporary, { recursive: true });
}

async function isComplete(folder: string): Promise<boolean> {
  for (const [name, size] of Object.entries(tensorflowWheel.files)) {
    if ((await infoOf(join(folder, name)))?.size !== size) return false;
  }
  return true;
}
