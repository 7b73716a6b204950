import { assertEquals, assertMatch } from "@std/assert";
import { describeLibraryFault } from "./describe_library_fault.ts";

/** What Deno 2.9 throws, with the causes given. */
function thrown(...causes: string[]): string {
  return [
    "Failed caching npm package '@zip.js/zip.js@2.24.0'",
    ...causes.map((cause, at) => `    ${at}: ${cause}`),
    "    at file:///unet/data/tiff/xml_elements.ts:1:29",
  ].join("\n");
}

const request = "error sending request for url (https://registry.example/a): ";

Deno.test("describeLibraryFault() names the cause that Deno found", () => {
  for (
    const [causes, words] of [
      [
        [
          request + "client error (Connect): dns error: failed to lookup",
          "client error (Connect)",
          "dns error",
        ],
        "it neither on this machine nor on the network; start once with a connection; later starts need none",
      ],
      [
        ["Bad response: 407\n       \n       sign in"],
        "the answer HTTP 407 of the package registry; check proxy and registry (HTTPS_PROXY, NPM_CONFIG_REGISTRY)",
      ],
      [
        ["Could not find npm package tarball at: https://registry.example/a"],
        "no such version in the package registry; check the registry (NPM_CONFIG_REGISTRY)",
      ],
      [
        [
          "Tarball checksum did not match what was provided by npm registry for a.",
        ],
        "a download with another checksum; check whether a proxy or a sign-in page answers in place of the package registry",
      ],
      [
        ["No space left on device (os error 28)"],
        "a full disk; free some space, or name another folder in DENO_DIR",
      ],
      [
        [request + "invalid peer certificate: UnknownIssuer"],
        "a certificate of the package registry that is not trusted (UnknownIssuer); if a proxy signs connections here, name its certificate in DENO_CERT, or set DENO_TLS_CA_STORE=system",
      ],
      [
        [request + "tcp connect error", "Connection refused (os error 111)"],
        "Connection refused (os error 111); start once with a connection; later starts need none",
      ],
    ] as const
  ) {
    assertEquals(
      describeLibraryFault(thrown(...causes)),
      `Cannot load library "@zip.js/zip.js@2.24.0": found ${words}`,
    );
  }
});

Deno.test("describeLibraryFault() leaves other faults alone", () => {
  assertEquals(
    describeLibraryFault("Cannot read properties of null"),
    undefined,
  );
  assertEquals(describeLibraryFault("Module not found"), undefined);
});

Deno.test("describeLibraryFault() reads what this version of Deno throws", async () => {
  const folder = await Deno.makeTempDir({ prefix: "unet-library-" });
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("closed", { status: 403 }),
  );
  const program = `${folder}/program.ts`;
  await Deno.writeTextFile(
    program,
    `try { await import(["npm:left", "pad@1.3.0"].join("-")); }
     catch (error) { console.log(error.message); }`,
  );
  const messageWith = async (registry: string) => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-config", "--no-lock", "-A", program],
      env: {
        ...{ DENO_DIR: `${folder}/cache`, NPM_CONFIG_REGISTRY: registry },
        ...{ NO_COLOR: "1", NO_PROXY: "127.0.0.1" },
      },
    }).output();
    return new TextDecoder().decode(stdout);
  };
  try {
    const url = `http://127.0.0.1:${server.addr.port}/`;
    assertMatch(
      describeLibraryFault(await messageWith(url)) ?? "",
      /^Cannot load library "left-pad": found the answer HTTP 403 of /,
    );
    await server.shutdown();
    assertMatch(
      describeLibraryFault(await messageWith(url)) ?? "",
      /^Cannot load library "left-pad": found .*refused/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
