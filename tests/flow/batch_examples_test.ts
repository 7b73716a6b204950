import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { parseShard } from "@unet/infer/batch";
import { parse } from "yaml";

const text = await Deno.readTextFile(
  new URL("../../docs/batch.md", import.meta.url),
);
const onUnix = { ignore: Deno.build.os === "windows" };

/** The code blocks of a language. */
function blocksOf(language: string): string[] {
  const blocks = text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].flatMap(([, name, code = ""]) =>
    name === language ? [code] : []
  );
}

/** What a shell script hands to `deno`, which is a stub here. */
async function argumentsOf(
  script: string,
  env: Record<string, string>,
): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(
    join(folder, "deno"),
    '#!/bin/sh\nprintf "%s\\n" "$@"\n',
  );
  await Deno.chmod(join(folder, "deno"), 0o755);
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-euc", script],
    env: { PATH: `${folder}:${Deno.env.get("PATH")}`, ...env },
  }).output();
  await Deno.remove(folder, { recursive: true });
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stderr));
  return decoder.decode(stdout).trimEnd().split("\n");
}

/** The shard that a command line asks for, and its pattern. */
function requestOf(args: readonly string[]) {
  assertEquals(args.slice(0, 3), ["task", "-q", "segment"]);
  return {
    ...parseShard(args[args.indexOf("--shard") + 1]!),
    pattern: args[3],
  };
}

for (const block of blocksOf("sh")) {
  const [line = ""] = block.split("\n");
  Deno.test(
    `docs/batch.md: bash takes the block "${line}"`,
    onUnix,
    async () => {
      const { code, stderr } = await new Deno.Command("bash", {
        args: ["-n", "-c", block],
      }).output();
      assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    },
  );
}

Deno.test(
  "docs/batch.md: each task of the SLURM array does its shard",
  onUnix,
  async () => {
    const [script = ""] = blocksOf("sh").filter((block) =>
      block.startsWith("#!/bin/bash\n#SBATCH")
    );
    const [, first, last] = /^#SBATCH --array=(\d+)-(\d+)$/m.exec(script)!;
    const tasks = Number(last) - Number(first) + 1;
    for (let task = Number(first); task <= Number(last); task++) {
      const args = await argumentsOf(script, {
        SLURM_SUBMIT_DIR: ".",
        SLURM_ARRAY_TASK_ID: String(task),
      });
      assertEquals(requestOf(args), {
        ...{ index: task, count: tasks, pattern: "plates/**/*.tif" },
      });
    }
  },
);

Deno.test(
  "docs/batch.md: an array that counts from 0 does every shard, too",
  onUnix,
  async () => {
    const [, flag] = /`(--shard "\$\(\([^`]+)`/.exec(text)!;
    const shards = [];
    for (let task = 0; task < 8; task++) {
      const [, shard = ""] = await argumentsOf(`deno ${flag}`, {
        SLURM_ARRAY_TASK_ID: String(task),
      });
      shards.push(parseShard(shard).index);
    }
    assertEquals(shards, [1, 2, 3, 4, 5, 6, 7, 8]);
  },
);

Deno.test(
  "docs/batch.md: each pod of the Kubernetes job does its shard",
  onUnix,
  async () => {
    const [block = ""] = blocksOf("yaml");
    const { apiVersion, kind, spec } = parse(block);
    assertEquals([apiVersion, kind], ["batch/v1", "Job"]);
    assertEquals(spec.completionMode, "Indexed");
    // A rule that fails an index needs both of these.
    assert(spec.backoffLimitPerIndex > 0);
    assertEquals(spec.template.spec.restartPolicy, "Never");
    const [container] = spec.template.spec.containers;
    const [rule] = spec.podFailurePolicy.rules;
    assertEquals(rule.onExitCodes.containerName, container.name);
    assertEquals(container.command, ["sh", "-c"]);
    for (let pod = 0; pod < spec.completions; pod++) {
      const args = await argumentsOf(container.args[0], {
        JOB_COMPLETION_INDEX: String(pod),
      });
      assertEquals(requestOf(args), {
        ...{ index: pod + 1, count: spec.completions },
        pattern: "/data/plates/**/*.tif",
      });
    }
    const volumes = spec.template.spec.volumes.map(
      ({ name }: { name: string }) => name,
    );
    for (const { name } of container.volumeMounts) {
      assert(volumes.includes(name));
    }
  },
);
