import { sparklinePoints, type Tone } from './sparkline';
import styles from './Sparkline.module.css';

interface SparklineProps {
  /** Oldest first. */
  values: readonly number[];
  /** What the lower and the upper edge stand for; without it, the lowest and the highest of the values. */
  range?: readonly [number, number];
  /** Gives the line its colour. */
  tone?: Tone;
  className?: string | undefined;
}

const WIDTH = 96;
const HEIGHT = 24;
const ROOM = 3;

/** A small line of values, for the eye alone: say in words what it shows. */
export function Sparkline({ values, range, tone = 'neutral', className = '' }: SparklineProps) {
  const drawn = values.length === 1 ? [...values, ...values] : values;
  const points = sparklinePoints(drawn, WIDTH, HEIGHT, range);
  const [x, y] = points.split(' ').at(-1)?.split(',') ?? [];
  return (
    <svg
      className={[styles.sparkline, styles[tone], className].join(' ')}
      viewBox={`${-ROOM} ${-ROOM} ${WIDTH + 2 * ROOM} ${HEIGHT + 2 * ROOM}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polyline points={points} vectorEffect="non-scaling-stroke" />
      {values.length > 1 && <path d={`M${x ?? 0},${y ?? 0}h0`} vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}
