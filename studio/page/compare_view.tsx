import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type OpenSeadragon from "openseadragon";
import { ComparedLayer } from "./compare_layer.ts";
import {
  chooseSide,
  compare,
  compared,
  isComparing,
  sides,
} from "./compare_store.ts";
import { ImageLayer } from "./image_layer.ts";
import { LayerStack } from "./layer_stack.ts";
import {
  contrast,
  job,
  maskStyle,
  models,
  orShowFault,
  shown,
} from "./store.ts";
import { openViewer } from "./viewer.tsx";
import { modelWords } from "./words.ts";

/** Two models side by side on the image that is shown, with one view. */
export function CompareView(): JSX.Element | null {
  if (!isComparing.value) return null;
  const isRunning = job.value?.state === "running";
  return (
    <section class="compare" aria-label="Two models side by side">
      {sides.value === null
        ? <p class="hint">There is no model to compare.</p>
        : ([0, 1] as const).map((side) => <Side key={side} side={side} />)}
      {shown.value && compared.value.some((found) => found === null) && (
        <button
          type="button"
          class="primary"
          disabled={isRunning}
          onClick={() => orShowFault(compare())}
        >
          {isRunning ? "Predicting …" : "Compare on this image"}
        </button>
      )}
    </section>
  );
}

/** The viewers of both sides; the one that a person moves leads. */
const viewers: (OpenSeadragon.Viewer | null)[] = [null, null];
let leader: 0 | 1 = 0;

/** The other side shows the same part of the image. */
function follow(side: 0 | 1): void {
  const own = viewers[side], other = viewers[1 - side];
  if (side !== leader || !own || !other) return;
  other.viewport.zoomTo(own.viewport.getZoom(true), undefined, true);
  other.viewport.panTo(own.viewport.getCenter(true), true);
}

function Side({ side }: { readonly side: 0 | 1 }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const layers = useRef<LayerStack>(null);
  useEffect(() => {
    const own = openViewer(box.current!);
    viewers[side] = own;
    layers.current = new LayerStack(own);
    own.addHandler("update-viewport", () => follow(side));
    return () => {
      viewers[side] = null;
      own.destroy();
    };
  }, []);
  const image = shown.value, ranges = contrast.value;
  const style = maskStyle.value, found = compared.value[side] ?? null;
  const imageKey = image &&
    JSON.stringify([image.name, image.choice, image.versions.image]);
  useEffect(() => {
    layers.current!.set("image", image && new ImageLayer(image, ranges));
  }, [imageKey, ranges]);
  useEffect(() => {
    const isShown = image !== null && found !== null && style !== "none";
    layers.current!.set(
      "mask",
      isShown ? new ComparedLayer(image, found, style) : null,
    );
  }, [imageKey, found, style]);
  const lead = () => leader = side;
  return (
    <div class="side" onPointerEnter={lead} onFocusCapture={lead}>
      <label class="field">
        {side === 0 ? "Old model" : "New model"}
        <select
          value={sides.value![side]}
          onChange={({ currentTarget }) =>
            chooseSide(side, currentTarget.value)}
        >
          {models.value.map((name) => (
            <option key={name} value={name}>{modelWords(name)}</option>
          ))}
        </select>
      </label>
      <p class="note" role="status">{scoresOf(side)}</p>
      <div class="pane" ref={box} />
    </div>
  );
}

function scoresOf(side: 0 | 1): string {
  const found = compared.value[side];
  if (found === undefined) return "…";
  if (found === null) return "Not predicted yet.";
  const { scores, maskOf } = found;
  return scores === null
    ? "No scores: they need a mask that is accepted or corrected."
    : `F1 of objects ${scores.objectF1.toFixed(3)}, of pixels ` +
      `${scores.pixelF1.toFixed(3)}` +
      (maskOf === null
        ? ""
        : `. The mask is what ${maskOf} predicted, so these compare nothing: ` +
          "correct it first");
}
