import type { FieldReader, Fields } from "./_fields.ts";
import {
  fileOf,
  halved,
  longestSide,
  mostChannels,
  only,
  same,
  type Tensors,
} from "./_tensor_fields.ts";
import type { FileReference, SideRule } from "./package_description.ts";
import { parseSteps } from "./parse_steps.ts";

/** Reads the tensors of version 0.5. */
export function tensorsOf5(fields: Fields, reader: FieldReader): Tensors {
  const input = only(fields.inputs, reader, "inputs");
  const output = only(fields.outputs, reader, "outputs");
  const axes = axesOf5(input, reader, "inputs axes");
  const [names, height, width] = axes;
  requireFloat(input, reader);
  const given = axesOf5(output, reader, "outputs axes");
  const id = reader.text(input.id ?? "input", "inputs id");
  const margins = given.slice(1).map((axis, at) =>
    marginOf5(axis, axes[at + 1]!, { reader, id })
  );
  const channels = namesOf(names!, reader, "inputs axes channel");
  const outputs = namesOf(given[0]!, reader, "outputs axes channel");
  const halos = given.slice(1).map(({ halo = 0 }) =>
    reader.whole(halo, "outputs axes halo", [0, 4096])
  );
  return {
    input: {
      channels: channels.length,
      names: channels,
      height: sideOf5(height!, reader),
      width: sideOf5(width!, reader),
      steps: parseSteps(input.preprocessing, {
        ...{ reader, place: "preprocessing", isWhole: true },
        channels: channels.length,
      }),
      ...testOf(input.test_tensor, reader),
    },
    output: {
      channels: outputs.length,
      names: outputs,
      margin: same(margins, reader, "outputs axes size"),
      halo: Math.max(...halos),
      steps: parseSteps(output.postprocessing, {
        ...{ reader, place: "postprocessing", isWhole: false },
        channels: outputs.length,
      }),
      ...testOf(output.test_tensor, reader),
    },
  };
}

function testOf(
  value: unknown,
  reader: FieldReader,
): { test?: FileReference } {
  if (value === undefined || value === null) return {};
  const test = reader.record(value, "test_tensor");
  return { test: fileOf(test, reader, "test_tensor") };
}

/** Channel, y and x, after the batch. */
function axesOf5(tensor: Fields, reader: FieldReader, place: string): Fields[] {
  const axes = reader.list(tensor.axes, place)
    .map((axis) => reader.record(axis, place));
  const order = axes.map(({ type, id }) =>
    reader.text(type === "space" ? id : type, place)
  );
  const wanted = ["batch", "channel", "y", "x"];
  if (`${order}` !== `${wanted}`) throw reader.bad(place, order, `${wanted}`);
  return axes.slice(1);
}

function namesOf(axis: Fields, reader: FieldReader, place: string): string[] {
  return reader.list(axis.channel_names, place, mostChannels)
    .map((name) => reader.text(name, place));
}

function sideOf5({ size }: Fields, reader: FieldReader): SideRule {
  const place = "inputs axes size";
  if (typeof size === "number") {
    return { least: reader.whole(size, place, [1, longestSide]), step: 0 };
  }
  const { min, step } = reader.record(size, place);
  return {
    least: reader.whole(min, `${place} min`, [1, longestSide]),
    step: reader.whole(step, `${place} step`, [1, longestSide]),
  };
}

/** Pixels on each side that an output lacks, of equal scale. */
function marginOf5(
  axis: Fields,
  from: Fields,
  { reader, id }: { readonly reader: FieldReader; readonly id: string },
): number {
  const place = "outputs axes size", { size } = axis;
  if (typeof size === "number") {
    const side = sideOf5(from, reader);
    const whole = reader.whole(size, place, [1, longestSide]);
    if (side.step === 0) return halved(whole - side.least, reader);
    throw reader.bad(place, size, "one that follows the input's");
  }
  const { tensor_id, axis_id, offset = 0 } = reader.record(size, place);
  if (tensor_id !== id || axis_id !== from.id) {
    throw reader.bad(
      place,
      size,
      `that of ${id} ${reader.text(from.id, place)}`,
    );
  }
  if ((axis.scale ?? 1) !== (from.scale ?? 1)) {
    throw reader.bad("outputs axes scale", axis.scale, "the input's");
  }
  return halved(reader.whole(offset, place, [-longestSide, 0]), reader);
}

function requireFloat(input: Fields, reader: FieldReader): void {
  const data = input.data === undefined
    ? {}
    : reader.record(input.data, "inputs data");
  const { type = "float32" } = data;
  const known = ["float32", "float64", "uint8", "uint16"];
  if (known.includes(type as string)) return;
  throw reader.bad("inputs data type", type, known.join(", "));
}
