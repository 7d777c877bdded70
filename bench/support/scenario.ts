import type { Figure } from '#bench/support/figures';
import type { LoadClient, Target } from '#bench/support/processes';

/** What every scenario gets. */
export interface Bench {
  /** Short, rough runs. */
  readonly quick: boolean;
  /** Pairs of floor and gateway for each figure. */
  readonly runs: number;
  readonly floor: Target;
  readonly load: LoadClient;
}

export type Scenario = (bench: Bench) => Promise<readonly Figure[]>;
