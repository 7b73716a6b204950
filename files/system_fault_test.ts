import { assertEquals, assertMatch } from "@std/assert";
import { describeSystemFault } from "./system_fault.ts";

/** What a call throws. */
function faultOf(call: () => unknown): unknown {
  try {
    call();
  } catch (cause) {
    return cause;
  }
  throw new Error("Expected the call to throw");
}

const folder = Deno.makeTempDirSync();
Deno.writeTextFileSync(`${folder}/file`, "");
const isLinux = Deno.build.os === "linux";

const faults: [words: string, call: () => unknown, onLinuxOnly?: boolean][] = [
  [
    "no such file or folder",
    () => Deno.readFileSync(`${folder}/none`),
  ],
  ["a folder", () => Deno.readFileSync(folder), true],
  ["a file as a folder", () => Deno.readFileSync(`${folder}/file/x`), true],
  ["a file of that name", () => Deno.mkdirSync(`${folder}/file`)],
  [
    '"File name too long"',
    () => Deno.readFileSync(`${folder}/${"x".repeat(300)}`),
    true,
  ],
];

for (const [words, call, onLinuxOnly = false] of faults) {
  Deno.test(`describeSystemFault() words the system's fault: ${words}`, {
    ignore: onLinuxOnly && !isLinux,
  }, () => assertEquals(describeSystemFault(faultOf(call)), words));
}

Deno.test(
  "describeSystemFault() distinguishes a permission of Deno from one of the system",
  {
    permissions: { read: false },
  },
  () => {
    assertMatch(
      describeSystemFault(faultOf(() => Deno.readFileSync("some/file"))),
      /^no permission of Deno \(Requires read access to .*\)$/,
    );
    assertEquals(
      describeSystemFault(new Deno.errors.PermissionDenied("x (os error 13)")),
      "no permission of the system",
    );
  },
);

Deno.test("describeSystemFault() names a full disk and a read-only file system", () => {
  assertEquals(
    describeSystemFault(
      new Error("No space left on device (os error 28): writefile 'a.png'"),
    ),
    "a full disk",
  );
  assertEquals(
    describeSystemFault(new Error("Read-only file system (os error 30)")),
    "a read-only file system",
  );
});

Deno.test("describeSystemFault() gives the first line of anything else", () => {
  assertEquals(describeSystemFault(new Error("one\ntwo")), "one");
  assertEquals(describeSystemFault("text"), "text");
});
