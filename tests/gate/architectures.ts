/** Comparisons of architectures and of numbers of outputs, as a lint rule. */
import { networkNames } from "@unet/model";

/** Methods that ask whether a text is, or is part of, another. */
const askingMethods = new Set([
  ...["includes", "startsWith", "endsWith", "indexOf", "match"],
]);

const comparisons = new Set(["===", "!==", "==", "!=", "<", ">", "<=", ">="]);

/** A word that is the name of a network, or begins several: "resnet", "vgg". */
function namesNetwork(word: unknown): boolean {
  return typeof word === "string" && word.length > 2 &&
    networkNames.some((name) => name === word || isStemOf(word, name));
}

function isStemOf(word: string, name: string): boolean {
  return name.startsWith(word) && /^[\d_]/.test(name.slice(word.length));
}

/** Whether an expression is a number of outputs, or of channels of heads. */
function countsOutputs(node: Deno.lint.Node): boolean {
  if (node.type === "CallExpression") {
    return node.callee.type === "Identifier" &&
      node.callee.name === "channelsOfHeads";
  }
  if (node.type === "Identifier") return node.name === "outputs";
  if (node.type !== "MemberExpression") return false;
  const { object, property } = node;
  const name = property.type === "Identifier" ? property.name : "";
  if (name === "outputs") return true;
  return name === "length" && isCalled(object, /^heads$/) ||
    name === "channels" && isCalled(object, /^heads?$/);
}

/** Whether a value has such a name: `heads`, `task.heads`, `heads[0]`. */
function isCalled(node: Deno.lint.Node, name: RegExp): boolean {
  if (node.type === "Identifier") return name.test(node.name);
  if (node.type === "TSNonNullExpression") {
    return isCalled(node.expression, name);
  }
  if (node.type !== "MemberExpression") return false;
  return node.computed
    ? isCalled(node.object, name)
    : isCalled(node.property, name);
}

const isNumber = (node: Deno.lint.Node): boolean =>
  node.type === "Literal" && typeof node.value === "number";

const isName = (node: Deno.lint.Node): boolean =>
  node.type === "Literal" && namesNetwork(node.value);

/** Reports each such comparison. */
const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    architectures: {
      create(context) {
        const report = (node: Deno.lint.Node): void =>
          context.report({ node, message: context.sourceCode.getText(node) });
        return {
          BinaryExpression(node) {
            if (!comparisons.has(node.operator)) return;
            const sides = [node.left, node.right] as Deno.lint.Node[];
            const isCount = sides.some(countsOutputs) && sides.some(isNumber);
            if (isCount || sides.some(isName)) report(node);
          },
          SwitchCase(node) {
            if (node.test && isName(node.test)) report(node.test);
          },
          CallExpression(node) {
            if (node.callee.type !== "MemberExpression") return;
            const { object, property } = node.callee;
            const isAsking = property.type === "Identifier" &&
              askingMethods.has(property.name);
            const isList = object.type === "ArrayExpression" &&
              object.elements.some((each) => isName(each as Deno.lint.Node));
            if (isAsking && (node.arguments.some(isName) || isList)) {
              report(node);
            }
          },
        };
      },
    },
  },
};

/**
 * The comparisons of a source with the name of a network, or of a number of
 * outputs with a number.
 *
 * @param source The text of a TypeScript file.
 * @param name The name of the file, whose ending says whether there is JSX.
 * @returns The expressions.
 */
export function architecturesAskedFor(
  source: string,
  name = "file.ts",
): string[] {
  return Deno.lint.runPlugin(plugin, name, source)
    .map(({ message }) => message);
}
