import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { app } from "@unet/unet";

const root = fromFileUrl(new URL("../../", import.meta.url));
const folder = join(root, "docs/notebooks");

/** A cell of a notebook, as Jupyter stores it. */
interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly source: string | readonly string[];
  readonly execution_count?: number | null;
  readonly outputs?: readonly {
    readonly output_type: string;
    readonly data?: Readonly<Record<string, unknown>>;
  }[];
}

/** A notebook. */
interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: { readonly kernelspec: { readonly name: string } };
}

const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
  .filter((name) => name.endsWith(".ipynb")).sort();

const textOf = ({ source }: Cell): string =>
  typeof source === "string" ? source : source.join("");

function codeOf(text: string): readonly Cell[] {
  const { cells } = JSON.parse(text) as Notebook;
  return cells.filter(({ cell_type }) => cell_type === "code");
}

/** Whether a cell shows something. */
function isShowing(code: string): boolean {
  return /\b(app\.show\w+|Deno\.jupyter|console\.log)\b/.test(code);
}

for (const name of names) {
  const text = await Deno.readTextFile(join(folder, name));

  Deno.test(`${name} is stored as one run from top to bottom, small and without paths`, () => {
    const { metadata } = JSON.parse(text) as Notebook, code = codeOf(text);
    assertEquals(metadata.kernelspec.name, "deno");
    assertEquals(
      code.map(({ execution_count }) => execution_count),
      code.map((_, at) => at + 1),
    );
    for (const cell of code) {
      const kinds = cell.outputs!.map(({ output_type }) => output_type);
      assertEquals(kinds.includes("error"), false);
      assert(kinds.length > 0 || !isShowing(textOf(cell)), textOf(cell));
    }
    assert(text.length < 500_000, `${text.length} bytes`);
    const pictures = code.flatMap(({ outputs }) =>
      outputs!.flatMap(({ data = {} }) => Object.keys(data))
    );
    assert(pictures.length > 0);
    assertEquals(/\/(root|home|Users|tmp|work)\//.exec(text), null);
  });
}

Deno.test("what cells import is there, and so are functions of app", async () => {
  let found = 0;
  for (const name of names) {
    const code = codeOf(await Deno.readTextFile(join(folder, name)))
      .map(textOf).join("\n");
    const imports = code.matchAll(/import (?!type)\{([^}]+)\} from "([^"]+)"/g);
    for (const [, list = "", from = ""] of imports) {
      const module = await import(from) as Record<string, unknown>;
      for (const one of list.split(",").map((one) => one.trim())) {
        if (one === "" || one.startsWith("type ")) continue;
        assert(one in module, `${name}: ${one} of ${from}`);
        found++;
      }
    }
    for (const [, one = ""] of code.matchAll(/\bapp\.(\w+)\(/g)) {
      assert(one in app, `${name}: app.${one}`);
      found++;
    }
  }
  assert(found > 10, `${found}`);
});

/** The `jupyter` of `UNET_JUPYTER` or the PATH, or why it cannot run. */
async function findJupyter(): Promise<
  { readonly program: string } | { readonly absent: string }
> {
  const program = Deno.env.get("UNET_JUPYTER") || "jupyter";
  try {
    const { success } = await new Deno.Command(program, {
      ...{ args: ["nbconvert", "--version"], stdout: "null", stderr: "null" },
    }).output();
    return success ? { program } : { absent: `${program} has no nbconvert` };
  } catch {
    return { absent: `there is no ${program}` };
  }
}

const jupyter = await findJupyter();
const skipped = "absent" in jupyter ? ` (skipped: ${jupyter.absent})` : "";

Deno.test(`data.ipynb runs in Jupyter with this Deno${skipped}`, {
  ignore: "absent" in jupyter,
}, async () => {
  if ("absent" in jupyter) return;
  const place = await Deno.makeTempDir(), kernel = join(place, "kernels/deno");
  await Deno.mkdir(kernel, { recursive: true });
  await Deno.writeTextFile(
    join(kernel, "kernel.json"),
    JSON.stringify({
      argv: [Deno.execPath(), "jupyter", "--kernel", "--conn"]
        .concat("{connection_file}"),
      display_name: "Deno",
      language: "typescript",
    }),
  );
  const { code, stdout, stderr } = await new Deno.Command(jupyter.program, {
    args: [
      ...["nbconvert", "--to", "notebook", "--execute", "--stdout"],
      ...["--ExecutePreprocessor.iopub_timeout=120", "data.ipynb"],
    ],
    cwd: folder,
    env: { JUPYTER_PATH: place, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const outputs = codeOf(new TextDecoder().decode(stdout))
    .flatMap(({ outputs }) => outputs!);
  const isPicture = ({ data = {} }: (typeof outputs)[number]): boolean =>
    Object.hasOwn(data, "image/png");
  assertEquals(outputs.filter(isPicture).length, 4);
  await Deno.remove(place, { recursive: true });
});
