import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { entryPoints, packages, runDeno } from "./workspace.ts";

for (const member of packages) {
  for (const [name, file] of entryPoints(member)) {
    const entry = member.config.name + name.slice(1);

    Deno.test(`importing ${entry} asks for no permission and prints nothing`, async () => {
      const folder = await Deno.makeTempDir();
      // Deno notes here every permission that is asked for, caught or not.
      const audit = join(folder, "audit.jsonl");
      const { success, output } = await runDeno(
        ["run", "--no-prompt", "--no-check", join(member.folder, file)],
        { env: { DENO_AUDIT_PERMISSIONS: audit } },
      );
      const asked = await Deno.readTextFile(audit).catch(() => "");
      await Deno.remove(folder, { recursive: true });
      assertEquals(asked, "");
      assertEquals(output, "");
      assert(success);
    });
  }
}

Deno.test("the audit of permissions notes what a program asks for and catches", async () => {
  const folder = await Deno.makeTempDir();
  const program = join(folder, "asks.ts"), audit = join(folder, "audit.jsonl");
  await Deno.writeTextFile(
    program,
    'try { Deno.env.get("HOME"); } catch { /* caught */ }',
  );
  await runDeno(["run", "--no-prompt", "--no-config", program], {
    env: { DENO_AUDIT_PERMISSIONS: audit },
  });
  const noted = await Deno.readTextFile(audit);
  await Deno.remove(folder, { recursive: true });
  assertEquals(JSON.parse(noted).permission, "env");
});
