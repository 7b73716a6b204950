import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, makeFolder } from "@unet/files";
import type { EventLog } from "./event_log.ts";
import {
  eventMessages,
  restartMessage,
  versionMessage,
} from "./event_message.ts";
import { recordOf } from "./event_record.ts";
import { LogFile } from "./log_file.ts";

/**
 * Opens `tensorboard/` of a run, as {@linkcode openEventLogs} does. Each
 * process has a file of its own; one that continues takes back what the files
 * before say of its first step and of later ones.
 */
export async function openTensorBoardLog(
  run: string,
  from: number | null,
): Promise<EventLog> {
  const folder = join(run, "tensorboard");
  await makeFolder(folder);
  const file = await LogFile.open(join(folder, await nextName(folder)));
  const write = (message: Uint8Array): void => file.write(recordOf(message));
  const place = { time: Date.now(), step: from ?? 0 };
  write(versionMessage(place));
  if (from !== null) write(restartMessage(place));
  return {
    write: (event) => eventMessages(event).forEach(write),
    flush: () => file.flush(),
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

/**
 * The name of a new file. TensorBoard reads files in the order of their names,
 * so it comes after all others even where the clock was set back.
 */
async function nextName(folder: string): Promise<string> {
  let latest = 0;
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const seconds = /^events\.out\.tfevents\.(\d{1,12})\./.exec(name)?.[1];
      latest = Math.max(latest, Number(seconds ?? 0));
    }
  } catch (cause) {
    throw new FileError(
      cannot("list", "folder", folder, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  const seconds = Math.max(Math.floor(Date.now() / 1000), latest + 1);
  return `events.out.tfevents.${String(seconds).padStart(10, "0")}.unet`;
}
