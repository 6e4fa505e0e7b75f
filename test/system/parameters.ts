import { officersFor } from "../../src/deployment/local.ts";
import { readParameters, type RuleParameters } from "../../src/deployment/parameters.ts";
import { signersOf } from "../../src/operation/play/approve.ts";
import type { ActName } from "../../src/orders/index.ts";

/** The law under which all tests play that name no other. */
export const PARAMETERS = readParameters("kazakhstan");
export const OFFICERS = officersFor(PARAMETERS);
/** All keys derive from this. */
export const SEED = "test";

/** Names for the compiler: what they stand for comes from the parameters. */
export type AgencyName = "FMA" | "KNB" | "GPO" | "COURT" | "NBK" | "MOF" | "AFSA" | "AUDIT";
/** The n-th officer of an agency, e.g. "FMA-1". */
export type OfficerName = `${AgencyName}-${number}`;

/** Agencies by name, as they are known on chain. */
export const AGENCY = Object.fromEntries(PARAMETERS.agencies.map((name, i) => [name, i])) as Record<AgencyName, number>;

export const DAY = 86_400n;
export const YEAR = 365n * DAY;

/** Of each act, by its first alternative. */
function ofActs<T>(of: (rule: RuleParameters, act: ActName) => T): Record<ActName, T> {
  const rules = Object.entries(PARAMETERS.rules) as [ActName, RuleParameters[]][];
  return Object.fromEntries(rules.map(([act, [rule]]) => [act, of(rule!, act)])) as Record<ActName, T>;
}

/** Who decides where a test names nobody; nobody of the agency that the order is about. */
export const DECIDERS = ofActs(({ officers: { SELF: _, ...officers } }, act) => {
  const rules = { [act]: [{ officers }] } as unknown as typeof PARAMETERS.rules;
  return signersOf(act, { ...PARAMETERS, rules }, OFFICERS).signers.map(({ name }) => name as OfficerName);
});

/** Seconds from the decision to the first second of the execution, and from there to its last. */
export const DELAY = ofActs(({ delay }) => BigInt(delay));
export const GRACE = ofActs(({ grace }) => BigInt(grace));
/** Longest terms in seconds. */
export const TERM = ofActs(({ term }) => BigInt(term));
export const LONGEST_ARREST = BigInt(PARAMETERS.numbers.longestArrest);
export const COOLING = BigInt(PARAMETERS.numbers.cooling);

/** What no parameters choose: contracts/libraries/Terms.sol. */
export const APPEAL_TERM = 15n * DAY;
export const LICENCE_DELAY = 7n * DAY;
export const LONGEST_DISMISS_SIGN_BY = 7n * DAY;
