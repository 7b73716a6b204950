/** Whether the environment forbids fetching, as on a machine for tests. */
export function isOffline(): boolean {
  return !["", "0", undefined].includes(Deno.env.get("UNET_OFFLINE"));
}
