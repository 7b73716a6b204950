import { UnetError } from "@unet/errors";
import type { Answer, Question, RoomEvent } from "./answer.ts";
import { editRoutes } from "./edit_routes.ts";
import { fileRoutes } from "./file_routes.ts";
import { imageRoutes } from "./image_routes.ts";
import { type JobChoices, Jobs } from "./jobs.ts";
import { Room } from "./room.ts";
import { RoomError } from "./room_error.ts";
import type { Route } from "./route.ts";
import { takeGiven } from "./take_given.ts";

const routes: Readonly<Record<string, Route>> = {
  ...imageRoutes,
  ...editRoutes,
  ...fileRoutes,
  "/api/models": ({ jobs }) => jobs.models,
  "/api/job": ({ jobs }) => jobs.state,
  "/api/predict": ({ jobs }, _query, body) => jobs.predict(body as JobChoices),
  "/api/cancel": ({ jobs }) => jobs.cancel(),
  // Sliders need what a page does not keep: all heads of every image.
  "/api/prediction": () => null,
  "/api/give": (context, _query, body) =>
    takeGiven(body as readonly File[], context),
  "/api/segment": ({ jobs }, _query, body) => {
    const { names, model } = body as { names: string[]; model: string };
    return jobs.add(names, model);
  },
  "/api/model/add": ({ jobs }, _query, body) => {
    const { name, content } = body as { name: string; content: Blob };
    jobs.addModel(name, content);
    return jobs.models;
  },
};

/**
 * Answers the page's questions, as a studio's server would.
 *
 * @param network The thread of the network.
 */
export function answerPage(network: MessagePort): void {
  const send = (event: string, data: unknown): void => {
    const message: RoomEvent = { event, data };
    self.postMessage(message);
  };
  const room = new Room(), jobs = new Jobs(room, network, send);
  self.onmessage = async ({ data }: MessageEvent<Question>) => {
    const { id, path, query, body } = data;
    try {
      const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
      if (!route) throw new RoomError(`Cannot answer: found ${path}`);
      const value = await route({ room, jobs, send }, query, body);
      self.postMessage({ id, value } satisfies Answer);
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      self.postMessage({ id, fault } satisfies Answer);
      const isKnown = error instanceof UnetError ||
        error instanceof RoomError ||
        error instanceof RangeError;
      // A defect is shown in the browser's console, too.
      if (!isKnown) throw error;
    }
  };
}
