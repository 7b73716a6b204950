import type { Bytes, Library } from "./_library.ts";
import { chooseDevice, type ListedDevice } from "./placement.ts";

/** How TensorFlow runs. */
export interface ContextOptions {
  /** Threads of an operation and at once; default: one per core. */
  readonly threads?: number | undefined;
  /** Whether to take memory of a GPU as it is needed; default: true. */
  readonly memoryGrowth?: boolean | undefined;
  /** The name of the device to live on; default: the first GPU, else CPU. */
  readonly device?: string | undefined;
}

/** TensorFlow's eager context: what executes operations. */
export interface Context {
  /** Its address. */
  readonly handle: bigint;
  /** Every device in it. */
  readonly devices: readonly ListedDevice[];
  /** The name of the one where tensors live. */
  readonly device: string;
  /** Whether that is a GPU. */
  readonly isGpu: boolean;
  /** Whether tensors of JavaScript are copied there. */
  readonly copies: boolean;
  /** Deletes it; its tensors must be gone. */
  delete(): void;
}

/**
 * Starts a context. Execution is synchronous: a fault is reported by the call
 * that caused it.
 *
 * @throws {DeviceError} If TensorFlow refuses.
 */
export function createContext(
  { call, status, check, text }: Library,
  options: ContextOptions = {},
): Context {
  const settings = call.TFE_NewContextOptions();
  let handle: bigint;
  try {
    const config = encodeConfig(options);
    const length = BigInt(config.length);
    call.TFE_ContextOptionsSetConfig(settings, config, length, status);
    check("configure", "device", "tensorflow");
    handle = call.TFE_NewContext(settings, status);
    check("start", "device", "tensorflow");
  } finally {
    call.TFE_DeleteContextOptions(settings);
  }
  const list = call.TFE_ContextListDevices(handle, status);
  check("list", "devices of", "tensorflow");
  const devices: ListedDevice[] = [];
  for (let i = 0; i < call.TF_DeviceListCount(list); i++) {
    const name = text(call.TF_DeviceListName(list, i, status));
    check("read", "device name of", "tensorflow");
    const type = text(call.TF_DeviceListType(list, i, status));
    check("read", "device type of", "tensorflow");
    devices.push({ name, type });
  }
  call.TF_DeleteDeviceList(list);
  const chosen = chooseDevice(devices);
  return {
    handle,
    devices,
    device: options.device ?? chosen.name,
    isGpu: chosen.isGpu,
    copies: chosen.isGpu || options.device !== undefined,
    delete: () => call.TFE_DeleteContext(handle),
  };
}

/**
 * TensorFlow's `ConfigProto` (`tensorflow/core/protobuf/config.proto`):
 * fields 2 and 5 are the threads of one operation and of several at once,
 * field 6 holds the GPU's options, of which field 4 lets memory grow.
 */
export function encodeConfig(
  { threads, memoryGrowth = true }: ContextOptions,
): Bytes {
  const field = (number: number, value: number) => [
    number << 3,
    ...encodeVarint(value),
  ];
  const growth = field(4, memoryGrowth ? 1 : 0);
  return Uint8Array.from([
    ...threads === undefined
      ? []
      : [...field(2, threads), ...field(5, threads)],
    6 << 3 | 2,
    growth.length,
    ...growth,
  ]);
}

function encodeVarint(value: number): number[] {
  return value < 128
    ? [value]
    : [value & 127 | 128, ...encodeVarint(Math.floor(value / 128))];
}
