import { assertEquals, assertThrows } from "@std/assert";
import { refuseForeign } from "./refuse_foreign.ts";
import { RequestError } from "./request_error.ts";

const hosts = ["127.0.0.1:8000", "localhost:8000"];
const place = { hosts, expected: "this machine's own" };

function refuse(headers: Record<string, string>): void {
  refuseForeign(new Request("http://127.0.0.1:8000", { headers }), place);
}

Deno.test("refuseForeign() lets programs and the server's own pages in", () => {
  refuse({ host: "127.0.0.1:8000" });
  refuse({ host: "localhost:8000", origin: "http://localhost:8000" });
  refuse({ host: "localhost:8000", "sec-fetch-site": "same-origin" });
});

Deno.test("refuseForeign() refuses another host, origin or site with status 403", () => {
  const own = "127.0.0.1:8000";
  const strangers: Record<string, string>[] = [
    {},
    { host: "evil.example" },
    { host: "127.0.0.1" },
    { host: own, origin: "null" },
    { host: own, origin: "http://evil.example" },
    { host: own, origin: "http://localhost:8000" },
    { host: own, origin: `https://${own}` },
    { host: own, "sec-fetch-site": "cross-site" },
    { host: own, "sec-fetch-site": "same-site" },
  ];
  for (const headers of strangers) {
    const error = assertThrows(() => refuse(headers), RequestError);
    assertEquals(error.status, 403, JSON.stringify(headers));
  }
});
