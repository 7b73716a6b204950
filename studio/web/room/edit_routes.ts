import type { MaskEdit, MaskState } from "../../masks/mask_state.ts";
import type { Jobs } from "./jobs.ts";
import { listedOf, stateOf } from "./page_image.ts";
import { RoomError } from "./room_error.ts";
import type { Route } from "./route.ts";

/** What a page sends with an edit. */
interface EditBody {
  readonly name: string;
  readonly mask: string;
  readonly number: number;
  readonly edit: MaskEdit;
}

/** Masks that a person corrects. */
export const editRoutes: Readonly<Record<string, Route>> = {
  "/api/mask": async ({ room }, query): Promise<MaskState> =>
    (await room.maskOf(query["name"]!)).state,
  "/api/edit": async ({ room, jobs, send }, _query, body) => {
    const { name, mask: id, number, edit } = body as EditBody;
    refuseAt(jobs, name, "edit");
    const mask = await room.maskOf(name), { state } = mask;
    if (state.mask !== id || state.edit !== number) {
      throw new RoomError("The mask has changed. Draw the stroke again.");
    }
    const answer = mask.edit(edit);
    send("listed", listedOf(room.imageOf(name)));
    return answer;
  },
  "/api/accept": ({ room, jobs }, _query, body) => {
    const { name, accepted } = body as { name: string; accepted: boolean };
    refuseAt(jobs, name, "accept");
    const image = room.imageOf(name);
    if (stateOf(image) === "none") return listedOf(image);
    image.isAccepted = accepted;
    image.settled = image.mask!.content;
    return listedOf(image);
  },
};

/** Refuses to change a mask that a prediction is about to replace. */
function refuseAt(jobs: Jobs, name: string, verb: string): void {
  if (!jobs.isAt(name)) return;
  throw new RoomError(
    `Cannot ${verb} mask of ${
      JSON.stringify(name)
    }: found a prediction of it under way; wait for it or cancel it`,
  );
}
