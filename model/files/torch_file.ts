import { brief, briefText, cannot, ModelError } from "@unet/errors";
import type { SafetensorsDtype, SafetensorsView } from "./safetensors.ts";
import {
  dtypeBytes,
  type Strided,
  stridedBytes,
  stridedFault,
} from "./strided.ts";
import { type Bad, type PickleGlobal, unpickle } from "@unet/files/unpickle";
import { zipRecords } from "./zip_records.ts";

/** The element type of each storage class of PyTorch that is read. */
const storageTypes: Readonly<Record<string, SafetensorsDtype>> = {
  "torch.DoubleStorage": "F64",
  "torch.FloatStorage": "F32",
  "torch.HalfStorage": "F16",
  "torch.BFloat16Storage": "BF16",
  "torch.LongStorage": "I64",
};

/** The first pickle of the older format, and its one version. */
const legacyMagic = 0x1950a86a20f9469cfc6cn, legacyProtocol = 1001;

/** Where checkpoints of training scripts keep the weights. */
const wrapperNames = ["state_dict", "model_state_dict", "model"] as const;

/** Elements kept outside of the pickle. */
class Storage {
  bytes: Uint8Array | undefined;

  constructor(
    readonly dtype: SafetensorsDtype,
    readonly key: string,
    readonly count: number,
  ) {}
}

/** A tensor of the pickle. */
class TorchTensor {
  constructor(readonly storage: Storage, readonly walk: Strided) {}
}

/**
 * Reads the tensors of a file that `torch.save` wrote, a zip file or the older
 * format. Nothing in it is run: a pickle may hold tensors, ordered
 * dictionaries and numbers, and any other name in it is refused. Records,
 * storages, offsets, shapes and strides are checked before a tensor is handed
 * out.
 *
 * @param bytes The file.
 * @param name What to call it in a message.
 * @returns The tensors by name, in the order of the file: those of a state
 * dict, or of the one in a checkpoint under `state_dict`, `model_state_dict`
 * or `model`. Where elements do not lie in a row, reading `bytes` copies them.
 * @throws {ModelError} If the file is damaged, or holds anything else.
 *
 * @example
 * ```ts
 * import { floatValues, parseTorch, serializeTorch } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const tensor = { shape: [2], values: new Float32Array([1, 2]) };
 * const pieces = serializeTorch(new Map([["weight", tensor]]));
 * const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
 * const read = parseTorch(bytes, "example.pth").get("weight")!;
 * assertEquals(floatValues(read), tensor.values);
 * ```
 */
export function parseTorch(
  bytes: Uint8Array,
  name: string,
): Map<string, SafetensorsView> {
  const bad: Bad = (found, expected) =>
    new ModelError(cannot("read", "PyTorch file", name, { found, expected }));
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const { value, storages } = isZip
    ? readZip(bytes, bad)
    : readLegacy(bytes, bad);
  for (const { key, dtype, count, bytes } of storages) {
    const expected = count * dtypeBytes[dtype];
    if (bytes?.length === expected) continue;
    throw bad(
      `storage ${brief(key)} of ${bytes?.length ?? 0} bytes`,
      `${expected} for ${count} elements of ${dtype}`,
    );
  }
  return viewsOf(stateOf(value, bad), bad);
}

/** The one state dict of what a file holds. */
function stateOf(value: unknown, bad: Bad): Map<unknown, unknown> {
  if (value instanceof Map) {
    if ([...value.values()].some((one) => one instanceof TorchTensor)) {
      return value;
    }
    for (const wrapper of wrapperNames) {
      const inner = value.get(wrapper);
      if (inner instanceof Map) return inner;
    }
  }
  throw bad("no tensors by name", "a state dict");
}

function viewsOf(
  state: ReadonlyMap<unknown, unknown>,
  bad: Bad,
): Map<string, SafetensorsView> {
  const views = new Map<string, SafetensorsView>();
  for (const [key, tensor] of state) {
    const name = String(key);
    if (!(tensor instanceof TorchTensor)) {
      throw bad(`${brief(name)}, which is no tensor`, "tensors by name");
    }
    const { storage, walk } = tensor;
    const fault = stridedFault(walk, storage.count);
    if (fault !== undefined) {
      throw bad(
        `tensor ${brief(name)} with ${fault}`,
        `each of its elements once, within ${storage.count}`,
      );
    }
    views.set(name, {
      dtype: storage.dtype,
      shape: walk.shape,
      get bytes() {
        return stridedBytes(storage.bytes!, walk, dtypeBytes[storage.dtype]);
      },
    });
  }
  return views;
}

interface Content {
  value: unknown;
  storages: Iterable<Storage>;
}

function readZip(bytes: Uint8Array, bad: Bad): Content {
  const records = zipRecords(bytes, bad);
  const pickles = [...records.keys()].filter((name) =>
    /(^|\/)data\.pkl$/.test(name)
  );
  const [pickle] = pickles;
  if (pickle === undefined || pickles.length > 1) {
    throw bad(
      `${pickles.length} records named data.pkl`,
      "what torch.save wrote",
    );
  }
  const folder = pickle.slice(0, -"data.pkl".length);
  if (records.has(`${folder}constants.pkl`)) {
    throw bad("a TorchScript program", "weights, as of model.state_dict()");
  }
  const order = records.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(order) !== "little") {
    throw bad("bytes in another order", "little endian");
  }
  const storages = new Map<string, Storage>();
  const { value } = unpickle(
    records.get(pickle)!,
    0,
    rulesFor(storages, bad),
  );
  for (const storage of storages.values()) {
    storage.bytes = records.get(`${folder}data/${storage.key}`);
  }
  return { value, storages: storages.values() };
}

/** Magic, version, system, state, storage keys, then each storage. */
function readLegacy(bytes: Uint8Array, bad: Bad): Content {
  const storages = new Map<string, Storage>();
  const rules = rulesFor(storages, bad);
  let at = 0;
  const next = (): unknown => {
    const { value, end } = unpickle(bytes, at, rules);
    at = end;
    return value;
  };
  if (bytes[0] !== 0x80 || next() !== legacyMagic) {
    throw bad("no file of PyTorch", "what torch.save wrote");
  }
  const version = next();
  if (version !== legacyProtocol) {
    throw bad(`format ${brief(version)}`, String(legacyProtocol));
  }
  const system = next();
  if (!(system instanceof Map) || system.get("little_endian") !== true) {
    throw bad("bytes in another order", "little endian");
  }
  const value = next(), keys = next();
  if (!Array.isArray(keys)) throw bad("no list of storages", "their keys");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const key of keys) {
    const storage = typeof key === "string" ? storages.get(key) : undefined;
    if (storage === undefined || storage.bytes !== undefined) {
      throw bad(`storage ${brief(key)}`, "each that a tensor needs, once");
    }
    if (bytes.length - at < 8) throw bad("a file that is cut off", "a storage");
    const count = view.getBigInt64(at, true);
    const size = storage.count * dtypeBytes[storage.dtype];
    if (count !== BigInt(storage.count) || size > bytes.length - at - 8) {
      throw bad(
        `storage ${brief(storage.key)} of ${count} elements`,
        `${storage.count}, within the file`,
      );
    }
    storage.bytes = bytes.subarray(at + 8, at + 8 + size);
    at += 8 + size;
  }
  if (at !== bytes.length) {
    throw bad(`${bytes.length - at} bytes after the last storage`, "none");
  }
  return { value, storages: storages.values() };
}

function rulesFor(storages: Map<string, Storage>, bad: Bad) {
  const globals = new Map<string, PickleGlobal>();
  const dtypes = new Map<unknown, SafetensorsDtype>();
  const allow = (name: string, call?: PickleGlobal["call"]): PickleGlobal => {
    const global = call ? { name, call } : { name };
    globals.set(name, global);
    return global;
  };
  for (const [name, dtype] of Object.entries(storageTypes)) {
    dtypes.set(allow(name), dtype);
  }
  allow("collections.OrderedDict", (args) => {
    if (args.length === 0) return new Map();
    throw bad("an ordered dictionary made of values", "an empty one, filled");
  });
  allow("torch._utils._rebuild_tensor_v2", (args) => tensorOf(args, bad));
  allow("torch._utils._rebuild_parameter", ([tensor]) => {
    if (tensor instanceof TorchTensor) return tensor;
    throw bad("a parameter that is no tensor", "a tensor");
  });
  return {
    bad,
    find(name: string): PickleGlobal {
      const found = globals.get(name);
      if (found !== undefined) return found;
      throw bad(
        `"${briefText(name)}", which is not run`,
        "tensors, ordered dictionaries and numbers alone: save model.state_dict()",
      );
    },
    load(id: unknown): Storage {
      const [kind, type, key, , count, part] = Array.isArray(id) ? id : [];
      const dtype = dtypes.get(type);
      if (
        kind !== "storage" || dtype === undefined || typeof key !== "string" ||
        !Number.isSafeInteger(count) || count < 0 || (part ?? null) !== null
      ) {
        throw bad(
          "a storage of other parts",
          "type, key and number of elements",
        );
      }
      const known = storages.get(key);
      if (known !== undefined) {
        if (known.dtype === dtype && known.count === count) return known;
        throw bad(`storage ${brief(key)} of two kinds`, "one");
      }
      const storage = new Storage(dtype, key, count);
      storages.set(key, storage);
      return storage;
    },
  };
}

function tensorOf(args: readonly unknown[], bad: Bad): TorchTensor {
  const [storage, offset, shape, strides] = args;
  if (
    !(storage instanceof Storage) || typeof offset !== "number" ||
    !Array.isArray(shape) || !Array.isArray(strides)
  ) throw bad("a tensor of other parts", "storage, offset, shape and strides");
  return new TorchTensor(storage, { offset, shape, strides });
}
