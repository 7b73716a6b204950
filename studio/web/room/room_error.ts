/** Why a request of the page is not answered. */
export class RoomError extends Error {
  override name = "RoomError";
}
