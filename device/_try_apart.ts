import { noAnswer } from "./_no_answer.ts";
import type { DeviceName, Precision } from "./device.ts";

/** What a worker is asked to try. */
export interface Trial {
  /** The device. */
  readonly name: DeviceName;
  /** What to compute with. */
  readonly precision?: Precision | undefined;
}

/**
 * Tries a device in a worker: a driver that never comes back, as native code
 * may, would stop the whole program. A worker that hangs cannot be ended; it
 * is left behind, and the program must end with `Deno.exit()`.
 *
 * @param trial The device.
 * @param timeLimit Seconds until it is given up.
 * @param worker The worker's module.
 * @returns Why the device does not open, or null.
 */
export async function tryApart(
  trial: Trial,
  timeLimit: number,
  worker: URL = new URL("./_trial_worker.ts", import.meta.url),
): Promise<string | null> {
  const apart = new Worker(worker, { type: "module" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise((resolve) => {
      timer = setTimeout(
        () => resolve(noAnswer(timeLimit)),
        timeLimit * 1000,
      );
      apart.onmessage = ({ data }: MessageEvent<string | null>) =>
        resolve(data);
      apart.onerror = (event) => {
        event.preventDefault();
        resolve(event.message.split("\n", 1)[0]!);
      };
      apart.postMessage(trial);
    });
  } finally {
    clearTimeout(timer);
    apart.terminate();
  }
}
