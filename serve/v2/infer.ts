import { readBody } from "@unet/http";
import { compute } from "../compute.ts";
import { findServed } from "../find_served.ts";
import type { AskedWork, ServerRoom } from "../server_room.ts";
import { encodeInfer, headerName } from "./encode_infer.ts";
import { parseInfer } from "./parse_infer.ts";
import { labelsName } from "./tensors.ts";

/** `POST /v2/models/NAME/infer`: tensors in, tensors out. */
export async function infer(
  room: ServerRoom,
  asked: AskedWork,
): Promise<Response> {
  const model = findServed(room, asked.model);
  const { request, ticket, signal } = asked;
  const { mostBytes, mostPixels } = room.limits;
  const body = await readBody(request, {
    ...{ most: mostBytes, signal, onBytes: ticket.add },
  });
  const headerLength = request.headers.get(headerName);
  const parsed = parseInfer(body, { model, headerLength, mostPixels });
  const { images, outputs, choices } = parsed;
  const [{ width, height }] = images as [typeof images[number]];
  const names = outputs.map(({ name }) => name);
  const values = await compute(room, model, asked, async () => ({
    result: await model.thread.do({
      ...{ type: "infer", images },
      heads: names.filter((name) => name !== labelsName),
      hasLabels: names.includes(labelsName),
      choices: { ...choices, out: "" },
    }, signal),
    pixels: images.length * width * height,
  }));
  // What was asked for moved to the thread; its sizes are all that is needed.
  return encodeInfer({ model, asked: parsed, values });
}
