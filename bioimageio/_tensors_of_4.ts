import type { FieldReader, Fields } from "./_fields.ts";
import {
  halved,
  longestSide,
  mostChannels,
  only,
  same,
  type Tensors,
} from "./_tensor_fields.ts";
import type { SideRule } from "./package_description.ts";
import { parseSteps } from "./parse_steps.ts";

/** Reads the tensors of version 0.4. */
export function tensorsOf4(fields: Fields, reader: FieldReader): Tensors {
  const input = only(fields.inputs, reader, "inputs");
  const output = only(fields.outputs, reader, "outputs");
  for (
    const [place, { axes }] of [["inputs", input], ["outputs", output]] as const
  ) {
    if (axes !== "bcyx") throw reader.bad(`${place} axes`, axes, "bcyx");
  }
  const sides = shapeOf4(input.shape, reader);
  const [batch, channel, height, width] = sides;
  if (batch!.least !== 1 || channel!.step !== 0) {
    throw reader.bad("inputs shape", input.shape, "a batch of 1, and channels");
  }
  const channels = channel!.least;
  const place = "outputs shape";
  const { channels: outputs, margins } = outputOf4(output.shape, {
    ...{ reader, place, sides },
    id: reader.text(input.name, "inputs name"),
  });
  const halo = output.halo === undefined || output.halo === null
    ? [0]
    : reader.list(output.halo, "outputs halo").map((one) =>
      reader.whole(one, "outputs halo", [0, 4096])
    );
  const testAt = (name: string) => {
    const list = fields[name];
    if (list === undefined || list === null) return {};
    const [source] = reader.list(list, name);
    return { test: { source: reader.text(source, name) } };
  };
  return {
    input: {
      channels,
      ...{ height: height!, width: width! },
      steps: parseSteps(input.preprocessing, {
        ...{ reader, place: "preprocessing", channels, isWhole: true },
      }),
      ...testAt("test_inputs"),
    },
    output: {
      ...(outputs !== undefined && { channels: outputs }),
      margin: same(margins, reader, place),
      halo: Math.max(...halo),
      steps: parseSteps(output.postprocessing, {
        ...{ reader, place: "postprocessing", isWhole: false },
        channels: outputs ?? 1,
      }),
      ...testAt("test_outputs"),
    },
  };
}

function shapeOf4(value: unknown, reader: FieldReader): SideRule[] {
  const place = "inputs shape";
  const four = (list: unknown, least: number): number[] => {
    const numbers = reader.list(list, place).map((one) =>
      reader.whole(one, place, [least, longestSide])
    );
    if (numbers.length === 4) return numbers;
    throw reader.bad(place, list, "four numbers");
  };
  if (Array.isArray(value)) {
    return four(value, 1).map((least) => ({ least, step: 0 }));
  }
  const { min, step } = reader.record(value, place);
  const steps = four(step, 0);
  return four(min, 1).map((least, at) => ({ least, step: steps[at]! }));
}

function outputOf4(
  value: unknown,
  { reader, place, sides, id }: {
    readonly reader: FieldReader;
    readonly place: string;
    readonly sides: readonly SideRule[];
    readonly id: string;
  },
): { channels?: number; margins: number[] } {
  if (Array.isArray(value)) {
    const fixed = shapeOf4(value, reader).map(({ least }) => least);
    const isFixed = sides.slice(2).every(({ step }) => step === 0);
    if (!isFixed) {
      throw reader.bad(place, value, "one that follows the input's");
    }
    return {
      channels: fixed[1]!,
      margins: [2, 3].map((at) =>
        halved(fixed[at]! - sides[at]!.least, reader)
      ),
    };
  }
  const { reference_tensor, scale, offset } = reader.record(value, place);
  if (reference_tensor !== id) {
    throw reader.bad(`${place} reference_tensor`, reference_tensor, id);
  }
  const scales = reader.list(scale, `${place} scale`);
  const offsets = reader.list(offset, `${place} offset`)
    .map((one) => reader.number(one, `${place} offset`));
  if (scales[2] !== 1 || scales[3] !== 1 || offsets.length !== 4) {
    throw reader.bad(`${place} scale`, scale, "1 for y and x");
  }
  // Version 0.4 counts offsets once for each side.
  const channels = reader.number(scales[1], place) * sides[1]!.least +
    2 * offsets[1]!;
  return {
    channels: reader.whole(channels, `${place} channels`, [1, mostChannels]),
    margins: [2, 3].map((at) => halved(2 * offsets[at]!, reader)),
  };
}
