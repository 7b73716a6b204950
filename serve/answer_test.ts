import { assertEquals } from "@std/assert";
import { Turns } from "@unet/http";
import { Admission } from "./admission.ts";
import { answer } from "./answer.ts";
import { Metrics } from "./metrics.ts";
import type { ServerRoom } from "./server_room.ts";

/** A server without models: what it says of itself needs none. */
const room: ServerRoom = {
  models: new Map(),
  limits: { mostBytes: 1, mostPixels: 1, seconds: 1 },
  admission: new Admission({ requests: 1, bytes: 1 }),
  turns: new Turns(1, 0),
  metrics: new Metrics({
    waiting: () => 0,
    running: () => 0,
    memory: () => 0,
  }),
  folder: "",
  hasFailed: () => false,
};

Deno.test("a server with a token asks for it, compared as a whole", async () => {
  const token = "0123456789abcdef";
  const status = async (path: string, authorization?: string) => {
    const headers = new Headers();
    if (authorization !== undefined) {
      headers.set("authorization", authorization);
    }
    const request = new Request(`http://lab.example${path}`, { headers });
    const answered = await answer(room, request, {
      access: { token, port: 8000 },
      onDefect(error) {
        throw error;
      },
    });
    return answered.status;
  };
  assertEquals(await status("/v2/health/ready"), 200);
  assertEquals(await status("/v2", `Bearer ${token}`), 200);
  assertEquals(await status("/v2", `bearer ${token}`), 200);
  for (const wrong of [undefined, token, "Bearer ", `Bearer ${token}0`]) {
    assertEquals(await status("/v2", wrong), 401);
    // What there is, is said to nobody else.
    assertEquals(await status("/nowhere", wrong), 401);
  }
  assertEquals(await status("/nowhere", `Bearer ${token}`), 404);
});
