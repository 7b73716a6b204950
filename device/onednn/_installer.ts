import { fetchWheel, findPip, isUnpacked } from "@unet/native";
import type { DeviceInstaller } from "../_installer.ts";
import { whyNoGomp } from "./_find_gomp.ts";
import { findOnednn, whyNotThisPlatform } from "./find_library.ts";
import { onednnWheel } from "./_wheel.ts";

/** Gets oneDNN's library out of pip's package. */
export const onednnInstaller: DeviceInstaller = {
  kind: "device",
  name: "onednn",
  title: "oneDNN 3.1",
  bytes: onednnWheel.bytes,
  folder: onednnWheel.folder,
  isFound: async () => await findOnednn() !== null,
  isComplete: (folder) => isUnpacked(onednnWheel, folder),
  async obstacle() {
    const reason = whyNotThisPlatform() ?? await whyNoGomp();
    if (reason !== null) return reason;
    const pip = await findPip();
    return "reason" in pip ? pip.reason : null;
  },
  fill: (folder, steps) =>
    fetchWheel(onednnWheel, folder, { ...steps, subject: onednnInstaller }),
};
