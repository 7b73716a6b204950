import { describeSystemFault } from "@unet/files";

/** What opens an address in a person's browser. */
const openers: Readonly<Record<string, readonly string[]>> = {
  windows: ["rundll32", "url.dll,FileProtocolHandler"],
  darwin: ["open"],
};

/**
 * Opens an address in the person's browser.
 *
 * @param url The address.
 * @returns Null, or a sentence where no browser can be opened.
 */
export async function openInBrowser(url: string): Promise<string | null> {
  const [program = "", ...args] = openers[Deno.build.os] ?? ["xdg-open"];
  try {
    const { success } = await new Deno.Command(program, {
      args: [...args, url],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success ? null : sentence(`${program} without success`);
  } catch (cause) {
    return sentence(`${program}: ${describeSystemFault(cause)}`);
  }
}

function sentence(found: string): string {
  return `Open the address in a browser yourself (found ${found})`;
}
