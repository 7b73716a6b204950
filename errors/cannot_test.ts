import { assertEquals } from "@std/assert";
import { cannot, onOneLine } from "./cannot.ts";

Deno.test("cannot() names action, thing, what was found, what was expected and the remedy", () => {
  assertEquals(
    cannot("load", "weights", "last/model.safetensors", {
      found: "64 channels",
      expected: "32",
      remedy: "use --width 1",
    }),
    'Cannot load weights "last/model.safetensors": found 64 channels, expected 32; use --width 1',
  );
});

Deno.test("cannot() leaves out what is not known", () => {
  assertEquals(
    cannot("read", "image", "a.png", { found: "a folder" }),
    'Cannot read image "a.png": found a folder',
  );
  assertEquals(
    cannot("read", "image", "a.png", { found: "text", expected: "PNG" }),
    'Cannot read image "a.png": found text, expected PNG',
  );
  assertEquals(
    cannot("open", "device", "gpu", { found: "none", remedy: "use wasm" }),
    'Cannot open device "gpu": found none; use wasm',
  );
  assertEquals(
    cannot("run", "command", "segment", { expected: "--model NAME" }),
    'Cannot run command "segment": expected --model NAME',
  );
});

Deno.test("cannot() stays on one line when a name or finding holds line breaks", () => {
  assertEquals(
    cannot("read", "image", "a\nb\r\u2028.png", { found: "1\n2" }),
    'Cannot read image "a\\u000ab\\u000d\\u2028.png": found 1\\u000a2',
  );
});

Deno.test("cannot() hands no escape sequence to the terminal", () => {
  assertEquals(
    cannot("read", "image", "\x1b[2Ja\x9b.png", { found: "nothing" }),
    'Cannot read image "\\u001b[2Ja\\u009b.png": found nothing',
  );
});

Deno.test("cannot() hands on no mark that would show a name backwards", () => {
  assertEquals(
    cannot("read", "image", "a\u202egnp.exe\u2066", { found: "nothing" }),
    'Cannot read image "a\\u202egnp.exe\\u2066": found nothing',
  );
});

Deno.test("cannot() stays short whatever it is given", () => {
  const long = "x".repeat(1e7);
  const message = cannot("read", "file", long, {
    found: long,
    expected: long,
    remedy: long,
  });
  assertEquals(message.length < 33_000, true);
});

Deno.test("cannot() keeps other writing systems, quotes and backslashes", () => {
  assertEquals(
    cannot("read", "image", 'C:\\細胞 "é" 🔬.png', { found: "nothing" }),
    'Cannot read image "C:\\細胞 "é" 🔬.png": found nothing',
  );
});

Deno.test("onOneLine() spells out control characters and nothing else", () => {
  assertEquals(
    onOneLine("a\tb\r\nc\x7f\x1b[0m\u2029 細胞 é → ━ ×"),
    "a\\u0009b\\u000d\\u000ac\\u007f\\u001b[0m\\u2029 細胞 é → ━ ×",
  );
});
