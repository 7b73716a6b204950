/**
 * A strip is what a thread works on at a time: up to 16 windows of 4×4 pixels
 * side by side, or, where rows are short, the windows of several whole rows.
 *
 * Register rbx holds the arguments, rbp the thread's own memory, rsp what a
 * strip is made of.
 *
 * @module
 */
import type { Vectors } from "./assembly.ts";
import { type Argument, placeOf } from "./arguments.ts";
import type { Emitter } from "./transforms.ts";

/** The most windows of a strip, and as many results in registers. */
export const stripWindows = 16;

/** Products of a window: the 6×6 that 4×4 outputs are made of. */
export const products = 36;

/** What a program remembers of its strip, each in 8 bytes from rsp on. */
const locals = [
  ...["firstRow", "rows", "row", "firstColumn", "windows"],
  ...["channel", "image", "imageRow", "leading", "middle", "trailing"],
  ...["kernel", "inputs", "sums", "strip", "lastStrip", "allWindows"],
  // Several strips, and several blocks of output channels.
  ...["firstStrip", "firstBlock", "lastBlock"],
  // Where the block of channels lies that is read: which one it is of its
  // tensor, and that tensor's place and bytes from one to the next.
  ...["block", "from", "fromColumn", "fromRow", "fromImage"],
  ...["fromPair", "fromOdd"],
] as const;

/** What a tensor's place and steps are called, among the arguments. */
export const steps = ["", "Column", "Row", "Image", "Pair", "Odd"] as const;

/** Bytes of the stack that locals take. */
const stack = 8 * (locals.length + (locals.length & 1));

/** Where a local lies. */
export function local(name: typeof locals[number]): string {
  return `[rsp+${8 * locals.indexOf(name)}]`;
}

/** Where an argument lies. */
export function argument(name: Argument): string {
  return `[rbx+${placeOf[name]}]`;
}

const saved = ["rbx", "rbp", "r12", "r13", "r14", "r15"];

/** Begins a program: its only parameter is where the arguments lie. */
export function begin({ assembly }: Emitter): void {
  assembly.emit(
    ...saved.map((register) => `push ${register}`),
    `sub rsp, ${stack}`,
    "mov rbx, rdi",
    "mov rax, 1",
    `lock xadd ${argument("threads")}, rax`,
    `imul rax, ${argument("scratchBytes")}`,
    `add rax, ${argument("scratch")}`,
    "mov rbp, rax",
  );
}

/** Ends a program. */
export function end({ assembly }: Emitter): void {
  assembly.emit(
    "vzeroupper",
    `add rsp, ${stack}`,
    ...saved.toReversed().map((register) => `pop ${register}`),
    "ret",
  );
}

/** Runs `body` on every piece of work, which rax counts, until none is left. */
export function forEachPiece(emitter: Emitter, body: () => void): void {
  const { assembly } = emitter;
  const next = assembly.label("next"), done = assembly.label("done");
  assembly.emit(
    `${next}:`,
    "mov rax, 1",
    `lock xadd ${argument("counter")}, rax`,
    `cmp rax, ${argument("pieces")}`,
    `jge ${done}`,
  );
  body();
  assembly.emit(`jmp ${next}`, `${done}:`);
}

/**
 * Finds out what the strip of number rax is made of.
 *
 * @param most The windows of a strip that is no row's last.
 */
export function placeStrip({ assembly }: Emitter, most: number): void {
  assembly.emit(
    "xor edx, edx",
    `div qword ptr ${argument("strips")}`,
    `imul rdx, rdx, ${most}`,
    `imul rax, ${argument("rowsPerStrip")}`,
    `mov ${local("firstRow")}, rax`,
    // Windows a row.
    `mov rcx, ${argument("windowColumns")}`,
    "sub rcx, rdx",
    `mov rsi, ${most}`,
    "cmp rcx, rsi",
    "cmovg rcx, rsi",
    `mov ${local("windows")}, rcx`,
    "shl rdx, 2",
    `mov ${local("firstColumn")}, rdx`,
    // Rows.
    `mov rdx, ${argument("allRows")}`,
    "sub rdx, rax",
    `mov rsi, ${argument("rowsPerStrip")}`,
    "cmp rdx, rsi",
    "cmovg rdx, rsi",
    `mov ${local("rows")}, rdx`,
    "imul rcx, rdx",
    `mov ${local("allWindows")}, rcx`,
    // Columns that are read: one before the image at most, and one after it.
    `mov rdi, ${local("firstColumn")}`,
    "xor edx, edx",
    "mov rsi, 1",
    "xor r8d, r8d",
    "sub rdi, 1",
    "cmovs rdi, r8",
    "cmovs rdx, rsi",
    `mov ${local("leading")}, rdx`,
    `mov rax, ${local("windows")}`,
    "shl rax, 2",
    `mov rcx, ${local("firstColumn")}`,
    "lea rcx, [rcx+rax+1]",
    `mov rsi, ${argument("width")}`,
    "cmp rcx, rsi",
    "cmovg rcx, rsi",
    "sub rcx, rdi",
    `mov ${local("middle")}, rcx`,
    "add rax, 2",
    "sub rax, rdx",
    "sub rax, rcx",
    `mov ${local("trailing")}, rax`,
  );
}

/** Runs `body` on each of the strip's rows, in image `image`, `imageRow`. */
export function forEachRow(
  { assembly }: Emitter,
  body: () => void,
): void {
  const again = assembly.label("row");
  assembly.emit(
    "xor eax, eax",
    `mov ${local("row")}, rax`,
    `${again}:`,
    `add rax, ${local("firstRow")}`,
    "xor edx, edx",
    `div qword ptr ${argument("windowRows")}`,
    `mov ${local("image")}, rax`,
    `mov ${local("imageRow")}, rdx`,
  );
  body();
  assembly.emit(
    `mov rax, ${local("row")}`,
    "add rax, 1",
    `mov ${local("row")}, rax`,
    `cmp rax, ${local("rows")}`,
    `jl ${again}`,
  );
}

/** A tensor of the arguments. */
export type Tensor = "source" | "target";

/** Runs `body` on each block of a tensor's channels, which `channel` counts. */
export function forEachBlock(
  { assembly }: Emitter,
  tensor: Tensor,
  body: () => void,
): void {
  const again = assembly.label("block");
  assembly.emit("xor eax, eax", `mov ${local("channel")}, rax`, `${again}:`);
  body();
  assembly.emit(
    `mov rax, ${local("channel")}`,
    "add rax, 1",
    `mov ${local("channel")}, rax`,
    `cmp rax, ${argument(`${tensor}Blocks`)}`,
    `jl ${again}`,
  );
}

/**
 * rax = where a block of channels of a row of windows begins: of the block
 * that rcx counts, and of pixel column rdi. Changes rcx, rdx and rdi.
 *
 * @param at Where the tensor's place and steps are.
 */
export function addressOf(
  { assembly }: Emitter,
  at: (step: typeof steps[number]) => string,
): void {
  assembly.emit(
    `mov rax, ${local("image")}`,
    `imul rax, ${at("Image")}`,
    `add rax, ${at("")}`,
    "mov rdx, rcx",
    "and rdx, 1",
    "shr rcx, 1",
    `imul rcx, ${at("Pair")}`,
    `imul rdx, ${at("Odd")}`,
    "add rax, rcx",
    "add rax, rdx",
    `imul rdi, ${at("Column")}`,
    "add rax, rdi",
  );
}

/** Bytes of the rows that {@linkcode readWindows} keeps in between. */
export function rowsBytes(vectors: Vectors): number {
  return 6 * columnBytes(vectors);
}

/** Bytes of one of them. */
export function columnBytes({ bytes }: Vectors): number {
  return (4 * stripWindows + 2) * bytes;
}

/** Bytes of one block of channels of a strip, turned into products. */
export function blockBytes({ bytes }: Vectors): number {
  return products * stripWindows * bytes;
}

/** r13 = the first pixel of the block of the target, in this row. */
export function addressOfTarget(emitter: Emitter): void {
  const { assembly } = emitter;
  assembly.emit(
    `mov rdi, ${local("firstColumn")}`,
    `mov rcx, ${local("channel")}`,
  );
  addressOf(emitter, (step) => argument(`target${step}`));
  assembly.emit(
    `mov rcx, ${local("imageRow")}`,
    "shl rcx, 2",
    `imul rcx, ${argument("targetRow")}`,
    "lea r13, [rax+rcx]",
  );
}
