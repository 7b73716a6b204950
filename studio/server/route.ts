import type { StudioRoom } from "../studio_room.ts";

/** A request that was let in. */
export interface Asked {
  /** What the address says behind its question mark. */
  readonly query: URLSearchParams;
  /** The request, whose body is still to be read. */
  readonly request: Request;
}

/** What is answered at an address. */
export interface Route {
  /** The HTTP method. */
  readonly method: "GET" | "POST";
  /** The path. */
  readonly path: string;
  /**
   * Answers.
   *
   * @throws {UnetError} If a file, or what is asked for, is at fault.
   */
  answer(room: StudioRoom, asked: Asked): Promise<Response> | Response;
}
