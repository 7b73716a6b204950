import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { assertDone, createPlace, faultOf } from "./_unet.ts";

const ignore = Deno.build.target !== "x86_64-unknown-linux-gnu";

/** What pip puts into the folder that `--target` names, at full length. */
const package_ = `
mkdir -p "$target/tensorflow/python" "$target/tensorflow_cpu-2.21.0.dist-info"
truncate -s 788086608 "$target/tensorflow/libtensorflow_cc.so.2"
truncate -s 65222328 "$target/tensorflow/libtensorflow_framework.so.2"
touch "$target/tensorflow/python/tensor.py"
`;

/** A folder for the PATH with a python3 that does this when asked to install. */
function pathOf(folder: string, install: string): string {
  Deno.mkdirSync(folder, { recursive: true });
  Deno.writeTextFileSync(
    join(folder, "python3"),
    `#!/bin/sh
[ "$3" = --version ] && exit 0
[ "$1" = -c ] && exit 1
echo "$@" > ${folder}/asked
while [ "$1" != --target ]; do shift; done
target=$2
${install}
`,
    { mode: 0o755 },
  );
  return `${folder}:/usr/bin:/bin`;
}

Deno.test(
  "devices --install tensorflow keeps the library of pip's package, once",
  {
    ignore,
  },
  async () => {
    await using place = await createPlace();
    const env = { PATH: pathOf(place.at("bin"), package_) };
    const install = ["devices", "--install", "tensorflow"];
    const first = await place.unet(install, { env });
    assertDone(first);
    assertMatch(
      first.stdout,
      /^Getting TensorFlow 2\.21 \(274 MB\) into the cache\nInstalled TensorFlow 2\.21 in .*tensorflow-2\.21\.0, /,
    );
    const asked = await Deno.readTextFile(place.at("bin", "asked"));
    assertMatch(asked, /--no-deps --only-binary :all: .*--require-hashes/);
    const folder = place.at(".cache", "devices", "tensorflow-2.21.0");
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names.sort(), [
      "tensorflow",
      "tensorflow_cpu-2.21.0.dist-info",
    ]);
    assertEquals(
      [...Deno.readDirSync(join(folder, "tensorflow"))].map(({ name }) => name)
        .sort(),
      ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"],
    );

    await Deno.remove(place.at("bin", "asked"));
    const second = await place.unet(install, { env });
    assertDone(second);
    assertMatch(second.stdout, /^TensorFlow 2\.21 is installed already in /);

    const removal = ["devices", "--uninstall", "tensorflow"];
    assertDone(await place.unet(removal, { env }));
    const left = [...Deno.readDirSync(place.at(".cache", "devices"))]
      .filter(({ name }) => !name.endsWith(".lock"));
    assertEquals(left, []);
  },
);

Deno.test("devices --install tensorflow leaves nothing when pip fails", {
  ignore,
}, async () => {
  await using place = await createPlace();
  const failure = `${package_}
echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1`;
  const env = { PATH: pathOf(place.at("bin"), failure) };
  const fault = faultOf(
    await place.unet(["devices", "--install", "tensorflow"], { env }),
  );
  assert(
    fault.startsWith(
      'Cannot install device "tensorflow": found a package with another checksum',
    ),
    fault,
  );
  const left = [...Deno.readDirSync(place.at(".cache", "devices"))]
    .filter(({ name }) => !name.endsWith(".lock"));
  assertEquals(left, []);
});
