/**
 * The program of convolutions on planes.
 *
 * @module
 */
import { Assembly, vectorsOf } from "./assembly.ts";
import { parametersOf } from "./parameters.ts";
import { packPixels, roundSums } from "./planes_bytes.ts";
import { constantPlace } from "./planes_constants.ts";
import {
  pixelBytes,
  pixelsPerVector,
  vectorsPerGroup as vectors,
} from "./planes_grid.ts";
import { begin, end, forEachPiece } from "./strips.ts";
import type { Emitter } from "./transforms.ts";

/** What a program is given. */
export const planesParameters = parametersOf([
  // Planes that are read, of one tensor and behind them of another.
  ...["source", "planes", "source2", "planes2", "sourcePlane"] as const,
  // Planes that are written, and blocks of eight channels; or logits, whose
  // channels are counted.
  ...["target", "targetPlane", "blocks", "logits"] as const,
  // A grid's bytes per row and to the first pixel; groups of a piece.
  ...["row", "first", "groups", "masks", "places"] as const,
  ...["kernel", "scale", "bias", "constants"] as const,
]);

/** What programs differ by. */
export interface PlanesVariant {
  /** What planes hold that are read. */
  readonly from: "bytes" | "floats";
  /** The kernel's numbers: 3×3 or 1×1. */
  readonly taps: 9 | 1;
  /** What is written: planes, or floats in tfjs' order. */
  readonly to: "bytes" | "floats" | "logits";
}

/** Output channels of a block. */
export const blockChannels = 8;

const { at } = planesParameters;
const local = {
  first: "[rsp]",
  masks: "[rsp+8]",
  places: "[rsp+16]",
  kernel: "[rsp+24]",
  target: "[rsp+32]",
  blocks: "[rsp+40]",
  scale: "[rsp+48]",
  bias: "[rsp+56]",
} as const;
const vectorBytes = pixelsPerVector * pixelBytes;
const groupBytes = vectors * vectorBytes;
const { register: r } = vectorsOf(16);
const sum = (channel: number, vector: number) => r(channel * vectors + vector);
const everySum = [...Array(blockChannels * vectors).keys()];
const everyChannel = [...Array(blockChannels).keys()];
const everyVector = [...Array(vectors).keys()];

/**
 * Makes the program. A piece of work is a few groups of pixels, of which all
 * channels are computed: 48 pixels by eight channels in registers. Kernels are
 * `[block][plane][tap][output of the block]`, four inputs' bytes or one float
 * each.
 */
export function planesProgram(variant: PlanesVariant): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  const emitter: Emitter = { assembly, vectors: vectorsOf(16) };
  const nextBlock = assembly.label("block"),
    nextGroup = assembly.label("group");
  begin(emitter);
  forEachPiece(emitter, () => {
    if (variant.to === "bytes") clearFirst(emitter);
    placePiece(emitter);
    assembly.emit(
      `${nextBlock}:`,
      `mov r13, ${local.first}`,
      `mov r14, ${local.masks}`,
      `mov r15, ${at("groups")}`,
      `${nextGroup}:`,
    );
    multiply(emitter, variant);
    writers[variant.to](emitter, variant);
    assembly.emit(
      `add r13, ${groupBytes}`,
      `add r14, ${2 * vectors}`,
      "sub r15, 1",
      `jnz ${nextGroup}`,
      `mov ${local.kernel}, r12`,
      `add qword ptr ${local.scale}, ${4 * blockChannels}`,
      `add qword ptr ${local.bias}, ${4 * blockChannels}`,
      `mov rax, ${at("targetPlane")}`,
      `shl rax, ${variant.to === "floats" ? 3 : 1}`,
      `add ${local.target}, rax`,
      `sub qword ptr ${local.blocks}, 1`,
      `jnz ${nextBlock}`,
    );
  });
  end(emitter);
  return assembly.bytes();
}

/** In the first piece, the padding before the first pixel of every plane. */
function clearFirst({ assembly }: Emitter): void {
  const skip = assembly.label("placed");
  assembly.emit(
    "test rax, rax",
    `jnz ${skip}`,
    `mov rdi, ${at("target")}`,
    `mov rdx, ${at("blocks")}`,
    "add rdx, rdx",
  );
  assembly.repeat("rdx", () => {
    assembly.emit("mov rsi, rdi", `mov rcx, ${at("first")}`, "shr rcx, 2");
    assembly.repeat("rcx", () => {
      assembly.emit("mov dword ptr [rsi], eax", "add rsi, 4");
    });
    assembly.emit(`add rdi, ${at("targetPlane")}`);
  });
  assembly.emit(`${skip}:`);
}

/** Finds what piece rax begins with. */
function placePiece({ assembly }: Emitter): void {
  assembly.emit(
    `imul rax, ${at("groups")}`,
    `imul rcx, rax, ${groupBytes}`,
    `add rcx, ${at("first")}`,
    `mov ${local.first}, rcx`,
    `imul rcx, rax, ${2 * vectors}`,
    `add rcx, ${at("masks")}`,
    `mov ${local.masks}, rcx`,
    `imul rcx, rax, ${4 * vectors}`,
    `add rcx, ${at("places")}`,
    `mov ${local.places}, rcx`,
  );
  for (const name of ["kernel", "target", "blocks", "scale", "bias"] as const) {
    assembly.emit(`mov rcx, ${at(name)}`, `mov ${local[name]}, rcx`);
  }
}

/** Adds up products over both sources' planes and all taps. */
function multiply(emitter: Emitter, { from, taps }: PlanesVariant): void {
  const { assembly } = emitter;
  if (from === "bytes") {
    everySum.forEach((n) => assembly.emit(`vpxord ${r(n)}, ${r(n)}, ${r(n)}`));
  } else {
    assembly.emit(`mov rax, ${local.bias}`);
    everyChannel.forEach((channel) =>
      everyVector.forEach((vector) =>
        assembly.emit(
          `vbroadcastss ${sum(channel, vector)}, [rax+${4 * channel}]`,
        )
      )
    );
  }
  assembly.emit(`mov r12, ${local.kernel}`);
  addPlanes(emitter, { from, taps }, ["source", "planes"]);
  if (taps === 9 && from === "bytes") {
    addPlanes(emitter, { from, taps }, ["source2", "planes2"]);
  }
}

function addPlanes(
  { assembly }: Emitter,
  { from, taps }: Pick<PlanesVariant, "from" | "taps">,
  [source, planes]:
    | readonly ["source", "planes"]
    | readonly [
      "source2",
      "planes2",
    ],
): void {
  const product = from === "bytes" ? "vpdpbusd" : "vfmadd231ps";
  assembly.emit(
    `mov rsi, ${at(source)}`,
    "add rsi, r13",
    `mov r11, ${at("sourcePlane")}`,
  );
  if (taps === 9) {
    assembly.emit(
      `mov rax, ${at("row")}`,
      "mov r9, rsi",
      "sub rsi, rax",
      "lea r10, [r9+rax]",
    );
  }
  assembly.emit(`mov rcx, ${at(planes)}`);
  assembly.repeat("rcx", () => {
    // The next plane is far from this one, where no processor expects it.
    for (const row of taps === 1 ? ["rsi"] : ["rsi", "r9", "r10"]) {
      for (const vector of everyVector) {
        assembly.emit(`prefetcht0 [${row}+r11+${vector * vectorBytes}]`);
      }
    }
    for (let tap = 0; tap < taps; tap++) {
      const row = taps === 1
        ? "rsi"
        : ["rsi", "r9", "r10"][Math.floor(tap / 3)];
      const shift = taps === 1 ? 0 : (tap % 3 - 1) * pixelBytes;
      for (const vector of everyVector) {
        const place = shift + vector * vectorBytes;
        const sign = place < 0 ? "-" : "+";
        assembly.emit(
          `vmovdqu32 ${r(24 + vector)}, [${row}${sign}${Math.abs(place)}]`,
        );
      }
      for (const channel of everyChannel) {
        const weight = r(27 + channel % 5);
        const place = 4 * (tap * blockChannels + channel);
        assembly.emit(`vpbroadcastd ${weight}, [r12+${place}]`);
        for (const vector of everyVector) {
          assembly.emit(
            `${product} ${sum(channel, vector)}, ${r(24 + vector)}, ${weight}`,
          );
        }
      }
    }
    assembly.emit("add rsi, r11", `add r12, ${4 * blockChannels * taps}`);
    if (taps === 9) assembly.emit("add r9, r11", "add r10, r11");
  });
}

/** Whole numbers' sums to floats: what a step stands for, and the bias. */
function scaleSums({ assembly }: Emitter): void {
  assembly.emit(`mov rax, ${local.scale}`, `mov rdx, ${local.bias}`);
  for (const channel of everyChannel) {
    assembly.emit(
      `vbroadcastss ${r(24)}, [rax+${4 * channel}]`,
      `vbroadcastss ${r(25)}, [rdx+${4 * channel}]`,
    );
    for (const vector of everyVector) {
      const each = sum(channel, vector);
      assembly.emit(
        `vcvtdq2ps ${each}, ${each}`,
        `vfmadd213ps ${each}, ${r(24)}, ${r(25)}`,
      );
    }
  }
}

const writers = {
  /** Rounds to 0…255, which is ReLU, and sets padding to 0. */
  bytes(emitter: Emitter, { from }: PlanesVariant): void {
    const { assembly } = emitter;
    if (from === "bytes") scaleSums(emitter);
    assembly.emit(
      `mov rax, ${at("constants")}`,
      `vmovdqu32 ${r(30)}, [rax+${constantPlace("pixels")}]`,
      `vmovups ${r(29)}, [rax+${constantPlace("most")}]`,
    );
    roundSums(emitter, everySum);
    everyVector.forEach((vector) =>
      assembly.emit(`kmovw k${1 + vector}, [r14+${2 * vector}]`)
    );
    assembly.emit(
      `vpxord ${r(31)}, ${r(31)}, ${r(31)}`,
      `mov rdi, ${local.target}`,
      "add rdi, r13",
    );
    for (const quad of [0, 4]) {
      for (const vector of everyVector) {
        const four = [0, 1, 2, 3].map((i) => sum(quad + i, vector));
        packPixels(emitter, four, 24);
        assembly.emit(
          `vpblendmd ${r(24)}{k${1 + vector}}, ${r(31)}, ${r(24)}`,
          `vmovdqu32 [rdi+${vector * vectorBytes}], ${r(24)}`,
        );
      }
      if (quad === 0) assembly.emit(`add rdi, ${at("targetPlane")}`);
    }
  },
  /** Floats, of ReLU; padding holds anything. */
  floats(emitter: Emitter): void {
    const { assembly } = emitter;
    scaleSums(emitter);
    assembly.emit(
      `vpxord ${r(31)}, ${r(31)}, ${r(31)}`,
      `mov rdi, ${local.target}`,
      "add rdi, r13",
    );
    for (const channel of everyChannel) {
      for (const vector of everyVector) {
        const each = sum(channel, vector);
        assembly.emit(
          `vmaxps ${each}, ${each}, ${r(31)}`,
          `vmovups [rdi+${vector * vectorBytes}], ${each}`,
        );
      }
      assembly.emit(`add rdi, ${at("targetPlane")}`);
    }
  },
  /** The pixels alone, in tfjs' order. */
  logits({ assembly }: Emitter): void {
    assembly.emit(
      `mov rax, ${at("constants")}`,
      `mov r8, ${at("logits")}`,
      "shl r8, 2",
      `vpbroadcastd ${r(25)}, r8d`,
      `vpmulld ${r(25)}, ${r(25)}, [rax+${constantPlace("lanes")}]`,
      `mov r9, ${local.places}`,
    );
    for (const vector of everyVector) {
      const done = assembly.label("written");
      assembly.emit(
        `movsxd rdi, dword ptr [r9+${4 * vector}]`,
        "imul rdi, r8",
        `add rdi, ${local.target}`,
        `movzx ecx, word ptr [r14+${2 * vector}]`,
        "kmovw k1, ecx",
        "popcnt ecx, ecx",
        "mov edx, 65535",
        "bzhi edx, edx, ecx",
        `mov rsi, ${at("logits")}`,
      );
      for (const channel of everyChannel) {
        assembly.emit(
          `vcompressps ${r(24)}{k1}{z}, ${sum(channel, vector)}`,
          "kmovw k2, edx",
          `vscatterdps [rdi+${r(25)}]{k2}, ${r(24)}`,
          // The assembler has no displacement of a scatter.
          "add rdi, 4",
          "sub rsi, 1",
          `jz ${done}`,
        );
      }
      assembly.emit(`${done}:`);
    }
    assembly.emit(`add r9, ${4 * vectors}`, `mov ${local.places}, r9`);
  },
} as const;
