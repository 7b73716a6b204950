import type { DeviceInstaller } from "../_installer.ts";
import { findPip } from "../_run_pip.ts";
import { whyNoGomp } from "./_find_gomp.ts";
import { fetchWheel, isUnpacked } from "./_fetch_wheel.ts";
import { findOnednn, whyNotThisPlatform } from "./find_library.ts";
import { onednnWheel } from "./_wheel.ts";

/** Gets oneDNN's library out of pip's package. */
export const onednnInstaller: DeviceInstaller = {
  name: "onednn",
  title: "oneDNN 3.1",
  bytes: onednnWheel.bytes,
  folder: onednnWheel.folder,
  isFound: async () => await findOnednn() !== null,
  isComplete: isUnpacked,
  async obstacle() {
    const reason = whyNotThisPlatform() ?? await whyNoGomp();
    if (reason !== null) return reason;
    const pip = await findPip();
    return "reason" in pip ? pip.reason : null;
  },
  fill: fetchWheel,
};
