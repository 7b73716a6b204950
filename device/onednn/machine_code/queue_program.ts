import { Assembly } from "./assembly.ts";

/** Rounds that a thread waits awake, some 50 µs, before it sleeps. */
const patience = 2 ** 12;
/** Linux's system call, and what it is to do for threads of one process. */
const futex = { call: 202, wait: 128, wake: 129 };

/**
 * The program that runs a row of others, each of which begins when all threads
 * have ended the one before. It is given four numbers of 64 bits: 0, which
 * counts threads that ended a program; how many programs there are; where their
 * list lies; and how many threads run this. The list has two numbers for each
 * program: where it begins, and where its arguments lie.
 *
 * Threads of OpenMP fall asleep between two parallel regions, and it takes a
 * tenth of a millisecond to wake them: as long as a small layer takes. Here
 * they wait for one another alone, and sleep only where other programs keep one
 * of them from its core.
 */
export function queueProgram(): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  const saved = ["rbx", "rbp", "r12", "r13", "r14"];
  assembly.emit(
    ...saved.map((register) => `push ${register}`),
    "mov rbx, rdi",
    "mov rbp, [rbx+16]",
    // Programs that were run, and threads that have ended all of them.
    "xor r12d, r12d",
    "xor r13d, r13d",
    "next:",
    "mov rdi, [rbp+8]",
    "call [rbp]",
    "add rbp, 16",
    "add r12, 1",
    "cmp r12, [rbx+8]",
    "jge done",
    "add r13, [rbx+24]",
    "mov rax, 1",
    "lock xadd [rbx], rax",
    "add rax, 1",
    "cmp rax, r13",
    "jl early",
    // The last one wakes those that sleep, all at most.
    "mov rdi, rbx",
    `mov esi, ${futex.wake}`,
    "mov edx, 0x7fffffff",
    `mov eax, ${futex.call}`,
    "syscall",
    "jmp next",
    "early:",
    `mov r14, ${patience}`,
    "wait:",
    "mov rax, [rbx]",
    "cmp rax, r13",
    "jge next",
    "pause",
    "sub r14, 1",
    "jnz wait",
    // Sleeps unless the count has changed since.
    "mov rdi, rbx",
    `mov esi, ${futex.wait}`,
    "mov rdx, rax",
    "xor r10d, r10d",
    `mov eax, ${futex.call}`,
    "syscall",
    "mov r14, 1",
    "jmp wait",
    "done:",
    ...saved.toReversed().map((register) => `pop ${register}`),
    "ret",
  );
  return assembly.bytes();
}
