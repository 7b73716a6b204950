import { brief, UnetError } from "@unet/errors";
import { RequestError } from "@unet/http";
import type { MaskEdit, MaskState } from "../masks/mask_state.ts";
import { parseOperation } from "../masks/parse_operation.ts";
import type { StudioRoom } from "../studio_room.ts";
import { refused, textOf } from "./query.ts";
import { readJson } from "./read_json.ts";
import type { Route } from "./route.ts";

/** Masks that a person corrects. */
export const editRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/mask",
    async answer({ masks }, { query }) {
      const mask = await masks.open(textOf(query, "name"));
      await mask.look();
      return Response.json(mask.state);
    },
  },
  {
    method: "POST",
    path: "/api/edit",
    async answer(room, { request }) {
      const body = await readJson(request);
      const { name } = body, known = knownOf(body);
      if (typeof name !== "string") {
        throw refused("name", nameOfValue(name), "an image");
      }
      requireIdle(room, name);
      const mask = await room.masks.open(name);
      const edit = editOf(body.edit);
      const answer = await mask.edit(known, edit);
      if (answer.edit !== known.edit) {
        room.events.send("edit", { name, ...answer });
      }
      return Response.json(answer);
    },
  },
];

/** What the page takes for the mask and its last edit. */
function knownOf(
  { mask, number }: Readonly<Record<string, unknown>>,
): Pick<MaskState, "mask" | "edit"> {
  if (typeof mask !== "string") {
    throw refused("mask", nameOfValue(mask), "that of /api/mask");
  }
  if (!Number.isSafeInteger(number)) {
    throw refused("number", nameOfValue(number), "that of the last edit");
  }
  return { mask, edit: number as number };
}

function editOf(value: unknown): MaskEdit {
  const { tool } = (value ?? {}) as { readonly tool?: unknown };
  if (tool === "undo" || tool === "redo") return { tool };
  try {
    return parseOperation(value);
  } catch (error) {
    if (!(error instanceof UnetError)) throw error;
    throw new RequestError(400, error.message);
  }
}

/** A mask that is being predicted would be replaced right after. */
function requireIdle({ jobs }: StudioRoom, name: string): void {
  if (!jobs.isAt(name)) return;
  throw new RequestError(
    409,
    `Cannot edit mask of ${
      brief(name)
    }: found a prediction of it under way; wait for it or cancel it`,
  );
}

function nameOfValue(value: unknown): string | null {
  return value === undefined ? null : brief(value);
}
