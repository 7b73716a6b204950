/** What the page asks the room, as it would ask a studio's server. */
export interface Question {
  /** Names the question in its answer. */
  readonly id: number;
  /** As in `/api/folder`. */
  readonly path: string;
  /** Values of the address. */
  readonly query: Readonly<Record<string, string>>;
  /** What is sent with it. */
  readonly body: unknown;
}

/** What it answers. */
export type Answer =
  & { readonly id: number }
  & (
    | {
      /** Plain data, or bytes. */
      readonly value: unknown;
      /** The size of a tile, as `WIDTH HEIGHT`. */
      readonly size?: string;
    }
    | { readonly fault: string }
  );

/** What happens in the room, without being asked. */
export interface RoomEvent {
  /** Its kind, as in "image" or "job". */
  readonly event: string;
  /** What happened, as plain data. */
  readonly data: unknown;
}
