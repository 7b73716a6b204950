import {
  completePlan,
  createModel,
  decodeModel,
  encodeModel,
  floatValues,
  isFloating,
  loadFeatureLimits,
  mapWeights,
  parseTorch,
  parseWeights,
  readModel,
  saveFeatureLimits,
  serializeSafetensors,
  serializeTorch,
  type WeightsFile,
} from "@unet/model";
import "@tensorflow/tfjs-backend-cpu";
import { createRandom } from "@unet/random";
import { join } from "@std/path";
import { zipOf } from "../_files.ts";
import { joined, type Mutation, pick } from "./_mutate.ts";
import { replaceValue } from "./_mutate_text.ts";
import { insertOpcodes, lieInZip, withHeader } from "./_repair.ts";
import { attempt, type Target } from "./_target.ts";

const fixture = (name: string): Promise<Uint8Array> =>
  Deno.readFile(
    new URL(`../../../model/fixtures/${name}`, import.meta.url),
  );

/** Reads weights to the last value, and fits them to a network. */
async function readWeights(parse: () => WeightsFile): Promise<void> {
  await attempt(() => {
    const file = parse();
    let taken = 0;
    for (const view of file.tensors.values()) {
      if (!isFloating(view) || taken > 1e7) continue;
      taken += floatValues(view).length;
    }
    mapWeights(completePlan({ width: 0.05 }), file.tensors, "weights");
  });
}

/** The pickle of a file whose names are all of its folder. */
function pickleOf(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((_, at) =>
    bytes[at] === 0x80 && bytes[at + 1] === 2
  );
  const end = bytes.findIndex((_, at) =>
    at > start && bytes[at] === 0x2e && bytes[at + 1] === 0x50 &&
    bytes[at + 2] === 0x4b
  );
  return bytes.slice(start, end + 1);
}

/** A PyTorch file around a pickle, with checksums that are right. */
function archive(pickle: Uint8Array): Uint8Array {
  const storages = ["0", "1", "2"].map((key) =>
    [`x/data/${key}`, new Uint8Array(96)] as const
  );
  return zipOf([["x/data.pkl", pickle], ...storages]);
}

const changeHeader: Mutation = (bytes, random) =>
  withHeader(
    bytes,
    { at: 0, size: 8, header: 8 },
    (header) => replaceValue(header, random),
  );

/** Changes the plan or the card, which are JSON within the header's. */
const changeMetadata: Mutation = (bytes, random) =>
  withHeader(bytes, { at: 0, size: 8, header: 8 }, (header) => {
    const whole = new TextDecoder().decode(header);
    // What an earlier change nested so deep cannot be written again.
    if (/\[{1000}/.test(whole)) return header;
    let content: { __metadata__?: Record<string, string> };
    try {
      content = JSON.parse(whole);
    } catch {
      return header;
    }
    const metadata = content.__metadata__ ?? {};
    const name = pick(random, ["plan", "card"]);
    const text = new TextEncoder().encode(String(metadata[name] ?? ""));
    const changed = new TextDecoder().decode(replaceValue(text, random));
    return new TextEncoder().encode(
      JSON.stringify({
        ...content,
        __metadata__: { ...metadata, [name]: changed },
      }),
    );
  });

async function smallModel(): Promise<Uint8Array> {
  const model = createModel({ width: 0.01 }, createRandom(0));
  const card = { threshold: 0.5, instances: { depth: 1 }, data: { images: 3 } };
  const bytes = joined(...await encodeModel(model, card));
  model.dispose();
  return bytes;
}

/** Weights, models and what lies beside them. */
export const modelTargets: Readonly<Record<string, Target>> = {
  pickle: {
    seeds: async () => [
      ...await Promise.all(
        ["float32.pth", "strides.pth", "checkpoint.pth"].map(async (name) =>
          pickleOf(await fixture(name))
        ),
      ),
    ],
    mutations: [insertOpcodes, insertOpcodes],
    read: (bytes) =>
      readWeights(() => ({
        tensors: parseTorch(archive(bytes), "weights.pth"),
        metadata: {},
      })),
  },
  torch: {
    seeds: async () => {
      const tensor = { shape: [2], values: new Float32Array([1, 2]) };
      const names = ["legacy.pth", "legacy_strides.pth", "refused_legacy.pth"];
      return [
        ...await Promise.all([...names, "dtypes.pth"].map(fixture)),
        joined(...serializeTorch(new Map([["head.bias", tensor]]))),
      ];
    },
    mutations: [insertOpcodes, lieInZip],
    read: (bytes) => readWeights(() => parseWeights(bytes, "weights.pth")),
  },
  safetensors: {
    seeds: async () => {
      const tensor = { shape: [2], values: new Float32Array([1, 2]) };
      return [
        await fixture("python.safetensors"),
        joined(...serializeSafetensors(new Map([["w", tensor]]), { a: "b" })),
      ];
    },
    mutations: [changeHeader, changeHeader],
    read: (bytes) => readWeights(() => parseWeights(bytes, "w.safetensors")),
  },
  model: {
    seeds: async () => [
      await smallModel(),
      await fixture("version_5.safetensors"),
    ],
    mutations: [changeHeader, changeMetadata, changeMetadata, changeMetadata],
    read: async (bytes) => {
      await attempt(() => {
        const { plan, file } = decodeModel(bytes, "model.safetensors");
        mapWeights(plan, file.tensors, "model.safetensors");
      });
    },
  },
  int8: {
    seeds: async (folder) => {
      const path = join(folder, "model.safetensors");
      await Deno.writeFile(path, await smallModel());
      const limits = new Map([["encoder.features.0", 2.5], ["head", 1]]);
      return [await Deno.readFile(await saveFeatureLimits(path, limits))];
    },
    mutations: [replaceValue, replaceValue],
    read: async (bytes, folder) => {
      const path = join(folder, "model.safetensors");
      await Deno.writeFile(join(folder, "model.int8.json"), bytes);
      await attempt(async () => loadFeatureLimits(await readModel(path)));
    },
  },
};
