/** How large the functions of a source are. */

/** One function. */
export interface FunctionSize {
  /** Its name, or that of what it is given to. */
  readonly name: string;
  /** Lines from its first to its last. */
  readonly lines: number;
  /** Positional parameters. */
  readonly parameters: number;
}

type FunctionNode =
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression
  | Deno.lint.ArrowFunctionExpression;

/** Reports the size of each function. */
const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    functions: {
      create(context) {
        const measure = (node: FunctionNode): void => {
          const size: FunctionSize = {
            name: nameOf(node),
            lines: context.sourceCode.getText(node).split("\n").length,
            parameters: node.params.length,
          };
          context.report({ node, message: JSON.stringify(size) });
        };
        return {
          FunctionDeclaration: measure,
          FunctionExpression: measure,
          ArrowFunctionExpression: measure,
        };
      },
    },
  },
};

function nameOf(node: FunctionNode): string {
  // Nodes answer for what they lack too, so each is asked for all of it.
  type Named = { readonly name?: string } | null | undefined;
  type Names = Readonly<Partial<Record<"id" | "key" | "callee", Named>>>;
  const own = node as unknown as Names,
    parent = node.parent as unknown as Names;
  return [own.id, parent.id, parent.key, parent.callee]
    .find((each) => each?.name !== undefined)?.name ?? "a function";
}

/**
 * The sizes of all functions and methods of a source.
 *
 * @param source The text of a TypeScript file.
 * @param name The name of the file, whose ending says whether there is JSX.
 */
export function functionSizes(
  source: string,
  name = "file.ts",
): FunctionSize[] {
  return Deno.lint.runPlugin(plugin, name, source)
    .map(({ message }) => JSON.parse(message));
}
