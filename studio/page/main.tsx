import { type JSX, render } from "preact";
import { FolderPanel } from "./folder_panel.tsx";
import { counts, fault, folder, loadFolder, orShowFault } from "./store.ts";
import { count } from "./words.ts";

function Page(): JSX.Element {
  return (
    <>
      <header>
        <h1>{folder.value?.name ?? "Studio"}</h1>
        <span class="number">{count(counts.value.all, "image")}</span>
        <span class="space" />
        <button type="button" onClick={() => orShowFault(loadFolder())}>
          Reload
        </button>
      </header>
      {fault.value !== null && <Fault message={fault.value} />}
      <FolderPanel />
    </>
  );
}

function Fault({ message }: { readonly message: string }): JSX.Element {
  return (
    <div class="fault" role="alert">
      <span>{message}</span>
      <button type="button" onClick={() => fault.value = null}>Close</button>
    </div>
  );
}

render(<Page />, document.getElementById("studio")!);
orShowFault(loadFolder());
