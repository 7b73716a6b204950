import type { JSX } from "preact";
import type { ShownRow } from "../jobs/train_messages.ts";

/** What the curves show. */
export interface LearningCurvesProps {
  /** What each epoch measured. */
  readonly rows: readonly ShownRow[];
  /** The epoch under way, so far. */
  readonly now: { readonly done: number; readonly loss: number } | null;
  /** The epochs to be made. */
  readonly epochs: number;
  /** Whether images are held out; else those to train on are scored. */
  readonly isHeldOut: boolean;
}

type Point = readonly [epoch: number, value: number];

/** Loss, validation loss and F1 by epoch. */
export function LearningCurves(
  { rows, now, epochs, isHeldOut }: LearningCurvesProps,
): JSX.Element {
  const loss: Point[] = rows.flatMap(({ epoch, loss }): Point[] =>
    loss === null ? [] : [[epoch, loss]]
  );
  if (now) loss.push([now.done, now.loss]);
  const validation: Point[] = rows.map((row) => [
    row.epoch,
    row.validationLoss,
  ]);
  const f1: Point[] = rows.map((row) => [row.epoch, row.f1]);
  const where = isHeldOut ? "validation" : "training images";
  const highest = Math.max(...[...loss, ...validation].map(([, y]) => y));
  return (
    <div class="curves">
      <Chart
        title="Loss"
        most={highest}
        epochs={epochs}
        curves={[
          { words: "training", kind: "first", points: loss },
          { words: where, kind: "second", points: validation },
        ]}
      />
      <Chart
        title="F1"
        most={1}
        epochs={epochs}
        curves={[{ words: where, kind: "second", points: f1 }]}
      />
    </div>
  );
}

interface Curve {
  readonly words: string;
  readonly kind: "first" | "second";
  readonly points: readonly Point[];
}

interface ChartProps {
  readonly title: string;
  /** The value at the top; 0 is at the bottom. */
  readonly most: number;
  readonly epochs: number;
  readonly curves: readonly Curve[];
}

const width = 260, height = 78, left = 34, top = 8, bottom = 16;

/** One chart, with its last values in words. */
function Chart({ title, most, epochs, curves }: ChartProps): JSX.Element {
  const scale = most > 0 ? most : 1;
  const place = ([epoch, value]: Point): string =>
    `${(left + epoch / epochs * (width - left - 6)).toFixed(1)},${
      (height - bottom - value / scale * (height - top - bottom)).toFixed(1)
    }`;
  const shown = curves.filter(({ points }) => points.length > 0);
  const last = shown.map(({ words, points }) =>
    `${words} ${points.at(-1)![1].toFixed(3)}`
  );
  return (
    <figure>
      <figcaption>
        {title}
        {shown.map(({ words, kind }, at) => (
          <span key={words} class={`curve ${kind}`}>{last[at]}</span>
        ))}
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${title} by epoch: ${last.join(", ")}`}
      >
        <path
          class="axis"
          d={`M${left},${top} V${height - bottom} H${width - 6}`}
        />
        <text x={left - 4} y={top + 6} text-anchor="end">
          {scale.toPrecision(2)}
        </text>
        <text x={left - 4} y={height - bottom} text-anchor="end">0</text>
        <text x={width - 6} y={height - 3} text-anchor="end">
          epoch {epochs}
        </text>
        {shown.map(({ kind, points }) => (
          <g key={kind}>
            <polyline class={kind} points={points.map(place).join(" ")} />
            {points.length < 30 && points.map((point) => {
              const [x, y] = place(point).split(",");
              return (
                <circle key={point[0]} class={kind} cx={x} cy={y} r={2.2} />
              );
            })}
          </g>
        ))}
      </svg>
    </figure>
  );
}
