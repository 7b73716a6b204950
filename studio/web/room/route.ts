import type { Jobs } from "./jobs.ts";
import type { Room } from "./room.ts";

/** What answers are made of. */
export interface RouteContext {
  /** The images. */
  readonly room: Room;
  /** The work of the network. */
  readonly jobs: Jobs;
  /** Reports what happens to the page. */
  readonly send: (event: string, data: unknown) => void;
}

/** Answers a question with plain data, a picture, or labels of a tile. */
export type Route = (
  context: RouteContext,
  query: Readonly<Record<string, string>>,
  body: unknown,
) => unknown;
