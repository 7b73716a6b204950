/**
 * The names of all devices, present and to come: `tensorflow` (TensorFlow's
 * C library), `onednn` (Intel's oneDNN), `webgpu`, `wasm` (WebAssembly, one
 * core, no set-up) and `cpu` (plain JavaScript, slow).
 */
export type DeviceName = "tensorflow" | "onednn" | "webgpu" | "wasm" | "cpu";

/**
 * The numbers that a device computes with: 32-bit floats throughout, or 16-bit
 * ones where the device finds them good enough.
 */
export type Precision = "float32" | "mixed";

/** A device that is open: tfjs computes on it. */
export interface Device {
  /** Its name. */
  readonly name: DeviceName;
  /** The library that computes, and its version. */
  readonly version: string;
  /** What it computes on. */
  readonly hardware: string;
  /** What it computes with. */
  readonly precision: Precision;
  /** Those of `requiredKernels` that it lacks; training may need them. */
  readonly missingKernels: readonly string[];
  /**
   * Speed of a 3×3 convolution in 10⁹ floating-point operations a second, as
   * measured on opening or remembered; a guide to how large a model it can train.
   */
  readonly gflops: number;
  /** The devices that `auto` did not take, and why; else empty. */
  readonly passedOver: readonly PassedOver[];
  /**
   * Why `auto` did not simply take the fastest device, or the one that it took
   * before; absent where it did.
   */
  readonly choiceNote?: string;
  /** Counts what is computed, if the device can. */
  readonly trace?: DeviceTrace;
  /** The threads that it computes with, if it can compute with fewer. */
  readonly threads?: DeviceThreads;
  /**
   * Closes the device. Its tensors are gone once everybody who opened it has
   * closed it. Closing twice does nothing.
   */
  close(): Promise<void>;
}

/** Facts about an open device. */
export type DeviceFacts = Omit<Device, "trace" | "threads" | "close">;

/** The threads that a device computes with. */
export interface DeviceThreads {
  /** How many it has. */
  readonly count: number;
  /**
   * Computes with fewer from now on, so that devices in other threads of the
   * program can share the processor. Results keep their bits.
   *
   * @param count From 1 to {@linkcode count}.
   */
  use(count: number): void;
}

/**
 * One kernel of a trace: its name, the library that computed it, calls and
 * time.
 */
export interface TraceRow {
  /** The kernel, or what a primitive of the device's library computes. */
  readonly name: string;
  /** The implementation, the library, or "tfjs cpu" for a detour. */
  readonly by: string;
  /** How often. */
  readonly calls: number;
  /** How long in all. */
  readonly seconds: number;
  /** Floating-point operations in all, as far as they are known. */
  readonly operations: number;
  /** Bytes read and written in all, as far as they are known. */
  readonly bytes: number;
}

/** The kernels that were computed during a trace. */
export interface TraceReport {
  /** By kernel of tfjs or of this project. */
  readonly kernels: readonly TraceRow[];
  /** By primitive of the device's library. */
  readonly primitives: readonly TraceRow[];
}

/** Counts what a device computes. */
export interface DeviceTrace {
  /** Begins, with nothing counted. */
  begin(): void;
  /** Ends, and reports what was counted. */
  end(): TraceReport;
}

/** A device that `auto` did not take. */
export interface PassedOver {
  /** Its name. */
  readonly name: DeviceName;
  /** Why not. */
  readonly reason: string;
}
