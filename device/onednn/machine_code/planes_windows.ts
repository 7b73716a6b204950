/**
 * How Winograd's program on planes reads and transforms the pixels of a strip.
 *
 * @module
 */
import { vectorsOf } from "./assembly.ts";
import { constantPlace } from "./planes_constants.ts";
import {
  at,
  groups,
  inputsAt,
  local,
  pairRows,
  registers,
  rowBytes,
  rowsAt,
  vector,
} from "./planes_strip.ts";
import { transformWords, transposeDwords } from "./planes_transforms.ts";
import type { Emitter } from "./transforms.ts";

const { register: r } = vectorsOf(16);

/** Transforms the inputs of strip rax; r8 to r11 = the groups' targets. */
export function readStrip(emitter: Emitter): void {
  const { assembly } = emitter;
  const place = (): void => {
    assembly.emit(`mov r15, ${local.groups}`);
    groups.forEach((group, i) =>
      assembly.emit(`movsxd ${group}, dword ptr [r15+${4 * i}]`)
    );
  };
  assembly.emit(
    "shl rax, 4",
    `add rax, ${at("groups")}`,
    `mov ${local.groups}, rax`,
    `mov rax, ${at("constants")}`,
    `vmovdqu32 ${r(31)}, [rax+${constantPlace("words")}]`,
    `mov rax, ${at("row")}`,
    `mov r13, ${at("productBytes")}`,
    `lea rdi, [rbp+${inputsAt}]`,
  );
  for (
    const [source, planes] of [
      ["source", "planes"],
      ["source2", "planes2"],
    ] as const
  ) {
    place();
    assembly.emit(`mov rcx, ${at(source)}`);
    groups.forEach((group) => assembly.emit(`add ${group}, rcx`));
    assembly.emit(`mov r14, ${at(planes)}`);
    assembly.repeat("r14", () => {
      readPlane(emitter);
      assembly.emit(`mov rcx, ${at("sourcePlane")}`);
      groups.forEach((group) => assembly.emit(`add ${group}, rcx`));
      assembly.emit(`add rdi, ${2 * vector}`);
    });
  }
  place();
  // Groups begin a row and a pixel before what is written.
  assembly.emit(`mov rcx, ${at("target")}`, "lea rcx, [rcx+rax+4]");
  groups.forEach((group) => assembly.emit(`add ${group}, rcx`));
}

/** Transforms a plane's four channels to two pairs' products, from rdi on. */
function readPlane(emitter: Emitter): void {
  const { assembly } = emitter;
  const spare = registers(8, 4), words = registers(8, 6);
  assembly.emit("xor ecx, ecx", `lea rdx, [rbp+${rowsAt}]`, "mov r12, 6");
  assembly.repeat("r12", () => {
    for (const [from, to] of [[0, 4], [16, 2]] as const) {
      const read = registers(from === 0 ? 0 : 4, 4);
      groups.forEach((group, i) =>
        assembly.emit(`vmovdqu32 ${read[i]}, [${group}+rcx+${from}]`)
      );
      transposeDwords(emitter, read, { to: read.slice(0, to), spare });
    }
    for (const pair of [0, 1]) {
      words.forEach((word, i) =>
        assembly.emit(
          pair === 0
            ? `vpandd ${word}, ${r(i)}, ${r(31)}`
            : `vpsrlw ${word}, ${r(i)}, 8`,
        )
      );
      transformWords(
        emitter,
        words,
        registers(14, 6),
        (i) => `[rdx+${pair * pairRows + i * vector}]`,
      );
    }
    assembly.emit("add rcx, rax", `add rdx, ${rowBytes}`);
  });
  for (const pair of [0, 1]) {
    assembly.emit(
      `lea rdx, [rbp+${rowsAt + pair * pairRows}]`,
      `lea rsi, [rdi+${pair * vector}]`,
      "lea rcx, [r13+r13*2]",
      "add rcx, rcx",
      "mov r12, 6",
    );
    assembly.repeat("r12", () => {
      words.forEach((word, i) =>
        assembly.emit(`vmovdqu32 ${word}, [rdx+${i * rowBytes}]`)
      );
      assembly.emit("lea r15, [rsi+rcx*2]", "add r15, rcx");
      const places = ["rsi", "r15"].flatMap((row) =>
        ["", "+rcx", "+rcx*2"].map((step) => `[${row}${step}]`)
      );
      transformWords(emitter, words, registers(14, 6), (i) => places[i]!);
      assembly.emit(`add rdx, ${vector}`, "add rsi, r13");
    });
  }
}
