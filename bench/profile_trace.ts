import type { DeviceTrace } from "@unet/device";
import type { KernelProfile } from "./profile_kernels.ts";

/**
 * A profile by what the device itself reports: each primitive of its library,
 * with implementation and speed, and the kernels that took a detour.
 *
 * @param trace The device's count.
 */
export function profileTrace(trace: DeviceTrace): KernelProfile {
  trace.begin();
  return {
    clear: () => trace.begin(),
    shares(elapsed) {
      const { kernels, primitives } = trace.end();
      const detours = kernels.filter(({ by }) => by === "tfjs cpu");
      return [...primitives, ...detours]
        .sort((a, b) => b.seconds - a.seconds)
        .map(({ name, by, calls, seconds, operations, bytes }) => ({
          kernel: name,
          implementation: by,
          calls,
          seconds,
          bytes,
          gflops: operations > 0 ? operations / seconds / 1e9 : null,
          share: seconds / elapsed,
        }));
    },
    stop: () => void trace.end(),
  };
}
