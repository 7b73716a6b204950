import type { InferredValues, ModelFacts } from "../compute_messages.ts";
import { modelVersion } from "../find_served.ts";
import type { InferRequest, WantedOutput } from "./parse_infer.ts";
import { labelsName, outputsOf } from "./tensors.ts";

/** What an answer to a request for inference is made of. */
export interface InferAnswer {
  /** The model. */
  readonly model: Pick<ModelFacts, "heads"> & { readonly name: string };
  /** The request. */
  readonly asked: Pick<InferRequest, "id" | "images" | "outputs">;
  /** What the network says. */
  readonly values: InferredValues;
}

/** The header that says where JSON ends and bytes begin. */
export const headerName = "Inference-Header-Content-Length";

/**
 * Answers a request for inference: JSON alone, or with the values of binary
 * outputs behind it, little-endian, in the order of the outputs.
 */
export function encodeInfer({ model, asked, values }: InferAnswer): Response {
  const { id, images, outputs } = asked;
  const parts = outputs.map((output) => {
    const data = output.name === labelsName
      ? values.labels!
      : values.heads[output.name]!;
    return { data, output };
  });
  const text = JSON.stringify({
    ...{ model_name: model.name, model_version: modelVersion },
    ...(id !== undefined && { id }),
    outputs: parts.map(({ data, output }) => ({
      ...describe(output, model, images),
      ...(output.isBinary
        ? { parameters: { binary_data_size: data.byteLength } }
        : { data: [...data] }),
    })),
  });
  const binary = parts.filter(({ output }) => output.isBinary);
  if (binary.length === 0) {
    return new Response(text, {
      headers: { "Content-Type": "application/json" },
    });
  }
  const head = new TextEncoder().encode(text);
  const size = binary.reduce((sum, { data }) => sum + data.byteLength, 0);
  const body = new Uint8Array(head.length + size);
  body.set(head);
  let at = head.length;
  for (const { data: { buffer, byteOffset, byteLength } } of binary) {
    body.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return new Response(body, {
    headers: {
      "Content-Type": "application/octet-stream",
      [headerName]: String(head.length),
    },
  });
}

function describe(
  { name }: WantedOutput,
  model: InferAnswer["model"],
  images: InferRequest["images"],
) {
  const { datatype, shape } = outputsOf(model).find((each) =>
    each.name === name
  )!;
  const { width, height } = images[0]!;
  const sizes = [images.length, height, width, ...shape.slice(3)];
  return { name, datatype, shape: sizes };
}
