import { firstPosition, nameOf, type Scenario } from "./scenarios.ts";
import { longestOf, Search, stepOf, type SearchOptions } from "./search.ts";
import type { KeyRules } from "./rules.ts";

export interface Failure {
  stolen: string;
  lost: string;
  how: string;
}

/** What was found of scenarios that are alike. Times in seconds. */
export interface Finding {
  name: string;
  scenarios: number;
  failures: Failure[];
  /** Least time in which all is well again in every scenario that does not fail. */
  within: number;
  positions: number;
}

export type Terms = Omit<SearchOptions, "within"> & {
  /** A time to begin with: less is not tried. */
  least?: number;
  /** All thieves show themselves in the same second. */
  shown?: boolean;
};

/** Plays each scenario: which fail, and in what time the others end. */
export function prove(rules: KeyRules, name: string, scenarios: readonly Scenario[], terms: Terms): Finding {
  const { least = 0, shown = false, ...options } = terms;
  const step = stepOf(rules, options.late);
  const longest = Math.ceil(longestOf(rules, options.late) / step);
  const searches = new Map<number, Search>();
  const failureIn = (steps: number, scenario: Scenario): string | undefined => {
    const search = searches.get(steps) ?? new Search(rules, { ...options, within: steps * step });
    searches.set(steps, search);
    return search.failureOf(firstPosition(rules, scenario, shown));
  };

  let steps = Math.ceil(least / step);
  const failures: Failure[] = [];
  for (const scenario of scenarios) {
    if (failureIn(steps, scenario) === undefined) continue;
    const how = failureIn(longest, scenario);
    if (how !== undefined) {
      failures.push({ stolen: nameOf(rules, scenario.stolen), lost: nameOf(rules, scenario.lost), how });
      continue;
    }
    let [fails, holds] = [steps, longest];
    while (holds - fails > 1) {
      const middle = Math.floor((fails + holds) / 2);
      if (failureIn(middle, scenario) === undefined) holds = middle;
      else fails = middle;
    }
    steps = holds;
  }
  const positions = searches.get(steps)?.positions ?? 0;
  return { name, scenarios: scenarios.length, failures, within: steps * step, positions };
}
