export type Tone = 'up' | 'down' | 'neutral';

/** Which way the last step of `values` went. */
export function toneOf(values: readonly number[]): Tone {
  const [before, now] = values.slice(-2);
  if (before === undefined || now === undefined || before === now) return 'neutral';
  return now > before ? 'up' : 'down';
}

/** The points of a line through `values`, evenly spread over a box of `width` by `height`, as SVG's `points`; the highest of `range` is on top. */
export function sparklinePoints(
  values: readonly number[],
  width: number,
  height: number,
  range: readonly [number, number] = [Math.min(...values), Math.max(...values)],
): string {
  const [low, high] = range;
  const span = high - low;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values
    .map((value, index) => {
      const y = span === 0 ? height / 2 : height - ((value - low) / span) * height;
      return `${round(index * step)},${round(y)}`;
    })
    .join(' ');
}

const round = (value: number): number => Math.round(value * 100) / 100;
