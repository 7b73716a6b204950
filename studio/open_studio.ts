import { UnetError } from "@unet/errors";
import { listen } from "@unet/http";
import { bundlePage } from "./bundle_page.ts";
import { ImageList } from "./folder/image_list.ts";
import { Runs } from "./folder/runs.ts";
import { finishSaving } from "./folder/save_with_classes.ts";
import { openStudioFolder } from "./folder/studio_folder.ts";
import { EditedMasks, type EditedMasksOptions } from "./masks/edited_masks.ts";
import { StudioImages } from "./images/studio_images.ts";
import { type JobEvents, Jobs } from "./jobs/jobs.ts";
import { Measurements } from "./measure/measurements.ts";
import { Trainings } from "./jobs/trainings.ts";
import { offeredModels } from "./offered_models.ts";
import { answer } from "./server/answer.ts";
import { Events } from "./server/events.ts";
import { startSession } from "./server/session.ts";
import type { StudioRoom } from "./studio_room.ts";

/** How a studio is opened. */
export interface StudioOptions {
  /** The port of the server; a free one by default. */
  readonly port?: number;
  /** Models, by path, that are offered before those of the program. */
  readonly models?: readonly string[];
  /** Called with an error that is a defect of the program. */
  readonly onDefect?: (error: unknown) => void;
}

/** A studio that is open; disposing of it ends its server. */
export interface Studio extends AsyncDisposable {
  /** The address of its page, with the token that lets a browser in. */
  readonly url: string;
  /** What a person should know of the folder's lock; null if nothing. */
  readonly warning: string | null;
}

/**
 * Opens a studio: serves the page of a folder on this machine alone.
 *
 * Only a browser that comes by the studio's address is let in, and only by its
 * own page: see the README of this room.
 *
 * @param path The folder of the images.
 * @param options The port, and who hears of defects.
 * @returns The studio, until it is disposed of.
 * @throws {FileError} If there is no such folder, it cannot be written, another
 * studio has it open, or the port is taken.
 *
 * @example
 * ```ts
 * import { openStudio } from "@unet/studio";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   await using studio = await openStudio(folder);
 *   const { headers } = await fetch(studio.url, { redirect: "manual" });
 *   assertEquals(headers.get("location"), "/");
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function openStudio(
  path: string,
  { port = 0, models: named = [], onDefect = () => {} }: StudioOptions = {},
): Promise<Studio> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await openStudioFolder(path));
  await finishSaving(folder.root);
  const images = await ImageList.open(folder);
  const events = new Events();
  const masks: EditedMasks = stack.use(
    new EditedMasks({
      ...{ root: folder.root, images, sizeOf: (name) => views.sizeOf(name) },
      ...maskEvents({ images, events, onDefect }),
    }),
  );
  const views: StudioImages = stack.use(
    new StudioImages(images, folder.cache, (name) => masks.view(name)),
  );
  const [page, models] = await Promise.all([
    bundlePage(),
    offeredModels(named),
  ]);
  const jobs = stack.use(new Jobs(jobEvents({ images, events, onDefect })));
  const measurements = stack.use(
    new Measurements({
      onProgress: (progress) => events.send("measuring", progress),
      onDefect,
    }),
  );
  const trainings = stack.use(
    new Trainings({
      onState: (state) => events.send("training", state),
      onDefect,
    }),
  );
  const room = {
    ...{ folder, images, views, masks, jobs, models, events, page, trainings },
    ...{ measurements, runs: new Runs(folder) },
  };
  const server = listen(
    {
      ...{ hostname: "127.0.0.1", port, what: "studio" },
      remedy: "start it with deno task studio",
    },
    (request) => answer(room, request, options),
  );
  const session = startSession(server.addr.port);
  const options = { session, port: server.addr.port, onDefect };
  stack.defer(() => server.shutdown());
  // Connections that stay open would keep the server from ending.
  stack.defer(() => events.close());
  const opened = stack.move();
  return {
    url: `http://127.0.0.1:${server.addr.port}/?token=${session.token}`,
    warning: folder.warning,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** What becomes of an edited mask: a state on the list, and faults. */
function maskEvents(
  { images, events, onDefect }:
    & Pick<StudioRoom, "images" | "events">
    & Pick<JobEvents, "onDefect">,
): Pick<EditedMasksOptions, "onSaved" | "onFault"> {
  return {
    async onSaved(name, { mark, objects, isAs }) {
      images.forgetMasks();
      const note = images.states.note(name);
      // What was drawn and taken back leaves the image as it was.
      if (note && mark && isAs(note.mask)) {
        await images.states.add({ ...note, mask: mark });
      } else if (mark) {
        await images.states.addCount({ image: name, mask: mark, objects });
      }
      events.send("listed", await images.describe(name));
    },
    onFault(error) {
      if (error instanceof UnetError) events.send("fault", error.message);
      else onDefect(error);
    },
  };
}

/** What a job's reports come to: notes on the disk, events in every page. */
function jobEvents(
  { images, events, onDefect }:
    & Pick<StudioRoom, "images" | "events">
    & Pick<JobEvents, "onDefect">,
): JobEvents {
  return {
    onState: (state) => events.send("job", state),
    async onImage({ type: _, name, ...found }) {
      const note = { image: name, ...found };
      await images.states.add({ ...note, state: "predicted" });
      images.forgetMasks();
      events.send("image", await images.describe(name));
    },
    onDefect,
  };
}
